//! The roll of a wave: its numbers, its import, and finding or removing one person.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use time::UtcOffset;

use crate::{
    domain::key::WaveKey,
    service::{
        import_roll::{self, ImportRollError, Imported},
        roll::{self, RollError},
    },
    view::{ErrorKind, Page, RollGroup, RollPage, StaffRoll, Words, dates},
    web::{
        Web,
        error::{PageError, render},
        extract::InWave,
        form::Fields,
        guard::CurrentUser,
        staff::sentence,
        upload::Upload,
    },
};

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
) -> Result<Response, PageError> {
    Ok(render(&roll_page(&web, &user, &key).await?))
}

/// Takes a table from a file or from the text field. With `do=check` nothing is written.
pub async fn import(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    upload: Upload,
) -> Result<Response, PageError> {
    let dry_run = upload.text("do") == Some("check");
    let pasted = upload.text("people").unwrap_or_default();
    let table = upload.bytes("file").unwrap_or(pasted.as_bytes());
    let outcome = import_roll::import(&web.services, &user.actor(), &key, table, dry_run).await;
    // After the import: the page shows what the roll has now.
    let page = roll_page(&web, &user, &key).await?;
    let faults = match outcome {
        Ok(imported) => return Ok(render(&page.with_notice(done(&imported, dry_run)))),
        Err(ImportRollError::BadRows(bad)) => bad.iter().map(ToString::to_string).collect(),
        Err(ImportRollError::Store(error)) => {
            return Err(PageError::store(&Page::for_staff("/staff"), &error));
        }
        Err(error) => vec![format!("{}.", sentence(&error.to_string()))],
    };
    let page = page.with_faults(faults, pasted);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
}

fn done(imported: &Imported, dry_run: bool) -> String {
    let (people, known) = (imported.people, imported.known);
    let added = if dry_run {
        "would be put on the roll; nothing was written"
    } else {
        "put on the roll"
    };
    let counts = format!("People {added}: {people}. Known already, and not taken again: {known}.");
    let mut sentences = vec![counts];
    sentences.extend(imported.notes());
    sentences.join(" ")
}

/// By POST: a name must not stand in an address, which browsers and proxies keep.
pub async fn find(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    fields: Fields,
) -> Result<Response, PageError> {
    let part = fields.get("name").unwrap_or_default().trim();
    let number = fields.get("page").and_then(|page| page.parse().ok());
    let number: usize = number.unwrap_or(0);
    let matches = roll::search(&web.services, &key, part, number)
        .await
        .map_err(|error| fault(&key, &error))?;
    let people = matches
        .people
        .into_iter()
        .map(|person| (person.serial, person.name))
        .collect();
    let page = roll_page(&web, &user, &key).await?;
    let shown = page.with_found(part, matches.all, people, (number, roll::PAGE));
    Ok(render(&shown))
}

/// Asks first; with `sure=yes` it is done.
pub async fn remove(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    fields: Fields,
) -> Result<Response, PageError> {
    let malformed = || PageError::new(&Page::for_staff("/staff"), ErrorKind::Malformed);
    let serial = fields.get("serial").and_then(|text| text.parse().ok());
    let serial: i64 = serial.ok_or_else(malformed)?;
    if fields.get("sure") == Some("yes") {
        roll::remove(&web.services, &user.actor(), &key, serial)
            .await
            .map_err(|error| fault(&key, &error))?;
        let page = roll_page(&web, &user, &key).await?;
        return Ok(render(
            &page.with_notice("One person was taken off the roll."),
        ));
    }
    let person = roll::find(&web.services, &key, serial)
        .await
        .map_err(|error| fault(&key, &error))?;
    let page = roll_page(&web, &user, &key).await?;
    Ok(render(&page.asking_to_remove(person.serial, person.name)))
}

async fn roll_page(web: &Web, user: &CurrentUser, key: &WaveKey) -> Result<RollPage, PageError> {
    let page = Page::for_role(&format!("/staff/w/{key}/roll"), user.0.role);
    let overview = roll::overview(&web.services, key)
        .await
        .map_err(|error| fault(key, &error))?;
    let closed = import_roll::wave_with_roll(&web.services, key).await.err();
    let number = |count: i64| u64::try_from(count).unwrap_or(0);
    let groups: Vec<RollGroup> = overview
        .groups
        .into_iter()
        .map(|group| RollGroup {
            name: group.group_name,
            people: number(group.people),
            with_code: number(group.with_code),
        })
        .collect();
    let goes = web.services.retention.roll_goes(&overview.wave);
    let shown = StaffRoll {
        people: groups.iter().map(|group| group.people).sum(),
        with_code: groups.iter().map(|group| group.with_code).sum(),
        removed: overview.removed,
        groups,
        closed: closed.map(|error| format!("{}.", sentence(&error.to_string()))),
        goes: dates::day_of(Words::for_lang(page.lang()), goes, UtcOffset::UTC),
        key: overview.wave.key,
        wave: overview.wave.spec.title,
    };
    Ok(RollPage::new(&page, &shown))
}

fn fault(key: &WaveKey, error: &RollError) -> PageError {
    let page = Page::for_staff(&format!("/staff/w/{key}/roll"));
    match error {
        RollError::Nobody(_) => PageError::new(&page, ErrorKind::NotFound),
        RollError::Lookup(error) => PageError::lookup(&page, error),
        RollError::Store(error) => PageError::store(&page, error),
    }
}
