//! Pages for staff.

pub mod ask;
pub mod audit;
pub mod codes;
pub mod edit;
pub mod login;
pub mod privacy;
pub mod requests;
pub mod roll;
pub mod screen;
pub mod wave;
pub mod waves;

/// What a use case says, as a sentence of its own: without its full stop.
fn sentence(text: &str) -> String {
    let mut symbols = text.chars();
    symbols.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(symbols).collect()
    })
}
