//! The list of all waves.

use axum::{extract::State, response::Response};

use crate::{
    service::{
        Services,
        lookup::{self, Asked},
        wave_overview,
    },
    store::{self, StoreError},
    view::{Page, StaffHomePage, StaffWaveRow},
    web::{
        Web,
        error::{PageError, render},
        guard::CurrentUser,
    },
};

pub async fn list(State(web): State<Web>, user: CurrentUser) -> Result<Response, PageError> {
    let page = Page::for_role("/staff", user.0.role);
    let rows = rows(&web.services)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    Ok(render(&StaffHomePage::new(&page, &user.0.email, &rows)))
}

async fn rows(services: &Services) -> Result<Vec<StaffWaveRow>, StoreError> {
    let mut rows = Vec::new();
    for wave in store::wave::all(&services.db).await? {
        let survey = lookup::survey(services, wave.version).await?;
        let asked = Asked { wave, survey };
        let channels = wave_overview::turnout(services, &asked).await?;
        let wave = asked.wave;
        rows.push(StaffWaveRow {
            key: wave.key,
            survey: asked.survey.survey.title.clone(),
            state: wave.state,
            channels,
            opens: wave.spec.opens,
            closes: wave.spec.closes,
            offset: wave.spec.offset(),
            wave: wave.spec.title,
        });
    }
    Ok(rows)
}
