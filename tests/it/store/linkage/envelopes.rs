//! The people who handle the town's envelopes.

use countmein::{
    app::App,
    domain::{
        access_code::AccessCode, audit::Actor, envelope::Arrival, key::WaveKey, keying::Pass,
        role::Role,
    },
    service::{
        add_user, count_batch, key_sheet, open_batch,
        receive_envelope::{self, Presented},
        work_on_batch,
    },
};

use crate::support::{STAFF_PASSWORD, operator, paper};

/// Those who handle the envelopes: two keyers, and one who counts.
pub struct Staff([Actor; 3]);

impl Staff {
    pub async fn hired(app: &App) -> Self {
        let mut actors = Vec::new();
        for email in ["ann@example.org", "ben@example.org", "cat@example.org"] {
            let (role, password) = (Role::Coordinator, STAFF_PASSWORD.to_owned());
            let user = add_user::add_user(&app.services, &operator(), email, password, role).await;
            actors.push(Actor::staff(user.unwrap(), email, role, ""));
        }
        Self(actors.try_into().unwrap())
    }

    /// The code and the marks of each, in the order of the pile.
    pub async fn count_envelopes(
        &self,
        app: &App,
        key: &WaveKey,
        envelopes: &[(&AccessCode, String)],
    ) {
        let s = &app.services;
        let [ann, ben, cat] = &self.0;
        let bag = receive_envelope::open_bag(s, ann, key, Arrival::InTime).await;
        let bag = bag.unwrap();
        for (code, _) in envelopes {
            let presented = Presented::Code {
                typed: code.to_string(),
                is_second: false,
            };
            let id = paper::random_id();
            receive_envelope::receive(s, ann, key, bag, id, presented)
                .await
                .unwrap();
        }
        let count = u32::try_from(envelopes.len()).unwrap();
        let batch = open_batch::open(s, ann, key, count, count).await.unwrap();
        for (who, pass) in [(ann, Pass::First), (ben, Pass::Second)] {
            work_on_batch::claim(s, who, key, batch).await.unwrap();
            for (sheet, (_, marks)) in (1..).zip(envelopes) {
                let typed = paper::typed(pass, sheet, marks);
                key_sheet::key(s, who, key, batch, typed).await.unwrap();
            }
            let done = work_on_batch::finish_pass(s, who, key, batch, pass, count).await;
            done.unwrap();
        }
        let counted = count_batch::count(s, cat, key, batch).await.unwrap();
        assert_eq!(counted.responses, count);
    }
}
