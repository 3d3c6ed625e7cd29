//! More than five hundred texts that somebody might type to do harm, made of their parts: a way out
//! of where a text stands, and something to do there.

use std::{collections::BTreeSet, fmt::Write};

/// What a script of ours would leave behind in a browser, if one of them ran.
pub const RUN: &str = "window.hostile=1";

/// Every text once, in a fixed order.
pub fn all() -> Vec<String> {
    let kinds: [fn() -> Vec<String>; 14] = [
        ways_out_of_markup,
        event_handlers,
        addresses,
        template_words,
        database_words,
        header_lines,
        control_characters,
        directions_and_invisible,
        piles_of_marks,
        lengths,
        formulas,
        paths,
        formats_and_entities,
        other_languages,
    ];
    let mut seen = BTreeSet::new();
    kinds
        .iter()
        .flat_map(|make| make())
        .filter(|text| seen.insert(text.clone()))
        .collect()
}

/// Every byte as addresses can write it: two dots alone would be resolved before they are sent.
pub fn in_address(text: &str) -> String {
    let mut written = String::new();
    for byte in text.bytes() {
        write!(written, "%{byte:02X}").unwrap();
    }
    written
}

fn pairs(heads: &[&str], tails: &[&str]) -> Vec<String> {
    heads
        .iter()
        .flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}")))
        .collect()
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn ways_out_of_markup() -> Vec<String> {
    let ways_out = [
        "",
        "\"",
        "'",
        "`",
        "\">",
        "'>",
        "</p>",
        "</title>",
        "</textarea>",
        "</style>",
        "</script>",
        "</option></select>",
        "</svg>",
        "</td></tr></table>",
        "-->",
        "]]>",
        "<!--",
        "</h1></main>",
    ];
    let script = format!("<script>{RUN}</script>");
    let image = format!("<img src=x onerror={RUN}>");
    let attribute = format!(" onmouseover={RUN} autofocus onfocus={RUN} x=");
    pairs(
        &ways_out,
        &[
            &script,
            &image,
            &attribute,
            "<svg/onload=window.hostile=1//",
        ],
    )
}

fn event_handlers() -> Vec<String> {
    let elements = [
        "img src=x",
        "svg",
        "body",
        "iframe src=x",
        "video src=x",
        "audio src=x",
        "input autofocus",
        "details open",
        "object data=x",
        "embed src=x",
        "button autofocus",
        "a href=x",
        "math",
        "select autofocus",
        "textarea autofocus",
        "style",
        "marquee",
        "form",
        "template",
        "x-y tabindex=1",
    ];
    let handlers = ["onerror", "onload", "onfocus", "ontoggle"];
    elements
        .iter()
        .flat_map(|element| {
            handlers
                .iter()
                .map(move |on| format!("<{element} {on}={RUN}>"))
        })
        .collect()
}

fn addresses() -> Vec<String> {
    let schemes = [
        "javascript:",
        "JaVaScRiPt:",
        "java\tscript:",
        "\u{1}javascript:",
        "javascript&colon;",
        "&#106;avascript:",
        "data:text/html,",
        "vbscript:",
        "file:///",
        "//evil.example/",
        "\\\\evil.example\\",
        "https://evil.example/",
    ];
    schemes
        .iter()
        .flat_map(|scheme| {
            [
                format!("{scheme}{RUN}"),
                format!("<a href=\"{scheme}{RUN}\">press</a>"),
                format!("[press]({scheme}{RUN})"),
            ]
        })
        .collect()
}

fn template_words() -> Vec<String> {
    owned(&[
        "{{7*7}}",
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "{% raw %}",
        "{{ page.title }}",
        "{{constructor.constructor('x')()}}",
        "[[7*7]]",
        "@{7*7}",
        "%{7*7}",
        "*{7*7}",
        "{{{x}}}",
        "{0}",
        "{n}",
        "{when}",
        "{survey}",
        "{title}",
        "{code}",
        "{of}",
        "{",
        "}",
        "{{",
        "{#",
        "#}",
        "$(id)",
        "`id`",
        "; id",
        "| id",
        "&& id",
        "$IFS",
    ])
}

fn database_words() -> Vec<String> {
    let tails = [
        "OR 1=1 --",
        "; DROP TABLE response; --",
        "UNION SELECT password_hash FROM staff_user --",
        "|| 'x",
    ];
    let mut texts = pairs(&["' ", "\" ", ") ", "1 ", "\\' "], &tails);
    texts.extend(owned(&[
        "%",
        "_",
        "%' ESCAPE '",
        "?1",
        "$1",
        ":name",
        "/* */",
        "\\",
        "\\\\",
        "''",
    ]));
    texts
}

fn header_lines() -> Vec<String> {
    let ends = [
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        "\n\n",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "%0d%0a",
        "\\r\\n",
        "\u{560d}\u{560a}",
    ];
    let lines = [
        "Bcc: other@evil.example",
        "Set-Cookie: countmein-staff=x",
        "Subject: another",
        "Location: //evil.example",
        "Content-Type: text/html\r\n\r\n<script>window.hostile=1</script>",
        "--boundary--",
        ".",
    ];
    ends.iter()
        .flat_map(|end| lines.iter().map(move |line| format!("Result{end}{line}")))
        .collect()
}

fn control_characters() -> Vec<String> {
    let mut texts: Vec<String> = (0..0x20_u8)
        .chain(0x7f..0xa0)
        .map(|code| format!("left{}right", char::from(code)))
        .collect();
    texts.extend(owned(&[
        "\u{1b}[2J\u{1b}[31m",
        "\u{1b}]0;title\u{7}",
        "\u{9b}31m",
        "\0",
        "a\0",
    ]));
    texts
}

fn directions_and_invisible() -> Vec<String> {
    let invisible = [
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{202a}',
        '\u{202b}',
        '\u{202c}',
        '\u{202d}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{2067}',
        '\u{2068}',
        '\u{2069}',
        '\u{61c}',
        '\u{feff}',
        '\u{ad}',
        '\u{180e}',
        '\u{3164}',
        '\u{115f}',
        '\u{e0041}',
        '\u{fffe}',
        '\u{ffff}',
        '\u{10ffff}',
        '\u{e000}',
        '\u{fffd}',
    ];
    invisible
        .iter()
        .flat_map(|c| [format!("{c}fdp.exe"), format!("photo{c}gpj.exe")])
        .collect()
}

fn piles_of_marks() -> Vec<String> {
    [
        '\u{301}', '\u{489}', '\u{20dd}', '\u{363}', '\u{e49}', '\u{fe0f}',
    ]
    .iter()
    .map(|mark| format!("Z{}", mark.to_string().repeat(200)))
    .collect()
}

fn lengths() -> Vec<String> {
    let mut texts = Vec::new();
    for unit in ["a", "é", "漢", "🏛", "<b>", "&", "\"", "a "] {
        for length in [255, 256, 2_000] {
            texts.push(unit.repeat(length));
        }
    }
    texts
}

fn formulas() -> Vec<String> {
    let leads = [
        "=",
        "+",
        "-",
        "@",
        "\t=",
        "\r=",
        "\n=",
        " =",
        "＝",
        "＋",
        "－",
        "＠",
        "\u{feff}=",
        "\u{200b}=",
        "'=",
        "\"=",
    ];
    pairs(
        &leads,
        &[
            "1+1",
            "cmd|' /C calc'!A0",
            "HYPERLINK(\"https://evil.example\",\"press\")",
            "SUM(A1:A9)*cmd",
        ],
    )
}

fn paths() -> Vec<String> {
    owned(&[
        "../../etc/passwd",
        "..\\..\\windows",
        "%2e%2e%2fetc",
        "....//....//etc",
        "/etc/passwd",
        "C:\\boot.ini",
        "~root",
        "..%c0%af..",
        "con",
        "nul.txt",
        ".htaccess",
        "a/../b",
        "secret.key%00.html",
        "/dev/null",
        "\\\\?\\C:\\",
        ".",
        "..",
        "/",
    ])
}

fn formats_and_entities() -> Vec<String> {
    owned(&[
        "%s%s%s%n",
        "%x%x%x",
        "%1$s",
        "{:?}",
        "{0:1000000000}",
        "%99999999d",
        "\\x3cscript\\x3e",
        "\\u003cscript\\u003e",
        "&lt;script&gt;",
        "&amp;lt;script&amp;gt;",
        "&#60;script&#62;",
        "&#x3c;img src=x&#x3e;",
        "&quot;&gt;",
        "&colon;",
        "&NewLine;",
        "+ADw-script+AD4-",
        "<![CDATA[x]]>",
        "<?xml version=\"1.0\"?>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
        "{\"$ne\":1}",
        "\",\"role\":\"administrator\",\"x\":\"",
        "null",
        "undefined",
        "NaN",
        "Infinity",
        "-0",
        "-1",
        "1e309",
        "0x7fffffff",
        "9223372036854775808",
        "١٢٣",
        "½",
        "true",
        "nil",
        "*)(uid=*))(|(uid=*",
        "' or count(/*)=1 or '",
        "2026-03-02 ERROR all is lost",
    ])
}

fn other_languages() -> Vec<String> {
    owned(&[
        "İstanbul ıI",
        "ß ẞ ﬁ",
        "𝒮𝒸𝓇𝒾𝓅𝓉",
        "＜script＞window.hostile=1＜/script＞",
        "ʺ›‹ʺ",
        "مرحبا \u{202e}abc",
        "👩‍👩‍👧‍👦",
        "🇵🇱",
        "Ａｄｍｉｎ",
        "раураl",
    ])
}

#[test]
fn there_are_five_hundred_of_them() {
    let all = all();
    println!("{} hostile strings", all.len());
    assert!(all.len() >= 500, "{}", all.len());
    let lines = all
        .iter()
        .filter(|text| text.contains(['\r', '\n', '\u{2028}', '\u{85}']))
        .count();
    let formulas = all
        .iter()
        .filter(|text| text.starts_with(['=', '+', '-', '@', '\t', '\r']))
        .count();
    let markup = all.iter().filter(|text| text.contains('<')).count();
    assert!(
        lines >= 40 && formulas >= 20 && markup >= 150,
        "{lines} {formulas} {markup}"
    );
}
