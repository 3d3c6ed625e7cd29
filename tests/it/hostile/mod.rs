//! Hostile strings through every field into every page, mail and file: no script runs, no cell is a
//! formula, no header is added.
//!
//! - [`corpus`]: the strings.
//! - [`survey`]: the fields of survey files; a new one is one line there.
//! - [`typed`]: what is typed into forms and addresses; a new one is one line there.
//! - [`typed_post`]: the same at the mail bag, at batches and at the desk where sheets are keyed.
//! - [`journey`]: every page, mail and file that the fields of a survey come out of.
//! - [`paper`]: what is made of the roll of a survey: cards, letters, papers and mails.
//! - [`acts`]: what stands on record: reasons, of paper too, and addresses of those who were invited.
//! - [`checks`]: what holds of every mail, every table and every line in a terminal.
//! - [`dom`]: a page as a browser sees it.

mod acts;
mod browser;
mod checks;
mod corpus;
mod dom;
mod files;
mod journey;
mod paper;
mod survey;
mod typed;
mod typed_post;
