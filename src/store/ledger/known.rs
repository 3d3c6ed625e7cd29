//! Whether the people of a batch have been counted before.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{Appended, NewResponse};
use crate::{
    domain::{access_code::CodeHash, id::WaveId},
    store::{
        StoreError,
        entity::{admission, entitlement, spent_entitlement},
    },
};

/// What the database, and the batch so far, know of the batch's keys.
pub(super) struct Known {
    pub(super) admitted: HashSet<String>,
    /// `true` when the entitlement is spent; absent when it was never issued.
    entitlements: HashMap<String, bool>,
}

impl Known {
    pub(super) async fn load<'a>(
        tx: &impl ConnectionTrait,
        id: WaveId,
        responses: impl Iterator<Item = &'a NewResponse> + Clone,
    ) -> Result<Self, StoreError> {
        let keys: Vec<&str> = responses.clone().map(|r| r.admission.as_str()).collect();
        let admitted = admission::Entity::find()
            .filter(admission::Column::WaveId.eq(id.0))
            .filter(admission::Column::AdmissionKey.is_in(keys))
            .all(tx)
            .await?;
        let hashes: Vec<&str> = responses
            .filter_map(|r| r.entitlement.as_ref())
            .map(CodeHash::as_str)
            .collect();
        let mut entitlements = HashMap::new();
        if !hashes.is_empty() {
            let issued = entitlement::Entity::find()
                .filter(entitlement::Column::WaveId.eq(id.0))
                .filter(entitlement::Column::CodeHash.is_in(hashes.clone()))
                .all(tx)
                .await?;
            entitlements.extend(issued.into_iter().map(|row| (row.code_hash, false)));
            let spent = spent_entitlement::Entity::find()
                .filter(spent_entitlement::Column::WaveId.eq(id.0))
                .filter(spent_entitlement::Column::CodeHash.is_in(hashes))
                .all(tx)
                .await?;
            entitlements.extend(spent.into_iter().map(|row| (row.code_hash, true)));
        }
        Ok(Self {
            admitted: admitted.into_iter().map(|row| row.admission_key).collect(),
            entitlements,
        })
    }

    pub(super) fn admit(&mut self, response: &NewResponse) -> Appended {
        if self.admitted.contains(response.admission.as_str()) {
            return Appended::AlreadyAdmitted;
        }
        if let Some(hash) = &response.entitlement {
            match self.entitlements.get_mut(hash.as_str()) {
                None => return Appended::CodeUnknown,
                Some(true) => return Appended::CodeAlreadyCounted,
                Some(spent) => *spent = true,
            }
        }
        self.admitted.insert(response.admission.as_str().to_owned());
        Appended::Counted
    }
}
