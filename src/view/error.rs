//! Pages for what went wrong: what happened, what to do, and what the person had chosen, so that
//! nothing has to be remembered or lost.

use std::time::Duration;

use askama::Template;
use time::UtcOffset;

use super::{dates, page::Page};
use crate::domain::moment::Moment;

/// Every kind of refusal that has a page. Codes are stable; words are in the catalogues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    NotFound,
    /// The wave is there, and its results are not public yet.
    NotPublished,
    /// The wave is answered by post or at a meeting.
    NotOnline,
    MethodNotAllowed,
    Closed,
    NotYetOpen,
    Malformed,
    TooLarge,
    WrongContentType,
    /// The answers under way are gone.
    Expired,
    AnswerFaults,
    AlreadyCounted,
    CodeUnknown,
    CodeAlreadyCounted,
    Forbidden,
    TooManyAttempts,
    /// Too many codes that were never issued came from this network.
    TooManyCodes,
    /// It took too long: here, or on the way.
    TimedOut,
    ServerError,
}

impl ErrorKind {
    pub const ALL: [Self; 19] = [
        Self::NotFound,
        Self::NotPublished,
        Self::NotOnline,
        Self::MethodNotAllowed,
        Self::Closed,
        Self::NotYetOpen,
        Self::Malformed,
        Self::TooLarge,
        Self::WrongContentType,
        Self::Expired,
        Self::AnswerFaults,
        Self::AlreadyCounted,
        Self::CodeUnknown,
        Self::CodeAlreadyCounted,
        Self::Forbidden,
        Self::TooManyAttempts,
        Self::TooManyCodes,
        Self::TimedOut,
        Self::ServerError,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "E-NOT-FOUND",
            Self::NotPublished => "E-NOT-PUBLISHED",
            Self::NotOnline => "E-NOT-ONLINE",
            Self::MethodNotAllowed => "E-METHOD",
            Self::Closed => "E-CLOSED",
            Self::NotYetOpen => "E-NOT-YET-OPEN",
            Self::Malformed => "E-MALFORMED",
            Self::TooLarge => "E-TOO-LARGE",
            Self::WrongContentType => "E-CONTENT-TYPE",
            Self::Expired => "E-EXPIRED",
            Self::AnswerFaults => "E-ANSWERS",
            Self::AlreadyCounted => "E-ALREADY-COUNTED",
            Self::CodeUnknown => "E-CODE-UNKNOWN",
            Self::CodeAlreadyCounted => "E-CODE-COUNTED",
            Self::Forbidden => "E-FORBIDDEN",
            Self::TooManyAttempts => "E-TOO-MANY",
            Self::TooManyCodes => "E-TOO-MANY-CODES",
            Self::TimedOut => "E-TIMED-OUT",
            Self::ServerError => "E-SERVER",
        }
    }

    /// HTTP status of the page.
    pub fn status(self) -> u16 {
        match self {
            Self::NotFound | Self::NotPublished | Self::NotOnline | Self::CodeUnknown => 404,
            Self::MethodNotAllowed => 405,
            Self::Closed | Self::NotYetOpen | Self::Forbidden => 403,
            Self::Malformed => 400,
            Self::TooLarge => 413,
            Self::WrongContentType => 415,
            Self::Expired => 410,
            Self::AnswerFaults => 422,
            Self::AlreadyCounted | Self::CodeAlreadyCounted => 409,
            Self::TooManyAttempts | Self::TooManyCodes => 429,
            Self::TimedOut => 503,
            Self::ServerError => 500,
        }
    }

    fn wording(self, part: &str) -> String {
        let name = match self {
            Self::NotFound => "not-found",
            Self::NotPublished => "not-published",
            Self::NotOnline => "not-online",
            Self::MethodNotAllowed => "method",
            Self::Closed => "closed",
            Self::NotYetOpen => "not-yet-open",
            Self::Malformed => "malformed",
            Self::TooLarge => "too-large",
            Self::WrongContentType => "content-type",
            Self::Expired => "expired",
            Self::AnswerFaults => "answers",
            Self::AlreadyCounted => "already-counted",
            Self::CodeUnknown => "code-unknown",
            Self::CodeAlreadyCounted => "code-counted",
            Self::Forbidden => "forbidden",
            Self::TooManyAttempts => "too-many",
            Self::TooManyCodes => "too-many-codes",
            Self::TimedOut => "timed-out",
            Self::ServerError => "server",
        };
        format!("error.{name}.{part}")
    }
}

#[derive(Debug, Template)]
#[template(path = "error.html", config = "src/view/askama.toml")]
pub struct ErrorPage {
    page: Page,
    heading: String,
    code: &'static str,
    what: Vec<String>,
    how: Vec<String>,
    kept: Vec<(String, String)>,
    reference: Option<String>,
    /// Where to go on, and what that is.
    onward: Option<(String, String)>,
    status: u16,
    retry_after: Option<Duration>,
}

impl ErrorPage {
    pub fn new(page: &Page, kind: ErrorKind) -> Self {
        let heading = page.t(&kind.wording("title")).to_owned();
        Self {
            page: page.titled(heading.clone()),
            code: kind.code(),
            what: vec![page.t(&kind.wording("what")).to_owned()],
            how: vec![page.t(&kind.wording("how")).to_owned()],
            kept: Vec::new(),
            reference: None,
            onward: None,
            status: kind.status(),
            retry_after: None,
            heading,
        }
    }

    /// Adds to “What happened”, in the words of [`super::words_for_fault`] or of a date.
    #[must_use]
    pub fn because(mut self, detail: impl Into<String>) -> Self {
        self.what.push(detail.into());
        self
    }

    /// Says when the wave closed, or when it opens.
    #[must_use]
    pub fn at(self, moment: Moment, offset: UtcOffset) -> Self {
        let words = self.page.words;
        let key = if self.code == ErrorKind::NotYetOpen.code() {
            "start.not-yet"
        } else {
            "start.closed"
        };
        let sentence = words.t_with(key, &[("when", &dates::moment(words, moment, offset))]);
        self.because(sentence)
    }

    /// Says how long to wait, in minutes.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        let minutes = wait.as_secs().div_ceil(60).max(1);
        self.how
            .insert(0, self.page.words.t_count("error.again", minutes, &[]));
        self.retry_after = Some(wait);
        self
    }

    /// Offers a page to go on to.
    #[must_use]
    pub fn leading_to(mut self, href: impl Into<String>, title: impl Into<String>) -> Self {
        self.onward = Some((href.into(), title.into()));
        self
    }

    /// Shows each question with the answer that was chosen.
    #[must_use]
    pub fn keeping(mut self, kept: Vec<(String, String)>) -> Self {
        self.kept = kept;
        self
    }

    /// What to quote when asking for help: the id of the request in the log.
    #[must_use]
    pub fn with_reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    pub fn status(&self) -> u16 {
        self.status
    }

    /// After how long it makes sense to try again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}
