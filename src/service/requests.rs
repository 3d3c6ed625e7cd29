//! The requests for acts that need two people, with the names of the waves and of the people.

use std::collections::HashMap;

use futures_util::FutureExt;
use sea_orm::ConnectionTrait;

use super::Services;
use crate::{
    domain::{id::UserId, two_person::Member, wave::Wave},
    store::{self, StoreError, two_person::Request},
};

#[derive(Debug, Clone)]
pub struct Listed {
    pub request: Request,
    pub wave: Wave,
    pub asker: Member,
    pub decider: Option<Member>,
}

#[derive(Debug, Clone, Default)]
pub struct Requests {
    pub waiting: Vec<Listed>,
    pub decided: Vec<Listed>,
}

/// Of those that have been decided, the newest few.
const DECIDED: u64 = 20;

pub async fn list(services: &Services) -> Result<Requests, StoreError> {
    store::read(&services.db, |tx| {
        async move {
            let waiting = store::two_person::waiting(tx).await?;
            let decided = store::two_person::decided(tx, DECIDED).await?;
            Ok(Requests {
                waiting: named(tx, waiting).await?,
                decided: named(tx, decided).await?,
            })
        }
        .boxed()
    })
    .await
}

async fn named(
    db: &impl ConnectionTrait,
    requests: Vec<Request>,
) -> Result<Vec<Listed>, StoreError> {
    let people = store::two_person::people_of(db, &requests).await?;
    let mut listed = Vec::with_capacity(requests.len());
    for request in requests {
        listed.push(Listed {
            wave: store::wave::get(db, request.wave).await?,
            asker: person(&people, request.state.asked().by)?,
            decider: request
                .state
                .decided()
                .map(|decided| person(&people, decided.by))
                .transpose()?,
            request,
        });
    }
    Ok(listed)
}

fn person(people: &HashMap<UserId, Member>, id: UserId) -> Result<Member, StoreError> {
    people
        .get(&id)
        .cloned()
        .ok_or_else(|| store::inconsistent("sensitive_act", "requested_by", id))
}
