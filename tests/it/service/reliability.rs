//! Reliability of declared measures, and its refusal where none is declared.

use std::{fmt::Write as _, time::Duration};

use countmein::{
    domain::{survey_file, wave::DRAIN},
    service::{
        close_wave, import_responses, load_survey,
        reliability::{self, ReliabilityError},
    },
};

use crate::support::{TestApp, on_both, operator};

/// Made-up scores of thirty people on five statements, of which R's psych 2.2.9 says alpha 0.794249
/// and omega total 0.800057; the limits are Feldt's, from scipy's F distribution.
const SCORES: &str = "23224 33433 33234 13224 32332 32332 33323 45534 31224 32224 33433 23344 34343 \
    31211 32352 34433 22122 23233 11111 21312 12112 43332 31211 24343 33333 32242 11211 21323 23332 24333";

/// Five statements and a wave. The last is worded against the others when `reversed` says so.
fn survey(measure: &str) -> String {
    let mut text = String::from(
        "key = \"trust\"\nlanguages = [\"en\"]\ntitle = { en = \"Trust\" }\nintro = { en = \"Short.\" }\n\
         [scales.agreement]\npoints = [\n",
    );
    for point in ["p5", "p4", "p3", "p2", "p1"] {
        let _ = writeln!(
            text,
            "{{ key = \"{point}\", text = {{ en = \"{point}\" }} }},"
        );
    }
    text.push_str("]\n");
    for item in 1..=5 {
        let _ = writeln!(
            text,
            "[[item]]\nkey = \"s{item}\"\nkind = \"likert\"\nscale = \"agreement\"\ntext = {{ en = \"Statement {item}\" }}"
        );
    }
    text + measure
        + "[[wave]]\nname = \"now\"\ntitle = { en = \"Now\" }\nopens = 2026-01-01T00:00:00Z\n\
           closes = 2027-01-01T00:00:00Z\naccess = \"open\"\nchannels = [\"online\", \"postal\"]\n\
           frame = \"open\"\nresults = \"published\"\n"
}

/// Loads, opens, fills and closes the wave. Scores of items in `turned` are counted backwards.
async fn collect(
    app: &TestApp,
    measure: &str,
    turned: &[usize],
) -> countmein::domain::key::WaveKey {
    let plan = survey_file::read(&survey(measure)).unwrap().plan;
    load_survey::load(&app.services, &operator(), plan)
        .await
        .unwrap();
    let key = app.open("trust/now").await;
    let mut file = String::from("ref,channel,s1,s2,s3,s4,s5\n");
    for (number, scores) in SCORES.split_whitespace().enumerate() {
        let cells: Vec<String> = scores
            .chars()
            .enumerate()
            .map(|(item, score)| {
                let score = score.to_digit(10).unwrap();
                format!(
                    "p{}",
                    if turned.contains(&item) {
                        6 - score
                    } else {
                        score
                    }
                )
            })
            .collect();
        let _ = writeln!(file, "r{number},postal,{}", cells.join(","));
    }
    // Somebody who left a statement out is left out.
    file.push_str("last,postal,p1,,p1,p1,p1\n");
    let options = import_responses::Options::default();
    import_responses::import(&app.services, &operator(), &key, file.as_bytes(), options)
        .await
        .unwrap();
    key
}

async fn close(app: &TestApp, key: &countmein::domain::key::WaveKey) {
    close_wave::stop_collecting(&app.services, &operator(), key)
        .await
        .unwrap();
    app.advance(DRAIN + Duration::from_millis(1));
    close_wave::close(&app.services, &operator(), key)
        .await
        .unwrap();
}

on_both!(
    a_declared_measure_has_its_reliability,
    async |app: TestApp| {
        let measure = "[[measure]]\nkey = \"trust\"\nitems = [\"s1\", \"s2\", \"s3\", \"s4\", \"s5\"]\nreversed = [\"s2\"]\n";
        let key = collect(&app, measure, &[1]).await;
        let open = reliability::of_wave(&app.services, &key).await;
        assert!(matches!(open, Err(ReliabilityError::NotClosed(_))));
        close(&app, &key).await;
        let found = reliability::of_wave(&app.services, &key).await.unwrap();
        let [(name, found)] = found.as_slice() else {
            panic!("one measure");
        };
        assert_eq!(name.as_str(), "trust");
        let alpha = found.alpha.as_ref().unwrap();
        assert!((alpha.alpha - 0.794_248_545_018_829_1).abs() < 1e-9);
        assert!((alpha.low - 0.649_367_374_340_222).abs() < 1e-6);
        assert!((alpha.high - 0.891_062_163_322_126_2).abs() < 1e-6);
        assert_eq!(alpha.left_out, 1);
        let omega = found.omega.as_ref().unwrap();
        assert!((omega.omega - 0.800_056_923_379_13).abs() < 1e-5);
    }
);

on_both!(
    statements_that_form_no_scale_have_none,
    async |app: TestApp| {
        let key = collect(&app, "", &[]).await;
        close(&app, &key).await;
        let refused = reliability::of_wave(&app.services, &key).await;
        let Err(error @ ReliabilityError::NoMeasure(_)) = refused else {
            panic!("{refused:?}");
        };
        assert!(error.to_string().contains("[[measure]]"), "{error}");
    }
);
