//! What every page has: a language and the way to another, a title, and the frame around it.

use super::words::{Catalogue, Words};
use crate::domain::{
    role::{Permission, Role},
    text::Lang,
};

#[derive(Debug, Clone)]
pub struct Page {
    pub(super) lang: Lang,
    pub(super) words: &'static Catalogue,
    pub(super) languages: Vec<LanguageLink>,
    pub(super) title: String,
    pub(super) is_staff: bool,
    pub(super) navigation: Vec<NavigationLink>,
    has_errors: bool,
    path: String,
}

/// One entry of the language switch.
#[derive(Debug, Clone)]
pub(super) struct LanguageLink {
    pub lang: Lang,
    pub name: String,
    pub href: String,
    pub is_current: bool,
}

/// The pages that staff go to from anywhere, with what each takes.
const STAFF_PAGES: &[(Permission, &str, &str)] = &[
    (Permission::SeeWaves, "/staff", "Waves"),
    (Permission::RunWaves, "/staff/requests", "Requests"),
    (Permission::ManageUsers, "/staff/users", "Users"),
    (Permission::ReadAudit, "/staff/audit", "Record of acts"),
    (Permission::ManagePrivacy, "/staff/privacy", "Privacy"),
    (Permission::ShowScreen, "/staff/screen", "Screens"),
    (Permission::OwnAccount, "/staff/account", "Account"),
];

/// One entry of the navigation of staff.
#[derive(Debug, Clone)]
pub(super) struct NavigationLink {
    pub href: &'static str,
    pub name: &'static str,
    /// This page, or the one that it hangs from.
    pub is_current: bool,
    pub is_page: bool,
}

/// A fault in the list at the top of a page, with a link to its field.
#[derive(Debug, Clone)]
pub(super) struct SummaryLine {
    pub href: String,
    pub text: String,
}

impl Page {
    /// `path` is where a GET shows this page again, with its query and without `lang`. The switch
    /// offers the languages that have a catalogue.
    pub fn new(lang: &Lang, path: &str) -> Self {
        let page = Self {
            lang: lang.clone(),
            words: Words::for_lang(lang),
            languages: Vec::new(),
            title: String::new(),
            is_staff: false,
            navigation: Vec::new(),
            has_errors: false,
            path: path.to_owned(),
        };
        let offered: Vec<Lang> = Words::all()
            .iter()
            .filter_map(|words| Lang::new(words.tag()).ok())
            .collect();
        page.offering(&offered)
    }

    /// The switch offers these languages instead: those of the survey.
    #[must_use]
    pub fn offering(mut self, languages: &[Lang]) -> Self {
        self.languages = languages
            .iter()
            .map(|lang| LanguageLink {
                lang: lang.clone(),
                name: Words::name_of(lang),
                href: self.address_in(lang),
                is_current: *lang == self.lang,
            })
            .collect();
        self
    }

    /// A page for staff before they are known: in English, without the switch.
    pub fn for_staff(path: &str) -> Self {
        Self {
            is_staff: true,
            ..Self::new(&Lang::english(), path).offering(&[])
        }
    }

    /// The same for somebody who is logged in: with the way to every page that their role may see.
    pub fn for_role(path: &str, role: Role) -> Self {
        let navigation = STAFF_PAGES
            .iter()
            .filter(|(permission, ..)| role.may(*permission))
            .map(|(_, href, name)| NavigationLink {
                href,
                name,
                is_current: *href == path || *href == section_of(path),
                is_page: *href == path,
            })
            .collect();
        Self {
            navigation,
            ..Self::for_staff(path)
        }
    }

    pub fn lang(&self) -> &Lang {
        &self.lang
    }

    pub(super) fn titled(&self, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..self.clone()
        }
    }

    /// A screen reader reads the title first: it has to say that something needs attention.
    pub(super) fn with_errors(self, has_errors: bool) -> Self {
        Self { has_errors, ..self }
    }

    pub(super) fn title_line(&self) -> String {
        let title = &self.title;
        let name = self.words.t("service.name");
        let line = if title == name {
            title.clone()
        } else {
            format!("{title} – {name}")
        };
        if self.has_errors {
            self.words.t_with("page.error-title", &[("title", &line)])
        } else {
            line
        }
    }

    pub(super) fn t(&self, key: &str) -> &str {
        self.words.t(key)
    }

    fn address_in(&self, lang: &Lang) -> String {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        format!("{}{joint}lang={lang}", self.path)
    }
}

/// The page of the navigation that a page of one wave, user or screen hangs from.
fn section_of(path: &str) -> &str {
    if path.starts_with("/staff/w/") {
        return "/staff";
    }
    let end = path.match_indices('/').nth(2).map(|(end, _)| end);
    end.map_or(path, |end| &path[..end])
}

/// The paragraphs of a text from a survey file: they are set apart by an empty line.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}
