//! A process with a fault: it appends as the service does, in one transaction and in its place in the
//! ledger, but without asking whether the code has been spent.

use countmein::{
    domain::{access_code::CodeHash, channel::Channel, id::WaveId, receipt::VisitToken},
    service::Services,
    store::{
        self, StoreError,
        entity::{admission, ledger_head, response, spent_entitlement},
        wave,
    },
};
use futures_util::FutureExt;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr,
};

pub async fn append(
    services: &Services,
    id: WaveId,
    hash: CodeHash,
    channel: Channel,
    answers: String,
) -> Result<(), StoreError> {
    let token = VisitToken::random(&mut services.randomness.generator());
    store::write(&services.db, move |tx| {
        async move { append_in(tx, id, hash, channel, answers, token).await }.boxed()
    })
    .await
}

async fn append_in(
    tx: &DatabaseTransaction,
    id: WaveId,
    hash: CodeHash,
    channel: Channel,
    answers: String,
    token: VisitToken,
) -> Result<(), StoreError> {
    let (_, last) = wave::lock(tx, id).await?;
    admission::Entity::insert(admission::ActiveModel {
        wave_id: Set(id.0),
        admission_key: Set(token.admission_key().as_str().to_owned()),
    })
    .exec_without_returning(tx)
    .await?;
    spent_entitlement::Entity::insert(spent_entitlement::ActiveModel {
        wave_id: Set(id.0),
        code_hash: Set(hash.as_str().to_owned()),
        channel: Set(channel.to_string()),
    })
    .exec_without_returning(tx)
    .await?;
    response::Entity::insert(response::ActiveModel {
        wave_id: Set(id.0),
        seq: Set(last + 1),
        public_id: Set(token.receipt().as_str().to_owned()),
        channel: Set(channel.to_string()),
        day: Set("2026-03-02".to_owned()),
        answers: Set(answers),
    })
    .exec_without_returning(tx)
    .await?;
    ledger_head::Entity::update_many()
        .col_expr(ledger_head::Column::LastSeq, Expr::value(last + 1))
        .filter(ledger_head::Column::WaveId.eq(id.0))
        .exec(tx)
        .await?;
    Ok(())
}
