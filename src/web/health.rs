//! Whether this process can do its work: for a load balancer or a watchman.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::Web;
use crate::store;

pub async fn show(State(web): State<Web>) -> Response {
    match store::ping(&web.services.db).await {
        Ok(()) => Json(json!({ "status": "ok" })).into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let answer = Json(json!({ "status": "database unavailable" }));
            (StatusCode::SERVICE_UNAVAILABLE, answer).into_response()
        }
    }
}
