//! The files that pages load. Their addresses carry a hash of their content, so that a browser may
//! keep them for ever and still sees a new version at once.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::domain::hex::hex;

pub const STYLE: &str = include_str!("assets/style.css");
pub const PRINT_STYLE: &str = include_str!("assets/print.css");
/// For pages of staff, beside the other.
pub const STAFF_STYLE: &str = include_str!("assets/staff.css");
pub const BALLOT_JS: &str = include_str!("assets/ballot.js");
pub const POST_JS: &str = include_str!("assets/post.js");
/// Keying of paper: the fields of a sheet, what is not saved yet, and the desk itself.
pub const PAPER_JS: &str = include_str!("assets/paper.js");
pub const QUEUE_JS: &str = include_str!("assets/queue.js");
pub const KEYING_JS: &str = include_str!("assets/keying.js");
pub const ICON: &str = include_str!("assets/icon.svg");

/// One file: where it is, what it is, and its content.
#[derive(Debug)]
pub struct Asset {
    name: &'static str,
    pub path: String,
    pub content_type: &'static str,
    pub content: &'static str,
}

static ASSETS: LazyLock<[Asset; 9]> = LazyLock::new(|| {
    [
        asset("style", "css", "text/css; charset=utf-8", STYLE),
        asset("ballot", "js", "text/javascript; charset=utf-8", BALLOT_JS),
        asset("icon", "svg", "image/svg+xml; charset=utf-8", ICON),
        asset("print", "css", "text/css; charset=utf-8", PRINT_STYLE),
        asset("staff", "css", "text/css; charset=utf-8", STAFF_STYLE),
        asset("post", "js", "text/javascript; charset=utf-8", POST_JS),
        asset("queue", "js", "text/javascript; charset=utf-8", QUEUE_JS),
        asset("keying", "js", "text/javascript; charset=utf-8", KEYING_JS),
        asset("paper", "js", "text/javascript; charset=utf-8", PAPER_JS),
    ]
});

pub fn all() -> &'static [Asset] {
    ASSETS.as_slice()
}

/// The asset at `path`, such as `/assets/style-1a2b3c4d.css`.
pub fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

pub fn style_path() -> &'static str {
    path_of("style")
}

/// The style that pages for staff have beside the other.
pub fn staff_style_path() -> &'static str {
    path_of("staff")
}

pub fn script_path() -> &'static str {
    path_of("ballot")
}

/// The script of the page on which envelopes are scanned.
pub fn post_script_path() -> &'static str {
    path_of("post")
}

/// The scripts of the desk at which paper is keyed, in the order in which they are loaded.
pub fn keying_script_paths() -> [&'static str; 3] {
    ["paper", "queue", "keying"].map(path_of)
}

pub fn icon_path() -> &'static str {
    path_of("icon")
}

/// The style of pages for paper, which need no other.
pub fn print_style_path() -> &'static str {
    path_of("print")
}

fn path_of(name: &str) -> &'static str {
    let named = ASSETS.iter().find(|asset| asset.name == name);
    named.map_or("", |asset| asset.path.as_str())
}

fn asset(
    name: &'static str,
    ending: &str,
    content_type: &'static str,
    content: &'static str,
) -> Asset {
    let hash = hex(&Sha256::digest(content.as_bytes())[..4]);
    Asset {
        name,
        path: format!("/assets/{name}-{hash}.{ending}"),
        content_type,
        content,
    }
}
