//! Which passwords are accepted.

use countmein::service::password::{NewPassword, PasswordError};

const EMAIL: &str = "jo.macdonald@fairview-council.example";

fn fault(password: &str) -> Option<PasswordError> {
    NewPassword::new(password.to_owned(), EMAIL).err()
}

#[test]
fn what_anyone_would_try_first_is_refused() {
    for common in [
        "passwordpassword",
        "Password12345",
        "P4$$w0rd!!!!",
        "P4ssw0rd123456",
        "MyPassword2026",
        "Welcome-2026!!",
        "Summer2026!!!!",
        "letmeinletmein",
        "administrator1",
        "qwertyuiop123",
        "1qaz2wsx3edc4rfv",
        "zaq12wsxcde3",
        "poiuytrewq09",
        "123456789012",
        "098765432109",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "aaaabbbbcccc",
        "🦉🦉🦉🦉🦉🦉🦉🦉🦉🦉🦉🦉",
        "password🦉2026",
        "abcabcabcabca",
        "blueblueblue",
        "Count Me In 2026",
        "countmein-9F3K",
        "CountMeInCountMeIn",
        "january february",
        "iloveyou iloveyou",
        "jo.macdonald",
        "JoMacdonald1984",
        "macdonald-fairview",
        "m4cd0n4ld2026!",
        "fairview-council.example",
        "!@#$%^&*()_+",
    ] {
        assert_eq!(fault(common), Some(PasswordError::TooCommon), "{common}");
    }
}

/// Leaked ones of twelve characters or more, which no shape tells: only a list does.
#[test]
fn leaked_passwords_are_refused_from_a_list() {
    for leaked in [
        "unbelievable",
        "butterfly123",
        "manchester12",
        "liverpoolfc1",
    ] {
        assert_eq!(fault(leaked), Some(PasswordError::TooCommon), "{leaked}");
    }
}

#[test]
fn a_few_words_or_any_signs_make_a_password() {
    for good in [
        "a few quiet words",
        "correct horse battery staple",
        "heron lamp gravel tuesday",
        "wq8#Lm2!pZ0x",
        "summer is my umbrella thief",
        "żółta łódka płynie",
        "四つの静かな言葉がここにある",
        "7f3c91b2aa04de6518c0",
        "🦉🧭🪁🧺🛶🪵🧵🪡🧶🥾🪨🌾",
        "            space at the front",
        "%]~;(/}#.&=+",
    ] {
        assert_eq!(fault(good), None, "{good}");
    }
}

/// In characters, not bytes; spaces are characters, and none is cut off.
#[test]
fn the_length_is_counted_in_characters() {
    assert_eq!(fault("żółwikręciż"), Some(PasswordError::TooShort));
    assert_eq!(fault("żółwikręciżą"), None);
    let long =
        |length: usize| -> String { "heron lamp gravel ".chars().cycle().take(length).collect() };
    assert_eq!(fault(&long(129)), Some(PasswordError::TooLong));
    assert_eq!(fault(&long(128)), None);
}
