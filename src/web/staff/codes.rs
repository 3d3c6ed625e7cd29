//! The codes of a wave: making them, printing them, and forgetting them.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;

use super::sentence;
use crate::{
    domain::{code_run::RunKind, id::CodeRunId, key::WaveKey, text::Lang},
    service::{
        code_overview::{self, CodeOverview},
        make_codes::{self, MakeError, Wanted},
        print_codes::{self, Opened, PrintError},
    },
    view::{
        ErrorKind, Page, RunRow, StaffCodes, StaffCodesPage,
        print::{PrintOptions, PrintSize, Styles, run_html},
    },
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::{InPath, InWave},
        form::Fields,
        guard::CurrentUser,
        language::Reading,
        participant::WavePath,
    },
};

/// A run of a wave, in an address.
#[derive(Debug, Deserialize)]
pub struct RunPath {
    survey: String,
    wave: String,
    run: i64,
}

impl RunPath {
    fn key(&self, reading: &Reading) -> Result<WaveKey, PageError> {
        WavePath::new(&self.survey, &self.wave).key(reading)
    }
}

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
) -> Result<Response, PageError> {
    Ok(render(&codes_page(&web, &user, &key).await?))
}

pub async fn make(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    reading: Reading,
    fields: Fields,
) -> Result<Response, PageError> {
    let typed = fields.get("count").unwrap_or_default();
    let count = typed.trim().parse().unwrap_or(0);
    let wanted = match fields.get("kind").map(str::parse::<RunKind>) {
        Some(Ok(RunKind::List)) => Wanted::List(count),
        Some(Ok(RunKind::Cards)) => Wanted::Cards(count),
        Some(Ok(RunKind::Letters)) => Wanted::Letters,
        Some(Ok(RunKind::Mails)) => Wanted::Mails,
        _ => return Err(PageError::new(&reading.page(), ErrorKind::Malformed)),
    };
    match make_codes::make(&web.services, &user.actor(), &key, wanted).await {
        Ok(_) => Ok(see_other(&format!("/staff/w/{key}/codes"))),
        Err(error @ MakeError::Count) => {
            let page = codes_page(&web, &user, &key)
                .await?
                .with_count_fault(typed, &format!("{}.", sentence(&error.to_string())));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
        Err(error) => not_done(&web, &user, &key, &error).await,
    }
}

pub async fn print(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<RunPath>,
    reading: Reading,
    fields: Fields,
) -> Result<Response, PageError> {
    let key = path.key(&reading)?;
    let run = CodeRunId(path.run);
    match print_codes::open(&web.services, &user.actor(), &key, run).await {
        Ok(opened) if opened.kind == RunKind::List => Ok(list(&opened)),
        Ok(opened) => paper(
            &web,
            &reading,
            &opened,
            fields.get("print") == Some("large"),
        ),
        Err(error) => cannot_print(&web, &user, &key, &reading, error).await,
    }
}

pub async fn forget(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<RunPath>,
    reading: Reading,
) -> Result<Response, PageError> {
    let key = path.key(&reading)?;
    let run = CodeRunId(path.run);
    match print_codes::forget(&web.services, &user.actor(), &key, run).await {
        Ok(()) => Ok(see_other(&format!("/staff/w/{key}/codes"))),
        Err(error) => cannot_print(&web, &user, &key, &reading, error).await,
    }
}

/// A page that is nothing but what the printer gets.
fn paper(
    web: &Web,
    reading: &Reading,
    opened: &Opened,
    is_large: bool,
) -> Result<Response, PageError> {
    let asked = &opened.asked;
    let survey = &asked.survey.survey;
    let options = PrintOptions {
        lang: Lang::first_of(&survey.languages),
        size: PrintSize::large_if(is_large),
        styles: Styles::Linked,
    };
    let spec = &asked.wave.spec;
    run_html(
        opened.kind,
        survey,
        spec,
        &web.public_url,
        &opened.entries,
        &options,
    )
    .map(|html| Html(html).into_response())
    .map_err(|error| PageError::server(&reading.page(), &error))
}

/// One code a line, for a spreadsheet.
fn list(opened: &Opened) -> Response {
    let codes = opened.entries.iter().map(|entry| entry.code.to_string());
    let text: String = std::iter::once("code".to_owned())
        .chain(codes)
        .map(|line| line + "\r\n")
        .collect();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"codes.csv\"",
        ),
    ];
    (headers, text).into_response()
}

async fn cannot_print(
    web: &Web,
    user: &CurrentUser,
    key: &WaveKey,
    reading: &Reading,
    error: PrintError,
) -> Result<Response, PageError> {
    match error {
        PrintError::UnknownRun(_) => Err(PageError::new(&reading.page(), ErrorKind::NotFound)),
        error => not_done(web, user, key, &error).await,
    }
}

async fn not_done(
    web: &Web,
    user: &CurrentUser,
    key: &WaveKey,
    error: &(dyn std::fmt::Display + Sync),
) -> Result<Response, PageError> {
    let page = codes_page(web, user, key)
        .await?
        .with_notice(format!("Nothing was done: {error}."));
    Ok((StatusCode::CONFLICT, render(&page)).into_response())
}

async fn codes_page(
    web: &Web,
    user: &CurrentUser,
    key: &WaveKey,
) -> Result<StaffCodesPage, PageError> {
    let page = Page::for_role(&format!("/staff/w/{key}/codes"), user.0.role);
    let overview = code_overview::overview(&web.services, key)
        .await
        .map_err(|error| PageError::lookup(&page, &error))?;
    Ok(StaffCodesPage::new(&page, &shown(overview)))
}

fn shown(overview: CodeOverview) -> StaffCodes {
    let may_make = overview.may_make();
    let wave = overview.asked.wave;
    StaffCodes {
        survey: overview.asked.survey.survey.title.clone(),
        offset: wave.spec.offset(),
        wave: wave.spec.title,
        key: wave.key,
        issued: overview.counts.issued,
        spent: overview.counts.spent,
        unused: overview.counts.unused,
        by_post: overview.waiting.by_post,
        by_mail: overview.waiting.by_mail,
        may_make,
        runs: overview
            .runs
            .into_iter()
            .map(|run| RunRow {
                id: run.id,
                kind: run.kind,
                codes: run.codes,
                made_at: run.made_at,
                is_sealed: run.sealed.is_some(),
            })
            .collect(),
    }
}
