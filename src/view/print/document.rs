//! What every document for paper has: a language, a size of print, and its style.

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
    /// Where the style is that says what stands at the foot of each page.
    pub foot_style: Option<String>,
}

/// Says what stands at the foot of each page.
pub(super) fn foot_css(line: &str) -> String {
    let quoted = line.replace(['"', '\\', '<', '\n'], " ");
    format!("\n:root {{ --foot: \"{quoted}\"; }}\n")
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
            foot_style: None,
        }
    }

    /// Prints `line` at the foot of every page of a questionnaire. A linked style gets it from a file
    /// beside the page: no page may have a style in it.
    pub fn with_foot(mut self, line: &str) -> Self {
        match &mut self.style {
            Style::Inline(css) => css.push_str(&foot_css(line)),
            Style::Linked(_) => self.foot_style = Some(format!("paper.css?language={}", self.lang)),
        }
        self
    }

    pub fn t(&self, key: &str) -> &str {
        self.words.t(key)
    }
}
