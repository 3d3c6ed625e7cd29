//! The list of all waves.

use axum::{extract::State, response::Response};

use crate::{
    service::wave_overview,
    store,
    view::{Page, StaffHomePage, StaffWaveRow},
    web::{
        Web,
        error::{PageError, render},
        guard::CurrentUser,
    },
};

pub async fn list(
    State(web): State<Web>,
    CurrentUser(user): CurrentUser,
) -> Result<Response, PageError> {
    let page = Page::for_staff("/staff");
    let services = &web.services;
    let waves = store::wave::all(&services.db)
        .await
        .map_err(|e| PageError::store(&page, &e))?;
    let mut rows = Vec::with_capacity(waves.len());
    for wave in waves {
        let overview = wave_overview::overview(services, &wave.key)
            .await
            .map_err(|error| PageError::lookup(&page, &error))?;
        rows.push(StaffWaveRow {
            key: wave.key,
            survey: overview.asked.survey.survey.title.clone(),
            state: wave.state,
            channels: overview.channels,
            opens: wave.spec.opens,
            closes: wave.spec.closes,
            offset: wave.spec.offset(),
            wave: wave.spec.title,
        });
    }
    Ok(render(&StaffHomePage::new(&page, &user.email, &rows)))
}
