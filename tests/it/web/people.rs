//! The roll of a wave and the page on privacy.

use countmein::{domain::role::Role, service::import_roll};
use reqwest::Method;

use crate::{
    service::samples::{open_attitudes, open_by_code},
    support::{STAFF_EMAIL, TestApp, browsing::Browser, on_both, operator},
};

const ROLL: &str = "/staff/w/citizen-priorities-knapsack/now/roll";

async fn staff(app: &TestApp) -> Browser {
    app.add_staff().await;
    Browser::of_staff(app, STAFF_EMAIL).await
}

/// Sends a form with a file, as a browser writes it.
async fn upload(
    browser: &Browser,
    path: &str,
    parts: &[(&str, Option<&str>, &[u8])],
) -> (u16, String) {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        let head =
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend(head.as_bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    let response = browser
        .request(Method::POST, path)
        .header("content-type", "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(body)
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

on_both!(
    a_roll_is_pasted_or_uploaded_and_shows_numbers_only,
    async |app: TestApp| {
        let browser = staff(&app).await;
        let (_, _) = open_by_code(&app, 1).await;
        let wave = browser
            .get("/staff/w/citizen-priorities-knapsack/now")
            .await
            .body;
        assert!(wave.contains(&format!("href=\"{ROLL}\"")), "{wave}");
        let csv = b"name,address,group\n<b>Anna</b>,1 High Street,North\nBartek,2 High Street,\n";
        let pasted = [
            ("file", Some(""), &b""[..]),
            ("people", None, csv),
            ("do", None, b"check"),
        ];
        let (status, page) = upload(&browser, ROLL, &pasted).await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("nothing was written: 2"), "{page}");
        assert!(page.contains("Nobody is on the roll yet"), "{page}");
        let file = [
            ("file", Some("roll.csv"), &csv[..]),
            ("people", None, b""),
            ("do", None, b"import"),
        ];
        let (_, page) = upload(&browser, ROLL, &file).await;
        assert!(page.contains("People put on the roll: 2."), "{page}");
        assert!(
            page.contains("North") && page.contains("No group"),
            "{page}"
        );
        assert!(
            !page.contains("Anna") && !page.contains("Bartek"),
            "no names unless asked: {page}"
        );
        let bad = [
            ("people", None, &b"name,address\n,1 High Street\nX,\n"[..]),
            ("do", None, b"import"),
        ];
        let (status, page) = upload(&browser, ROLL, &bad).await;
        assert_eq!(status, 422);
        for fault in ["line 2: R-NAME", "line 3: R-NO-WAY", "Nobody was taken"] {
            assert!(page.contains(fault), "{fault}: {page}");
        }
    }
);

on_both!(
    the_page_tells_who_looks_alike_and_who_stays_off,
    async |app: TestApp| {
        let browser = staff(&app).await;
        open_by_code(&app, 1).await;
        let csv = b"name,address\nAda Lis,1 High Street\nJan Lis,1 High Street\n";
        let (_, page) = upload(
            &browser,
            ROLL,
            &[("people", None, csv), ("do", None, b"check")],
        )
        .await;
        assert!(page.contains("Rows that look alike"), "{page}");
        assert!(page.contains("lines 2, 3"), "{page}");
        upload(&browser, ROLL, &[("people", None, csv)]).await;
        let codes = "/staff/w/citizen-priorities-knapsack/now/codes";
        browser.post_and_follow(codes, &[("kind", "letters")]).await;
        let sure = [("serial", "1"), ("sure", "yes")];
        let page = browser.post(&format!("{ROLL}/remove"), &sure).await.body;
        assert!(
            page.contains("Taken off after a code was made: 1."),
            "{page}"
        );
        // The first run is the list of the code that the wave was opened with.
        let letters = browser.post(&format!("{codes}/2/print"), &[]).await.body;
        assert!(
            letters.contains("Jan Lis") && !letters.contains("Ada"),
            "{letters}"
        );
        let sure = [("serial", "2"), ("sure", "yes")];
        browser.post(&format!("{ROLL}/remove"), &sure).await;
        let nobody = browser.post(&format!("{codes}/2/print"), &[]).await;
        assert_eq!(nobody.status, 200, "{}", nobody.body);
        let (_, page) = upload(&browser, ROLL, &[("people", None, csv)]).await;
        assert!(page.contains("Of those, 2 were taken off"), "{page}");
    }
);

on_both!(
    somebody_on_the_roll_is_found_and_taken_off,
    async |app: TestApp| {
        let browser = staff(&app).await;
        open_by_code(&app, 1).await;
        let csv = b"name,address\n<b>Anna</b>,1 High Street\nBartek,2 High Street\n";
        upload(&browser, ROLL, &[("people", None, csv)]).await;
        let found = browser
            .post(&format!("{ROLL}/find"), &[("name", "ANNA")])
            .await
            .body;
        assert!(found.contains("1 person was found"), "{found}");
        assert!(
            found.contains("&#60;b&#62;Anna") && !found.contains("<b>Anna"),
            "{found}"
        );
        let asked = browser
            .post(&format!("{ROLL}/remove"), &[("serial", "1")])
            .await
            .body;
        assert!(asked.contains("off the roll?"), "{asked}");
        let done = browser
            .post(
                &format!("{ROLL}/remove"),
                &[("serial", "1"), ("sure", "yes")],
            )
            .await
            .body;
        assert!(done.contains("One person was taken off"), "{done}");
        let again = browser
            .post(&format!("{ROLL}/remove"), &[("serial", "1")])
            .await;
        assert_eq!(again.status, 404);
        let record = browser.get("/staff/audit").await.body;
        assert!(
            record.contains("took the person with the number 1 off the roll"),
            "{record}"
        );
        assert!(!record.contains("Anna"), "{record}");
    }
);

on_both!(
    a_form_with_a_file_has_limits_and_pages_for_them,
    async |app: TestApp| {
        let browser = staff(&app).await;
        open_by_code(&app, 1).await;
        let mut csv = b"name,address\n".to_vec();
        for number in 0..30_000 {
            csv.extend(format!("Person {number},{number} High Street\n").as_bytes());
        }
        assert!(csv.len() > 512 * 1024 && csv.len() < 2 * 1024 * 1024);
        let file = [("file", Some("roll.csv"), &csv[..]), ("do", None, b"check")];
        let (status, page) = upload(&browser, ROLL, &file).await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("nothing was written: 30000"), "{page}");
        let large = vec![b'x'; 2 * 1024 * 1024 + 1];
        let (status, page) = upload(&browser, ROLL, &[("file", Some("roll.csv"), &large)]).await;
        assert_eq!(status, 413, "{page}");
        assert!(page.contains("E-TOO-LARGE"), "{page}");
        let not_text = [
            ("people", None, &b"name\xff\xfe"[..]),
            ("file", Some("a.csv"), b"name,address\n\xff,b\n"),
        ];
        let (status, page) = upload(&browser, ROLL, &not_text).await;
        assert_eq!(status, 422);
        assert!(page.contains("not text in UTF-8"), "{page}");
        let plain = browser.post(ROLL, &[("people", "name")]).await;
        assert_eq!(plain.status, 415);
        let broken = browser
            .request(Method::POST, ROLL)
            .header("content-type", "multipart/form-data; boundary=edge")
            .header("sec-fetch-site", "same-origin")
            .body("--edge\r\nContent-Disp")
            .send()
            .await
            .unwrap();
        assert_eq!(broken.status(), 400);
        let foreign = browser
            .request(Method::POST, ROLL)
            .header("content-type", "multipart/form-data; boundary=edge")
            .header("sec-fetch-site", "cross-site")
            .body("--edge--\r\n")
            .send()
            .await
            .unwrap();
        assert_eq!(foreign.status(), 403);
        // A wave without codes has no roll, and says why.
        open_attitudes(&app).await;
        let page = browser
            .get("/staff/w/co-production-attitudes/now/roll")
            .await
            .body;
        assert!(
            page.contains("open to everyone and needs no roll"),
            "{page}"
        );
        // Other forms keep their smaller limit.
        let (status, _) =
            upload(&browser, &format!("{ROLL}/find"), &[("name", None, &large)]).await;
        assert!([413, 415].contains(&status));
    }
);

on_both!(
    a_person_who_asks_is_answered_on_the_page_on_privacy,
    async |app: TestApp| {
        let browser = staff(&app).await;
        let (key, _) = open_by_code(&app, 1).await;
        let csv = "name,address,email\nAnna,1 High Street,anna@example.org\n";
        import_roll::import(&app.services, &operator(), &key, csv.as_bytes(), false)
            .await
            .unwrap();
        let page = browser.get("/staff/privacy").await.body;
        for words in [
            "Rolls: names and addresses",
            "citizen-priorities-knapsack/now",
            "Counted answers carry no name",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let person = "/staff/privacy/person";
        let export = browser
            .post(person, &[("email", "Anna@Example.org"), ("do", "export")])
            .await;
        let json: serde_json::Value = serde_json::from_str(&export.body).unwrap();
        assert_eq!(json["rolls"][0]["address"][0], "1 High Street");
        let unsure = browser
            .post(person, &[("email", "anna@example.org"), ("do", "erase")])
            .await;
        assert_eq!(unsure.status, 422);
        assert!(
            unsure.body.contains("Tick that you have made sure"),
            "{}",
            unsure.body
        );
        let fields = [
            ("email", "anna@example.org"),
            ("do", "erase"),
            ("sure", "yes"),
        ];
        let done = browser.post(person, &fields).await.body;
        assert!(done.contains("entries on rolls: 1"), "{done}");
        assert!(!done.contains("anna@example.org"), "{done}");
        let own = [("email", STAFF_EMAIL), ("do", "erase"), ("sure", "yes")];
        let refused = browser.post(person, &own).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.body.contains("belongs to a member of staff"),
            "{}",
            refused.body
        );
    }
);

on_both!(
    the_front_page_names_what_a_role_may_open,
    async |app: TestApp| {
        let browser = staff(&app).await;
        // The front page of staff names what a role may open, and no more.
        app.add_user("keyer@example.org", Role::Keyer).await;
        let home = browser.get("/staff").await.body;
        assert!(
            home.contains("/staff/privacy") && home.contains("/staff/audit"),
            "{home}"
        );
        let keyer = Browser::of_staff(&app, "keyer@example.org").await;
        let home = keyer.get("/staff").await.body;
        assert!(
            !home.contains("/staff/privacy") && !home.contains("/staff/audit"),
            "{home}"
        );
    }
);
