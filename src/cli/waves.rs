//! Waves, from the command line.

use std::{fs, io::Write, path::Path, process::ExitCode, sync::Arc, time::Duration};

use super::{Outcome, operator};
use crate::{
    app::App,
    domain::{
        key::{ItemKey, WaveKey},
        text::Lang,
        wave::{DRAIN, TransitionError, WaveState},
    },
    jobs::outbox,
    service::{
        Services,
        close_wave::{self, CloseError},
        export_pb, lookup, open_wave,
        report::{self, Reader},
        subscribe,
    },
    store,
    view::table_csv,
};

pub async fn list(services: &Services) -> Outcome {
    let waves = store::wave::all(&services.db).await?;
    if waves.is_empty() {
        println!("There are no waves. Next: countmein load surveys/co-production-attitudes.toml");
    }
    for wave in waves {
        println!(
            "{:<50} {:<10} {} to {}",
            wave.key.to_string(),
            wave.state.name(),
            wave.spec.opens,
            wave.spec.closes
        );
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn open(services: &Services, wave: &WaveKey) -> Outcome {
    open_wave::open(services, &operator(), wave).await?;
    let asked = lookup::find_now(services, wave).await?;
    println!(
        "{wave} is open: answers count from {} to {}",
        asked.wave.spec.opens, asked.wave.spec.closes
    );
    Ok(ExitCode::SUCCESS)
}

/// Writes the ballots of a closed wave to a file that is not there yet.
pub async fn export_pb(
    services: &Services,
    wave: &WaveKey,
    item: Option<&ItemKey>,
    place: &export_pb::Place,
    file: &Path,
) -> Outcome {
    let text = export_pb::export(services, &operator(), wave, item, place).await?;
    let mut written = fs::File::create_new(file).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            format!("{} is there already: name a new file", file.display())
        } else {
            format!("{}: {error}", file.display())
        }
    })?;
    written
        .write_all(text.as_bytes())
        .map_err(|e| format!("{}: {e}", file.display()))?;
    println!("The ballots of {wave} are in {}", file.display());
    Ok(ExitCode::SUCCESS)
}

/// Ends the taking of answers, waits for those on their way, and closes.
pub async fn close(app: &App, wave: &WaveKey) -> Outcome {
    let services = &app.services;
    close_wave::stop_collecting(services, &operator(), wave).await?;
    println!("{wave} takes no more answers; waiting for those on their way …");
    close_stopped(services, wave).await?;
    println!(
        "{wave} is closed. A summary for each of its subscribers is in the outbox: a running server sends it, or countmein send-mail."
    );
    Ok(ExitCode::SUCCESS)
}

/// Closes a wave that has been stopped, by this process or, when it is quicker, by a server.
pub async fn close_stopped(services: &Arc<Services>, wave: &WaveKey) -> Result<(), CloseError> {
    loop {
        match close_wave::close(services, &operator(), wave).await {
            Ok(_) => return Ok(()),
            Err(CloseError::Transition(TransitionError::StillCollecting(_))) => {
                tokio::time::sleep(DRAIN / 4 + Duration::from_millis(50)).await;
            }
            Err(CloseError::Transition(TransitionError::Close(_))) => {
                let state = lookup::find_now(services, wave).await?.wave.state;
                return match state {
                    WaveState::Closed(_) => Ok(()),
                    other => Err(TransitionError::Close(other.name()).into()),
                };
            }
            Err(error) => return Err(error),
        }
    }
}

pub async fn report(services: &Services, wave: &WaveKey, json: bool) -> Outcome {
    let published = report::of_wave(services, wave, Reader::Staff).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&published)?);
    } else {
        print!("{}", table_csv(published.report(), &Lang::english()));
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn subscribe(services: &Services, wave: &WaveKey, email: &str) -> Outcome {
    subscribe::subscribe(services, &operator(), wave, email).await?;
    println!("The summary of {wave} goes to that address when the wave closes.");
    Ok(ExitCode::SUCCESS)
}

pub async fn send_mail(app: &App) -> Outcome {
    println!("{}", app.mailer.describe());
    let run = outbox::run_once(&app.services, &app.mailer).await?;
    let waiting = store::outbox::waiting(&app.services.db).await?;
    println!(
        "{} sent, {} to be tried again, {} parked; {waiting} waiting",
        run.sent, run.retried, run.parked
    );
    Ok(ExitCode::SUCCESS)
}
