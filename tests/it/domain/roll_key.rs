//! Fingerprints of people: keyed, and of one wave only.

use countmein::domain::{
    id::WaveId,
    roll::{Person, RollKey},
};

fn person(name: &str, address: &str, email: Option<&str>) -> Person {
    Person::stored(name.to_owned(), address, email.map(str::to_owned))
}

#[test]
fn nobody_without_the_key_or_from_another_wave_finds_a_person() {
    let (key, other) = (RollKey::new(&[1; 32]), RollKey::new(&[2; 32]));
    let ada = person("Ada Lis", "1 Mill Lane", Some("ada@example.org"));
    let prints = key.fingerprints(WaveId(1), &ada);
    assert_eq!(prints, key.fingerprints(WaveId(1), &ada));
    let elsewhere = [
        other.fingerprints(WaveId(1), &ada),
        key.fingerprints(WaveId(2), &ada),
    ];
    for print in prints.all() {
        assert_eq!(print.len(), 64);
        for others in &elsewhere {
            assert!(others.all().all(|other| other != print));
        }
    }
}

#[test]
fn what_is_written_otherwise_is_the_same_and_what_is_other_is_not() {
    let key = RollKey::new(&[1; 32]);
    let print = |name, address| {
        let prints = key.fingerprints(WaveId(1), &person(name, address, None));
        prints.by_address.unwrap()
    };
    let one = print("Zoë O'Neill", "1 High Street\nEH6 1AA");
    assert_eq!(one, print("ZOE\u{308} ONeill.", "1, High street EH61AA"));
    assert_ne!(one, print("Zoe O'Neill", "1 High Street\nEH6 1AA"));
    assert_ne!(one, print("Zoë O'Neill1", "High Street\nEH6 1AA"));
    // Signs alone are still a name.
    assert_ne!(print("☆", "1 High Street"), print("☾", "1 High Street"));
    let mail = |email| {
        let prints = key.fingerprints(WaveId(1), &person("Ada", "", Some(email)));
        assert_eq!(Some(prints.main()), prints.by_mail.as_deref());
        prints.by_mail.unwrap()
    };
    assert_eq!(mail("a.b@example.org"), mail("A.B@example.org"));
    assert_ne!(mail("a.b@example.org"), mail("ab@example.org"));
}
