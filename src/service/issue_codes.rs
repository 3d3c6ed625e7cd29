//! Codes handed over at once: made, shown this one time, and forgotten.

use std::sync::Arc;

use super::{
    Services,
    make_codes::{self, MakeError, Wanted},
    print_codes::{self, PrintError},
};
use crate::domain::{access_code::AccessCode, audit::Actor, key::WaveKey};

#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    #[error(transparent)]
    Make(#[from] MakeError),
    #[error(transparent)]
    Print(#[from] PrintError),
}

pub async fn issue(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    count: usize,
) -> Result<Vec<AccessCode>, IssueError> {
    let made = make_codes::make(services, actor, key, Wanted::List(count)).await?;
    let opened = print_codes::open(services, actor, key, made.run).await?;
    print_codes::forget(services, actor, key, made.run).await?;
    Ok(opened.entries.into_iter().map(|entry| entry.code).collect())
}
