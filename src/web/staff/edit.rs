//! The settings of a wave that is still a draft.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    domain::{
        key::WaveKey,
        wave::WaveState,
        wave_settings::{Setting, SettingFault, TypedSettings, WaveSettings},
    },
    service::{
        change_draft::{self, ChangeDraftError},
        lookup::{self, Asked},
    },
    view::{Page, StaffEditPage, short_wave_warning},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::InWave,
        form::Fields,
        guard::CurrentUser,
        staff::wave,
    },
};

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
) -> Result<Response, PageError> {
    let asked = find(&web, &user, &key).await?;
    if !matches!(asked.wave.state, WaveState::Draft(_)) {
        return Ok(see_other(&format!("/staff/w/{key}")));
    }
    let typed = TypedSettings::of(&asked.wave.spec);
    Ok(render(&page(&user, &asked, &typed, &[])))
}

pub async fn save(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    fields: Fields,
) -> Result<Response, PageError> {
    let asked = find(&web, &user, &key).await?;
    let typed = typed(&fields);
    let settings = match WaveSettings::read(&typed, asked.wave.spec.offset()) {
        Ok(settings) => settings,
        Err(faults) => return Ok(refused(&user, &asked, &typed, &faults)),
    };
    let is_short = settings.is_short();
    match change_draft::change(&web.services, &user.actor(), &key, settings).await {
        Err(error @ ChangeDraftError::HasCodes) => {
            let fault = SettingFault {
                setting: Setting::Access,
                message: error.to_string(),
            };
            Ok(refused(&user, &asked, &typed, &[fault]))
        }
        Ok(()) if is_short => {
            let page = wave::wave_page(&web, &user, &key).await?;
            Ok(render(&page.with_notice(short_wave_warning())))
        }
        outcome => wave::done(&web, &user, &key, outcome).await,
    }
}

async fn find(web: &Web, user: &CurrentUser, key: &WaveKey) -> Result<Asked, PageError> {
    lookup::find_now(&web.services, key)
        .await
        .map_err(|error| PageError::lookup(&frame(user, key), &error))
}

fn frame(user: &CurrentUser, key: &WaveKey) -> Page {
    Page::for_role(&format!("/staff/w/{key}/edit"), user.0.role)
}

fn page(
    user: &CurrentUser,
    asked: &Asked,
    typed: &TypedSettings,
    faults: &[SettingFault],
) -> StaffEditPage {
    let frame = frame(user, &asked.wave.key);
    StaffEditPage::new(&frame, &asked.wave, &asked.survey.survey, typed, faults)
}

fn refused(
    user: &CurrentUser,
    asked: &Asked,
    typed: &TypedSettings,
    faults: &[SettingFault],
) -> Response {
    let page = page(user, asked, typed, faults);
    (StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response()
}

fn typed(fields: &Fields) -> TypedSettings {
    let text = |name: &str| -> String {
        let typed = fields.get(name).unwrap_or_default();
        typed.chars().take(40).collect()
    };
    TypedSettings {
        opens: text("opens"),
        closes: text("closes"),
        access: text("access"),
        channels: fields.all("channels").map(str::to_owned).collect(),
        frame: text("frame"),
        size: text("size"),
        results: text("results"),
    }
}
