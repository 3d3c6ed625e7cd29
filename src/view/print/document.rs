//! What every document for paper has: a language, a size of print, and its style.

use std::fmt::Write;

use crate::{
    domain::text::Lang,
    view::{assets, words::Catalogue},
};

/// How a document is printed.
#[derive(Debug, Clone)]
pub struct PrintOptions {
    pub lang: Lang,
    pub size: PrintSize,
    pub styles: Styles,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintSize {
    /// 14 pt.
    Standard,
    /// 18 pt, for people who see less well.
    Large,
}

impl PrintSize {
    pub fn large_if(is_large: bool) -> Self {
        if is_large {
            Self::Large
        } else {
            Self::Standard
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Styles {
    /// The whole document in one file, to keep or to turn into a PDF.
    Inline,
    /// For a page of the service, where no style is taken but that of a file.
    Linked,
}

#[derive(Debug)]
pub(super) struct Document {
    pub lang: Lang,
    pub words: &'static Catalogue,
    pub title: String,
    pub large: bool,
    pub style: Style,
}

#[derive(Debug)]
pub(super) enum Style {
    Inline(String),
    Linked(&'static str),
}

impl Document {
    pub fn new(options: &PrintOptions, words: &'static Catalogue, title: String) -> Self {
        Self {
            lang: options.lang.clone(),
            words,
            title,
            large: options.size == PrintSize::Large,
            style: match options.styles {
                Styles::Inline => Style::Inline(assets::PRINT_STYLE.to_owned()),
                Styles::Linked => Style::Linked(assets::print_style_path()),
            },
        }
    }

    /// Prints `line` at the foot of every page of a questionnaire. A linked style cannot have it.
    pub fn with_foot(mut self, line: &str) -> Self {
        if let Style::Inline(css) = &mut self.style {
            let quoted = line.replace(['"', '\\', '<', '\n'], " ");
            // Writing to a string cannot fail.
            let _ = write!(css, "\n:root {{ --foot: \"{quoted}\"; }}\n");
        }
        self
    }

    pub fn t(&self, key: &str) -> &str {
        self.words.t(key)
    }
}
