//! The tables and values of a file, with the place of each.

use std::{borrow::Cow, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A table of the file, and what to call it to its author.
pub(super) struct Section<'d> {
    pub(super) title: String,
    pub(super) span: Range<usize>,
    pub(super) table: &'d DeTable<'d>,
    pub(super) is_root: bool,
}

/// A value of the file under its name.
#[derive(Clone)]
pub(super) struct Entry<'d> {
    pub(super) name: &'d str,
    /// From the name to the end of the value.
    pub(super) span: Range<usize>,
    pub(super) value: &'d DeValue<'d>,
}

impl<'d> Section<'d> {
    pub(super) fn root(table: &'d DeTable<'d>) -> Self {
        Self {
            title: "the survey".to_owned(),
            span: 0..0,
            table,
            is_root: true,
        }
    }

    pub(super) fn entry(&self, name: &str) -> Option<Entry<'d>> {
        let (key, value) = self.table.get_key_value(name)?;
        Some(Entry::new(key, value))
    }

    /// Every entry, in the order of the alphabet.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'d>> {
        self.table.iter().map(|(key, value)| Entry::new(key, value))
    }
}

impl<'d> Entry<'d> {
    fn new(key: &'d Spanned<Cow<'d, str>>, value: &'d Spanned<DeValue<'d>>) -> Self {
        let (key_span, value_span) = (key.span(), value.span());
        Self {
            name: key.get_ref(),
            span: key_span.start.min(value_span.start)..key_span.end.max(value_span.end),
            value: value.get_ref(),
        }
    }

    /// An element of a list, under the name of the list.
    pub(super) fn element(name: &'d str, element: &'d Spanned<DeValue<'d>>) -> Self {
        Self {
            name,
            span: element.span(),
            value: element.get_ref(),
        }
    }

    pub(super) fn is_empty_list(&self) -> bool {
        self.value.as_array().is_some_and(|list| list.is_empty())
    }
}
