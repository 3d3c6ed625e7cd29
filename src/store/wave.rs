//! Waves, and the moves from draft to published.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::{
    StoreError,
    entity::{ledger_head, wave},
    inconsistent,
};
use crate::domain::{
    channel::Channel,
    frame::Frame,
    id::{SurveyVersionId, WaveId},
    key::{SurveyKey, WaveKey, WaveName},
    moment::Moment,
    wave::{AccessRule, Closed, Draft, Open, Published, ResultsRule, Wave, WaveSpec, WaveState},
};

pub async fn find(db: &impl ConnectionTrait, key: &WaveKey) -> Result<Option<Wave>, StoreError> {
    wave::Entity::find()
        .filter(wave::Column::SurveyKey.eq(key.survey.as_str()))
        .filter(wave::Column::Name.eq(key.wave.as_str()))
        .one(db)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

pub async fn get(db: &impl ConnectionTrait, id: WaveId) -> Result<Wave, StoreError> {
    let row = wave::Entity::find_by_id(id.0)
        .one(db)
        .await?
        .ok_or_else(|| inconsistent("wave", "id", id))?;
    from_row(&row)
}

/// Every wave, in the order of their opening times.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Wave>, StoreError> {
    let rows = wave::Entity::find()
        .order_by_asc(wave::Column::OpensAt)
        .all(db)
        .await?;
    rows.iter().map(from_row).collect()
}

/// The waves of one survey, in the order of their opening times.
pub async fn of_survey(
    db: &impl ConnectionTrait,
    survey: &SurveyKey,
) -> Result<Vec<Wave>, StoreError> {
    let rows = wave::Entity::find()
        .filter(wave::Column::SurveyKey.eq(survey.as_str()))
        .order_by_asc(wave::Column::OpensAt)
        .all(db)
        .await?;
    rows.iter().map(from_row).collect()
}

/// Waits until no other writer works on this wave, and keeps them out until the transaction ends.
pub async fn lock(tx: &impl ConnectionTrait, id: WaveId) -> Result<(Wave, i64), StoreError> {
    let head = ledger_head::Entity::find_by_id(id.0)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or_else(|| inconsistent("ledger_head", "wave_id", id))?;
    Ok((get(tx, id).await?, head.last_seq))
}

pub async fn insert(
    tx: &impl ConnectionTrait,
    survey: &SurveyKey,
    version: SurveyVersionId,
    spec: &WaveSpec,
) -> Result<WaveId, StoreError> {
    let mut row = spec_columns(spec, version)?;
    row.survey_key = Set(survey.to_string());
    row.name = Set(spec.name.to_string());
    row.state = Set("draft".to_owned());
    let id = wave::Entity::insert(row).exec(tx).await?.last_insert_id;
    let head = ledger_head::ActiveModel {
        wave_id: Set(id),
        last_seq: Set(0),
    };
    ledger_head::Entity::insert(head)
        .exec_without_returning(tx)
        .await?;
    Ok(WaveId(id))
}

/// Replaces what the file says of a wave that is still a draft.
pub async fn replace_draft(
    tx: &impl ConnectionTrait,
    id: WaveId,
    version: SurveyVersionId,
    spec: &WaveSpec,
) -> Result<(), StoreError> {
    let mut row = spec_columns(spec, version)?;
    row.id = Set(id.0);
    wave::Entity::update(row).exec(tx).await?;
    Ok(())
}

pub async fn set_state(
    tx: &impl ConnectionTrait,
    id: WaveId,
    state: WaveState,
) -> Result<(), StoreError> {
    let mut row = wave::ActiveModel {
        id: Set(id.0),
        state: Set(state.name().to_owned()),
        ..Default::default()
    };
    match state {
        WaveState::Draft(_) => {}
        WaveState::Open(open) => {
            row.opened_at = Set(Some(open.opened_at.millis()));
            row.stopped_at = Set(open.stopped_at.map(Moment::millis));
        }
        WaveState::Closed(closed) => row.closed_at = Set(Some(closed.closed_at.millis())),
        WaveState::Published(published) => {
            row.published_at = Set(Some(published.published_at.millis()));
        }
    }
    wave::Entity::update(row).exec(tx).await?;
    Ok(())
}

/// Brings the closing time of an open wave forward to `closes`; never moves it back.
pub async fn close_earlier(
    tx: &impl ConnectionTrait,
    id: WaveId,
    closes: Moment,
) -> Result<(), StoreError> {
    wave::Entity::update_many()
        .col_expr(wave::Column::ClosesAt, Expr::value(closes.millis()))
        .filter(wave::Column::Id.eq(id.0))
        .filter(wave::Column::State.eq("open"))
        .filter(wave::Column::ClosesAt.gt(closes.millis()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Lets an open or a closed wave take answers until `closes`. The database refuses it without a
/// confirmed request for this time.
pub async fn go_on_until(
    tx: &impl ConnectionTrait,
    id: WaveId,
    open: Open,
    closes: Moment,
) -> Result<(), StoreError> {
    let row = wave::ActiveModel {
        id: Set(id.0),
        state: Set(WaveState::Open(open).name().to_owned()),
        closes_at: Set(closes.millis()),
        stopped_at: Set(open.stopped_at.map(Moment::millis)),
        closed_at: Set(None),
        ..Default::default()
    };
    wave::Entity::update(row).exec(tx).await?;
    Ok(())
}

/// Open waves whose closing time lies before `before`.
pub async fn open_past_closing(
    db: &impl ConnectionTrait,
    before: Moment,
) -> Result<Vec<Wave>, StoreError> {
    let rows = wave::Entity::find()
        .filter(wave::Column::State.eq("open"))
        .filter(wave::Column::ClosesAt.lt(before.millis()))
        .all(db)
        .await?;
    rows.iter().map(from_row).collect()
}

fn spec_columns(
    spec: &WaveSpec,
    version: SurveyVersionId,
) -> Result<wave::ActiveModel, StoreError> {
    let (kind, size) = match spec.frame {
        Frame::Census { size } => ("census", Some(size)),
        Frame::Sample { size } => ("sample", Some(size)),
        Frame::Open => ("open", None),
    };
    let size = size
        .map(|size| i64::try_from(size).map_err(|error| inconsistent("wave", "frame_size", error)))
        .transpose()?;
    let title =
        serde_json::to_string(&spec.title).map_err(|error| inconsistent("wave", "title", error))?;
    let access = match spec.access {
        AccessRule::Open => "open",
        AccessRule::Code => "code",
    };
    let results = match spec.results {
        ResultsRule::Live => "live",
        ResultsRule::Published => "published",
    };
    let channels: Vec<&str> = spec
        .channels
        .iter()
        .map(|channel| channel.as_str())
        .collect();
    Ok(wave::ActiveModel {
        version_id: Set(version.0),
        title: Set(title),
        opens_at: Set(spec.opens.millis()),
        closes_at: Set(spec.closes.millis()),
        offset_minutes: Set(i32::from(spec.offset_minutes)),
        access: Set(access.to_owned()),
        channels: Set(channels.join(",")),
        frame_kind: Set(kind.to_owned()),
        frame_size: Set(size),
        results: Set(results.to_owned()),
        ..Default::default()
    })
}

fn from_row(row: &wave::Model) -> Result<Wave, StoreError> {
    let bad =
        |column, detail: &dyn std::fmt::Display| inconsistent("wave", column, detail.to_string());
    let key = WaveKey {
        survey: SurveyKey::new(row.survey_key.as_str()).map_err(|e| bad("survey_key", &e))?,
        wave: WaveName::new(row.name.as_str()).map_err(|e| bad("name", &e))?,
    };
    let spec = WaveSpec {
        name: key.wave.clone(),
        title: serde_json::from_str(&row.title).map_err(|e| bad("title", &e))?,
        opens: Moment::from_millis(row.opens_at),
        closes: Moment::from_millis(row.closes_at),
        offset_minutes: i16::try_from(row.offset_minutes).map_err(|e| bad("offset_minutes", &e))?,
        access: match row.access.as_str() {
            "open" => AccessRule::Open,
            "code" => AccessRule::Code,
            other => return Err(bad("access", &other)),
        },
        channels: row
            .channels
            .split(',')
            .map(str::parse::<Channel>)
            .collect::<Result<_, _>>()
            .map_err(|e| bad("channels", &e))?,
        frame: frame(row)?,
        results: match row.results.as_str() {
            "live" => ResultsRule::Live,
            "published" => ResultsRule::Published,
            other => return Err(bad("results", &other)),
        },
        subscribers: Vec::new(),
    };
    Ok(Wave {
        id: WaveId(row.id),
        key,
        version: SurveyVersionId(row.version_id),
        spec,
        state: state(row)?,
    })
}

fn frame(row: &wave::Model) -> Result<Frame, StoreError> {
    let size = row.frame_size.and_then(|size| u64::try_from(size).ok());
    match (row.frame_kind.as_str(), size) {
        ("census", Some(size)) => Ok(Frame::Census { size }),
        ("sample", Some(size)) => Ok(Frame::Sample { size }),
        ("open", None) => Ok(Frame::Open),
        (kind, _) => Err(inconsistent("wave", "frame_kind", kind)),
    }
}

fn state(row: &wave::Model) -> Result<WaveState, StoreError> {
    let moment = |millis: Option<i64>| millis.map(Moment::from_millis);
    let (opened, closed, published) = (
        moment(row.opened_at),
        moment(row.closed_at),
        moment(row.published_at),
    );
    match (row.state.as_str(), opened, closed, published) {
        ("draft", None, None, None) => Ok(WaveState::Draft(Draft)),
        ("open", Some(opened_at), None, None) => Ok(WaveState::Open(Open {
            opened_at,
            stopped_at: moment(row.stopped_at),
        })),
        ("closed", Some(opened_at), Some(closed_at), None) => Ok(WaveState::Closed(Closed {
            opened_at,
            closed_at,
        })),
        ("published", Some(opened_at), Some(closed_at), Some(published_at)) => {
            Ok(WaveState::Published(Published {
                opened_at,
                closed_at,
                published_at,
            }))
        }
        (state, ..) => Err(inconsistent("wave", "state", state)),
    }
}
