//! What a plan of sampled re-keying finds, and what it lets pass.

use num_traits::ToPrimitive;

use crate::{
    domain::keying::SampledPlan,
    stats::keying::{AcceptancePlan, wrong_ones},
};

/// A batch to think about: so many sheets of so many fields, and the share of fields that are wrong,
/// spread over its sheets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thought {
    pub sheets: u32,
    pub fields_each: u32,
    pub wrong: f64,
}

impl Thought {
    pub fn fields(self) -> u64 {
        u64::from(self.sheets) * u64::from(self.fields_each)
    }

    /// How often in a hundred such a batch is accepted, to the nearest whole number.
    pub fn passes(self, plan: SampledPlan) -> Option<u64> {
        let fields = self.fields();
        let wrong = wrong_ones(fields, self.wrong).ok()?;
        let sample = u64::from(plan.sample_of(self.sheets)) * u64::from(self.fields_each);
        let plan = AcceptancePlan {
            sample,
            accepted: u64::from(plan.accepted()),
        };
        let chance = plan.accepts(fields, wrong).ok()?;
        (chance * 100.0).round().to_u64()
    }
}
