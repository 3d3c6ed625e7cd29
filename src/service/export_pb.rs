//! The single ballots of a closed wave as a Pabulib file.

use super::{
    Services, audited,
    lookup::{self, LookupError},
    patterns,
};
use crate::{
    domain::{
        audit::{Act, Actor},
        ballot::BallotForm,
        channel::Channel,
        item::ItemKind,
        key::{ItemKey, WaveKey},
        pb_file,
        survey::Survey,
        wave::WaveState,
    },
    store::{StoreError, inconsistent, ledger_read},
    tally::{
        ballots::{decide, election_of_ballots},
        budget::profile::Weights,
        to_pb::{Heading, ToPbError, pb_file as to_pb},
    },
};

/// What the format asks for and a survey does not say.
#[derive(Debug, Clone)]
pub struct Place {
    pub country: String,
    pub unit: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("“{0}” is not closed: its ballots are written when it is")]
    NotClosed(WaveKey),
    #[error("“{wave}” has no ballot{}", .item.as_ref().map(|item| format!(" “{item}”")).unwrap_or_default())]
    NoBallot {
        wave: WaveKey,
        item: Option<ItemKey>,
    },
    #[error("“{wave}” has several ballots: name one of {names} with --item")]
    WhichBallot { wave: WaveKey, names: String },
    #[error("fewer than {minimum} ballots were cast in “{wave}”: so few could be told apart")]
    TooFewBallots { wave: WaveKey, minimum: u64 },
    #[error(transparent)]
    Written(#[from] ToPbError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The text of the file. Ballots left blank and count sheets are not in it. The channel of each
/// ballot is, unless one of the channels is too small to hide a person.
pub async fn export(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    item: Option<&ItemKey>,
    place: &Place,
) -> Result<String, ExportError> {
    let text = written(services, key, item, place).await?;
    let act = Act::BallotsExported { wave: key.clone() };
    audited::note_done(services, actor, act).await?;
    Ok(text)
}

async fn written(
    services: &Services,
    key: &WaveKey,
    item: Option<&ItemKey>,
    place: &Place,
) -> Result<String, ExportError> {
    let asked = lookup::find_now(services, key).await?;
    if !matches!(
        asked.wave.state,
        WaveState::Closed(_) | WaveState::Published(_)
    ) {
        return Err(ExportError::NotClosed(key.clone()));
    }
    let survey = &asked.survey.survey;
    let (name, form) = the_ballot(survey, key, item)?;
    let head = ledger_read::head(&services.db, asked.wave.id).await?;
    let merged = patterns::of_wave(&services.db, &asked, std::slice::from_ref(name), head)
        .await?
        .merged();
    let wrong = |error| inconsistent("response", "answers", error);
    let election = election_of_ballots(form, &merged).map_err(wrong)?;
    let minimum = services.disclosure.minimum;
    if election.profile().everyone().voters() < minimum {
        return Err(ExportError::TooFewBallots {
            wave: key.clone(),
            minimum,
        });
    }
    let with_channels = Channel::ALL.into_iter().all(|channel| {
        let people = election.profile().channel(channel.index());
        let voters = people.map_or(0, Weights::voters);
        voters == 0 || voters >= minimum
    });
    let outcome = decide(&election, &form.rule).map_err(wrong)?;
    let heading = Heading {
        survey,
        wave: &asked.wave.spec,
        form,
        country: &place.country,
        unit: &place.unit,
        with_channels,
    };
    Ok(pb_file::write(&to_pb(&heading, &merged, &outcome)?))
}

/// The ballot that is meant: the one named, or the only one.
fn the_ballot<'a>(
    survey: &'a Survey,
    wave: &WaveKey,
    item: Option<&ItemKey>,
) -> Result<(&'a ItemKey, &'a BallotForm), ExportError> {
    let ballots: Vec<(&ItemKey, &BallotForm)> = survey
        .items
        .iter()
        .filter_map(|candidate| match &candidate.kind {
            ItemKind::Ballot(form) => Some((&candidate.key, form)),
            ItemKind::Likert(_) | ItemKind::Choice(_) => None,
        })
        .filter(|(name, _)| item.is_none_or(|item| item == *name))
        .collect();
    match ballots.as_slice() {
        [] => Err(ExportError::NoBallot {
            wave: wave.clone(),
            item: item.cloned(),
        }),
        [one] => Ok(*one),
        several => {
            let names: Vec<String> = several.iter().map(|(name, _)| name.to_string()).collect();
            Err(ExportError::WhichBallot {
                wave: wave.clone(),
                names: names.join(", "),
            })
        }
    }
}
