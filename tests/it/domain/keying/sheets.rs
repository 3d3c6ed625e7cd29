//! What can be keyed of a sheet, and where two keyings of it differ.

use countmein::domain::keying::{
    ClientId, ContentError, Difference, Place, SheetContent, SheetForm, differences,
};
use proptest::prelude::*;

use super::{narrow_form, survey};
use crate::support::repository_file;

fn form(name: &str) -> SheetForm {
    SheetForm::of(&survey(&repository_file(&format!("surveys/{name}.toml"))))
}

#[test]
fn a_sheet_has_a_place_for_each_item_and_each_project() {
    assert_eq!(form("co-production-attitudes").empty(), "-------");
    assert_eq!(form("citizen-priorities").empty(), "-000000000000");
    assert_eq!(form("citizen-priorities").width(), 13);
}

#[test]
fn what_is_keyed_is_read_mark_for_mark() {
    let form = form("citizen-priorities");
    for text in [
        "3000000000000",
        "?111111111111",
        "*00?000000000",
        "60000000000-1",
    ] {
        let read = form.read(text);
        if text.ends_with("-1") {
            assert_eq!(read, Err(ContentError::Symbol { place: 12 }));
        } else {
            assert_eq!(read, Ok(SheetContent::Marked(text.to_owned())));
        }
    }
    for whole in ["=blank", "=spoilt", "=unreadable"] {
        assert_eq!(form.read(whole).unwrap().to_string(), whole);
    }
    assert_eq!(form.read("-000000000000"), Ok(SheetContent::Blank));
    // The item has six answers.
    let seventh = form.read("7000000000000");
    assert_eq!(seventh, Err(ContentError::Symbol { place: 1 }));
    for text in ["", "3", "30000000000001", "=Blank", "3é00000000000"] {
        let refused = form.read(text);
        assert!(
            matches!(refused, Err(ContentError::Length { expected: 13, .. })),
            "{text}"
        );
    }
}

fn field(place: usize, first: &str, second: &str) -> Difference {
    Difference {
        place: Place::Field(place),
        first: first.to_owned(),
        second: second.to_owned(),
    }
}

#[test]
fn a_blank_sheet_differs_by_place_and_a_spoilt_one_as_a_whole() {
    let form = narrow_form();
    let differ = |one: &str, two: &str| {
        differences(&form, &form.read(one).unwrap(), &form.read(two).unwrap())
    };
    assert!(differ("=blank", "-0").is_empty());
    assert!(differ("=unreadable", "=unreadable").is_empty());
    assert_eq!(differ("1?", "10"), [field(1, "?", "0")]);
    assert_eq!(
        differ("=blank", "*1"),
        [field(0, "-", "*"), field(1, "0", "1")]
    );
    let whole = [
        ("=spoilt", "11"),
        ("=spoilt", "=blank"),
        ("=unreadable", "=spoilt"),
    ];
    for (one, two) in whole {
        let found = differ(one, two);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].place, found[0].first.as_str()),
            (Place::Sheet, one)
        );
    }
}

#[test]
fn the_number_of_a_save_has_128_bits() {
    let plain = ClientId::new("00112233445566778899AABBCCDDEEFF").unwrap();
    let written = ClientId::new("00112233-4455-6677-8899-aabbccddeeff").unwrap();
    assert_eq!(plain, written);
    assert_eq!(plain.as_str(), "00112233445566778899aabbccddeeff");
    for bad in [
        "",
        "0011",
        "00112233445566778899aabbccddeeff0",
        "z0112233445566778899aabbccddeeff",
    ] {
        assert!(ClientId::new(bad).is_none(), "{bad}");
    }
}

proptest! {
    /// A difference at each place that is not the same, and at no other; nothing keyed is changed.
    #[test]
    fn differences_are_the_places_that_are_not_the_same(
        one in "[1-5?*-]{7}",
        two in "[1-5?*-]{7}",
    ) {
        let form = form("co-production-attitudes");
        let (first, second) = (form.read(&one).unwrap(), form.read(&two).unwrap());
        prop_assert_eq!(first.symbols(&form), Some(one.clone()));
        let found: Vec<Place> = differences(&form, &first, &second)
            .into_iter()
            .map(|difference| difference.place)
            .collect();
        let places: Vec<Place> = (0..7)
            .filter(|place| one.as_bytes()[*place] != two.as_bytes()[*place])
            .map(Place::Field)
            .collect();
        prop_assert_eq!(found, places);
    }
}
