//! How the keying of a wave goes, and how good it is.

use axum::{extract::State, response::Response};

use crate::{
    service::keying_statistics::{self, KeyingStatistics, WaveFigures},
    view::{KeyerRow, KeyingFigures, Page, StaffKeying, StaffKeyingPage},
    web::{
        Web,
        error::{PageError, render},
        extract::InWave,
        guard::CurrentUser,
    },
};

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
) -> Result<Response, PageError> {
    let page = Page::for_role(&format!("/staff/w/{key}/keying"), user.0.role);
    let statistics = keying_statistics::statistics(&web.services, &user.0, &key)
        .await
        .map_err(|error| PageError::lookup(&page, &error))?;
    Ok(render(&StaffKeyingPage::new(&page, &shown(statistics))))
}

fn shown(statistics: KeyingStatistics) -> StaffKeying {
    let wave = statistics.asked.wave;
    StaffKeying {
        key: wave.key,
        survey: statistics.asked.survey.survey.title.clone(),
        wave: wave.spec.title,
        method: statistics.method,
        figures: statistics.wave.map(figures),
        keyers: statistics
            .keyers
            .into_iter()
            .map(|line| KeyerRow {
                email: line.email,
                pass: line.pass,
                figures: line.figures,
            })
            .collect(),
    }
}

fn figures(wave: WaveFigures) -> KeyingFigures {
    KeyingFigures {
        batches: wave.batches,
        sheets: wave.sheets,
        twice: wave.twice,
        differences_per_ten_thousand: wave.differences_per_ten_thousand,
        remaining: wave.remaining,
    }
}
