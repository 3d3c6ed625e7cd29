//! Codes of authenticator apps and recovery codes.

use countmein::domain::{
    moment::Moment,
    second_factor::{RecoveryCode, SecondFactor, TotpSecret, TotpStep},
};
use rand::{SeedableRng, rngs::StdRng};

fn at(seconds: i64) -> Moment {
    Moment::from_millis(seconds * 1000)
}

/// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
#[test]
fn codes_are_those_of_the_standard() {
    let secret: TotpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".parse().unwrap();
    for (seconds, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(secret.code_at(at(seconds)), code);
        let step = TotpStep(seconds / 30);
        for (typed, clock) in [
            (code.to_owned(), seconds),
            (format!("{} {}", &code[..3], &code[3..]), seconds),
            (code.to_owned(), seconds - 30),
            (code.to_owned(), seconds + 30),
        ] {
            assert_eq!(
                secret.step_of(&typed, at(clock)),
                Some(step),
                "{typed} at {clock}"
            );
        }
        // Before 1970 there are no steps: the first code is the only one without a time before it.
        for clock in [seconds - 60, seconds + 60]
            .into_iter()
            .filter(|clock| *clock >= 0)
        {
            assert_eq!(secret.step_of(code, at(clock)), None);
        }
    }
}

#[test]
fn what_is_no_code_is_none() {
    let secret: TotpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".parse().unwrap();
    for typed in [
        "",
        "28708",
        "2870820",
        "+87082",
        "28708a",
        "２８７０８２",
        "5924",
    ] {
        assert_eq!(secret.step_of(typed, at(59)), None, "{typed}");
        assert_eq!(secret.step_of(typed, at(1_234_567_890)), None, "{typed}");
    }
}

#[test]
fn a_secret_is_written_for_apps_and_for_people() {
    let secret = TotpSecret::random(&mut StdRng::seed_from_u64(7));
    let text = secret.to_base32();
    assert_eq!(text.len(), 32);
    assert_eq!(secret.in_blocks().replace(' ', ""), text);
    let read: TotpSecret = text.parse().unwrap();
    assert_eq!(read.to_base32(), text);
    let address = secret.address("jo+1&x=y@example.org");
    let wanted = format!(
        "otpauth://totp/Count%20Me%20In:jo%2B1%26x%3Dy@example.org?secret={text}&issuer=Count%20Me%20In"
    );
    assert_eq!(address, wanted);
    assert_eq!(format!("{secret:?}"), "TotpSecret(…)");
    assert!("GEZDGNBV".parse::<TotpSecret>().is_err());
}

#[test]
fn recovery_codes_are_read_as_people_type_them() {
    let code = RecoveryCode::random(&mut StdRng::seed_from_u64(7));
    let written = code.to_string();
    assert_eq!(written.split('-').map(str::len).collect::<Vec<_>>(), [4; 6]);
    let relaxed = written
        .to_lowercase()
        .replace('-', "")
        .replace('0', "o")
        .replace('1', "l");
    for typed in [written.clone(), written.replace('-', " "), relaxed] {
        let SecondFactor::Recovery(read) = SecondFactor::read(&typed) else {
            panic!("{typed} is a recovery code");
        };
        assert_eq!(read, code);
        assert_eq!(read.hash(), code.hash());
    }
    assert_eq!(code.hash().len(), 64);
    assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
    assert!(matches!(
        SecondFactor::read("123 456"),
        SecondFactor::AppCode(_)
    ));
}
