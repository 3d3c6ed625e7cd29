//! Serving until asked to stop.

use std::{io::IsTerminal, process::ExitCode};

use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use super::{CommandError, Outcome};
use crate::{
    app::App,
    config::{Config, LogConfig, LogFormat},
    store,
};

pub async fn run(config: Config) -> Outcome {
    start_log(&config.log, None)?;
    let app = App::start(config).await?;
    if store::wave::all(&app.services.db).await?.is_empty() {
        println!("Nothing has been loaded yet. Next, in another terminal:");
        println!("  countmein load surveys/co-production-attitudes.toml");
        println!("  countmein open co-production-attitudes/now");
    }
    if store::staff::count(&app.services.db).await? == 0 {
        println!("Nobody can log in yet. Next: countmein user add YOU@EXAMPLE.ORG");
    }
    serve(app).await
}

/// Serves an application that has been started, and says where.
pub async fn serve(app: App) -> Outcome {
    let listener = app.listen().await?;
    let address = listener.local_addr()?;
    tracing::info!("{}", app.mailer.describe());
    println!("Count Me In listens on http://{address} (Ctrl-C stops it)");
    let (sender, stop) = watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        println!("Stopping: what has been accepted is being finished.");
        let _ = sender.send(true);
    });
    app.serve(listener, stop).await?;
    println!("Stopped in order.");
    Ok(ExitCode::SUCCESS)
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

/// `otherwise` stands in for the default filter: a command should not talk like a server.
pub fn start_log(log: &LogConfig, otherwise: Option<&str>) -> Result<(), CommandError> {
    let chosen = if *log == LogConfig::default() {
        otherwise
    } else {
        None
    };
    // At their most talkative these write addresses of pages and of people, and the database's password.
    let filter = format!(
        "{},tower_http=info,axum=info,sea_orm=warn",
        chosen.unwrap_or(&log.filter)
    );
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| format!("log.filter cannot be used: {error}"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
