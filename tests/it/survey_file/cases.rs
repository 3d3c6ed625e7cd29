//! One way to break the sound file for every fault.

/// Marks the line on which the fault has to be reported. A file without it has to be blamed on
/// line 1.
pub const HERE: &str = "# here";

pub struct Case {
    pub code: String,
    /// What stands in the sound file once, and what is put in its place.
    pub from: String,
    pub to: String,
    /// What the excerpt has to show.
    pub shows: String,
}

pub fn cases() -> Vec<Case> {
    let written = [FORM, WORDING, ITEM, RULE, MEASURE, WAVE]
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| !line.is_empty())
        .map(case);
    written.chain(made_cases()).collect()
}

/// A line of the tables below: code, from, to and shows between broken bars, with ⏎ for a new line.
fn case(line: &str) -> Case {
    let cells: Vec<String> = line
        .split('¦')
        .map(|cell| cell.trim().replace('⏎', "\n"))
        .collect();
    let Ok([code, from, to, shows]) = <[String; 4]>::try_from(cells) else {
        panic!("four cells: {line}");
    };
    Case {
        code,
        from,
        to,
        shows,
    }
}

const FORM: &str = r#"
S-TOML ¦ key = "small" ¦ key = small # here ¦ small
S-TOML ¦ key = "small" ¦ key = “small” # here ¦ “small”
S-TOML ¦ required = true ¦ required true # here ¦ required true
S-TOML ¦ required = true ¦ required = true⏎required = false # here ¦ required
S-UNKNOWN-KEY ¦ pages =  ¦ pagse = "x" # here⏎pages =  ¦ pagse = "x"
S-UNKNOWN-KEY ¦ help =  ¦ scael = "x" # here⏎help =  ¦ scael
S-UNKNOWN-KEY ¦ required = true ¦ options = [] # here ¦ options = []
S-UNKNOWN-KEY ¦ { key = "yes", ¦ { code = 1, key = "yes", # here⏎ ¦ code = 1
S-MISSING-KEY ¦ key = "small"⏎ ¦  ¦
S-MISSING-KEY ¦ [[item]]⏎key = "heard" ¦ [[item]] # here ¦ [[item]]
S-MISSING-KEY ¦ [[item.project]]⏎key = "bench" ¦ [[item.project]] # here ¦ [[item.project]]
S-MISSING-KEY ¦ [[wave]]⏎name = "now" ¦ [[wave]] # here ¦ [[wave]]
S-TYPE ¦ required = true ¦ required = "yes" # here ¦ required = "yes"
S-TYPE ¦ limit = 2 ¦ limit = "2" # here ¦ "2"
S-TYPE ¦ key = "s1" ¦ key = 1 # here ¦ key = 1
S-TYPE ¦ opens = 2026-01-01T00:00:00+01:00 ¦ opens = "2026-01-01" # here ¦ "2026-01-01"
S-TYPE ¦ [[wave]] ¦ [wave] # here ¦ [wave]
S-TYPE ¦ ["postal", "online"] ¦ "postal" # here ¦ "postal"
S-UNKNOWN-VALUE ¦ "likert" ¦ "lickert" # here ¦ lickert
S-UNKNOWN-VALUE ¦ "all-questions" ¦ "some" # here ¦ some
S-UNKNOWN-VALUE ¦ "postal", "online" ¦ "postal", "phone" # here⏎ ¦ "phone"
S-UNKNOWN-VALUE ¦ access = "code" ¦ access = "secret" # here ¦ secret
S-UNKNOWN-VALUE ¦ results = "live" ¦ results = "never" # here ¦ never
S-UNKNOWN-VALUE ¦ rule = "greedy" ¦ rule = "equal" # here ¦ equal
S-UNKNOWN-VALUE ¦ method = "approval" ¦ method = "score" # here ¦ score
"#;

const WORDING: &str = r#"
S-BAD-KEY ¦ key = "s1" ¦ key = "S 1" # here ¦ "S 1"
S-BAD-KEY ¦ name = "now" ¦ name = "Now!" # here ¦ Now!
S-BAD-LANGUAGE ¦ ["en", "pl"] ¦ ["en", "pl", "Scots Gaelic"] # here ¦ "Scots Gaelic"
S-DUPLICATE-LANGUAGE ¦ ["en", "pl"] ¦ ["en", "pl", "en"] # here ¦ "en"
S-MISSING-LANGUAGE ¦ { en = "Trees", pl = "Drzewa" } ¦ { en = "Trees" } # here ¦ { en = "Trees" }
S-MISSING-LANGUAGE ¦ { en = "Bench", pl = "Ławka" } ¦ "Bench" # here ¦ text = "Bench"
S-UNDECLARED-LANGUAGE ¦ { en = "Now",  ¦ { gd = "An-dràsta", en = "Now", # here⏎ ¦ gd = "An-dràsta"
S-EMPTY-TEXT ¦ en = "Small survey", ¦ en = " ", # here⏎ ¦ en = " "
S-CONTROL-CHARACTER ¦ { en = "At night too", ¦ { en = "At\u0000night", # here⏎ ¦ At\u0000night
W-DOUBLE-BARRELLED ¦ The park is safe", ¦ The park is safe and clean", # here⏎ ¦ safe and clean
W-DOUBLE-BARRELLED ¦ The park is safe", ¦ It is clean and/or safe", # here⏎ ¦ and/or
W-DOUBLE-BARRELLED ¦ How did you hear of us?", ¦ Did we respond/answer?", # here⏎ ¦ respond/answer
W-NEGATIVE ¦ The park is safe", ¦ The park is not safe", # here⏎ ¦ is not safe
W-NEGATIVE ¦ The park is safe", ¦ The park isn’t safe", # here⏎ ¦ isn’t
"#;

const ITEM: &str = r#"
S-DUPLICATE-KEY ¦ key = "heard" ¦ key = "s1" # here ¦ key = "s1"
S-DUPLICATE-KEY ¦ key = "friend", ¦ key = "letter", # here⏎ ¦ key = "letter"
S-DUPLICATE-KEY ¦ key = "no", ¦ key = "yes", # here⏎ ¦ key = "yes"
S-DUPLICATE-KEY ¦ key = "bench" ¦ key = "trees" # here ¦ key = "trees"
S-RESERVED-KEY ¦ key = "s1" ¦ key = "people" # here ¦ people
S-RESERVED-KEY ¦ key = "s1" ¦ key = "channel" # here ¦ channel
S-RESERVED-KEY ¦ key = "s1" ¦ key = "ref" # here ¦ ref
S-RESERVED-KEY ¦ key = "s1" ¦ key = "code" # here ¦ code
S-UNKNOWN-SCALE ¦ scale = "agreement" ¦ scale = "agreemnt" # here ¦ agreemnt
S-ZERO-BUDGET ¦ budget = 1000 ¦ budget = 0 # here ¦ budget = 0
S-BAD-MONEY ¦ budget = 1000 ¦ budget = -5 # here ¦ -5
S-BAD-MONEY ¦ budget = 1000 ¦ budget = "£1,000" # here ¦ £1,000
S-BAD-MONEY ¦ "99.50" ¦ "99.505" # here ¦ 99.505
S-BAD-MONEY ¦ budget = 1000 ¦ budget = 99999999999999 # here ¦ 99999999999999
S-MONEY-FLOAT ¦ "99.50" ¦ 99.50 # here ¦ cost = 99.50
S-ZERO-COST ¦ "99.50" ¦ 0 # here ¦ cost = 0
S-COST-ABOVE-BUDGET ¦ cost = 600 ¦ cost = "1000.01" # here ¦ 1000.01
S-BAD-CURRENCY ¦ "GBP" ¦ "pounds" # here ¦ pounds
S-LIMIT ¦ limit = 2 ¦ limit = 0 # here ¦ limit = 0
S-LIMIT ¦ limit = 2 ¦ limit = 3 # here ¦ limit = 3
S-LIMIT ¦ method = "approval"⏎limit = 2 ¦ method = "knapsack"⏎limit = 2 # here ¦ limit = 2
"#;

const RULE: &str = r#"
S-UNKNOWN-VALUE ¦ rule = "greedy" ¦ rule = "equal-share" # here ¦ equal-share
S-UNKNOWN-VALUE ¦ rule = "greedy" ¦ rule = { kind = "equal-shares", utility = "money" } # here ¦ money
S-UNKNOWN-KEY ¦ rule = "greedy" ¦ rule = { kind = "phragmen", threshold = 3 } # here ¦ threshold
S-TYPE ¦ rule = "greedy" ¦ rule = 3 # here ¦ 3
S-UNKNOWN-VALUE ¦ limit = 2 ¦ limit = 2⏎overvote = "up-to-budget" # here ¦ up-to-budget
S-TYPE ¦ limit = 2 ¦ limit = 2⏎overvote = true # here ¦ overvote = true
S-UNKNOWN-KEY ¦ help =  ¦ overvote = "void" # here⏎help =  ¦ overvote
S-RULE-NUMBER ¦ rule = "greedy" ¦ rule = { kind = "greedy", threshold = 0 } # here ¦ threshold = 0
S-RULE-NUMBER ¦ rule = "greedy" ¦ rule = { kind = "equal-shares", eligibility = -1 } # here ¦ -1
S-RULE-STEP ¦ rule = "greedy" ¦ rule = { kind = "equal-shares", increment = 0 } # here ¦ increment = 0
S-RULE-CAP ¦ rule = "greedy" ¦ rule = { kind = "greedy", category_caps = { parks = 500 } } # here ¦ parks
S-RULE-GROUP ¦ rule = "greedy" ¦ rule = { kind = "greedy", one_of_each_group = true } # here ¦ one_of_each_group
"#;

const MEASURE: &str = r#"
S-MEASURE-FEW ¦ [[wave]] ¦ [[measure]]⏎key = "m"⏎items = ["s1"] # here⏎[[wave]] ¦ s1
S-MEASURE-ITEM ¦ [[wave]] ¦ [[measure]]⏎key = "m"⏎items = ["s1", "heard"] # here⏎[[wave]] ¦ heard
S-MEASURE-ITEM ¦ [[wave]] ¦ [[measure]]⏎key = "m"⏎items = ["s1", "s1"] # here⏎[[wave]] ¦ s1
S-MEASURE-SCALE ¦ [[wave]] ¦ [[item]]⏎key = "s2"⏎kind = "likert"⏎text = { en = "A", pl = "B" }⏎scale = "other"⏎[scales.other]⏎points = [{ key = "a", text = { en = "A", pl = "A" } }, { key = "b", text = { en = "B", pl = "B" } }]⏎[[measure]]⏎key = "m"⏎items = ["s1", "s2"] # here⏎[[wave]] ¦ s2
"#;

const WAVE: &str = r#"
S-DATE-OFFSET ¦ opens = 2026-01-01T00:00:00+01:00 ¦ opens = 2026-01-01T00:00:00 # here ¦ 2026-01-01T00:00:00
S-BAD-DATE ¦ opens = 2026-01-01T00:00:00+01:00 ¦ opens = 2026-01-01 # here ¦ 2026-01-01
S-BAD-DATE ¦ opens = 2026-01-01T00:00:00+01:00 ¦ opens = 09:00:00 # here ¦ 09:00:00
S-BAD-DATE ¦ opens = 2026-01-01T00:00:00+01:00 ¦ opens = 1912-01-01T00:00:00Z # here ¦ 1912
S-WAVE-ORDER ¦ closes = 2026-01-31T23:59:59.999+01:00 ¦ closes = 2025-01-31T23:59:59Z # here ¦ 2025-01-31
S-WAVE-ORDER ¦ closes = 2026-01-31T23:59:59.999+01:00 ¦ closes = 2025-12-31T23:00:00Z # here ¦ 2025-12-31
W-SHORT-WAVE ¦ closes = 2026-01-31T23:59:59.999+01:00 ¦ closes = 2026-01-14T23:59:59.999+01:00 # here ¦ 2026-01-14
S-NO-CHANNEL ¦ ["postal", "online"] ¦ [] # here ¦ channels = []
S-DUPLICATE-CHANNEL ¦ ["postal", "online"] ¦ ["postal", "postal"] # here ¦ "postal"
S-FRAME ¦ { kind = "census", n = 250 } ¦ "census" # here ¦ census
S-FRAME ¦ { kind = "census", n = 250 } ¦ { kind = "sample" } # here ¦ sample
S-FRAME ¦ { kind = "census", n = 250 } ¦ { kind = "census", n = 0 } # here ¦ n = 0
S-FRAME ¦ { kind = "census", n = 250 } ¦ { kind = "open", n = 9 } # here ¦ n = 9
S-EMAIL ¦ "commissioner@example.org" ¦ "the mayor" # here⏎ ¦ the mayor
S-DUPLICATE-SUBSCRIBER ¦ "commissioner@example.org" ¦ "a@example.org",⏎"a@example.org" # here⏎ ¦ a@example.org
"#;

/// Cases whose text is too long to write out.
#[expect(clippy::too_many_lines, reason = "a table, one row a case")]
fn made_cases() -> Vec<Case> {
    let earlier_wave = r#"[[wave]]
name = "now"
title = { en = "Earlier", pl = "Wcześniej" }
opens = 2025-01-01T00:00:00Z
closes = 2025-02-01T00:00:00Z
access = "open"
channels = ["online"]
frame = "open"
"#;
    let scale = |points: usize| {
        let list = choices(points);
        format!("[scales.other]\npoints = [{list}] # here\n\n[scales.agreement]")
    };
    let options = |count: usize| {
        let list = choices(count);
        let text = r#"{ en = "T", pl = "T" }"#;
        format!(
            "key = \"more\"\nkind = \"choice\"\ntext = {text}\noptions = [{list}] # here\n\n[[item]]\nkey = \"heard\""
        )
    };
    let project = |n: usize| {
        let mark = if n == 201 { " # here" } else { "" };
        format!(
            "[[item.project]]{mark}\nkey = \"p{n}\"\ntext = {{ en = \"P\", pl = \"P\" }}\ncost = 1\n\n"
        )
    };
    // The sound file has two already.
    let projects: String = (3..=201).map(project).collect();
    let made = [
        (
            "S-FEW-POINTS",
            "[scales.agreement]",
            scale(0),
            "points = []",
        ),
        ("S-FEW-POINTS", "[scales.agreement]", scale(1), "points = ["),
        ("S-LONG-LIST", "[scales.agreement]", scale(8), "points = ["),
        ("S-TOO-MANY", "[scales.agreement]", scale(36), "points = ["),
        (
            "S-NO-OPTIONS",
            "key = \"heard\"",
            options(0),
            "options = []",
        ),
        ("S-LONG-LIST", "key = \"heard\"", options(8), "options = ["),
        ("S-TOO-MANY", "key = \"heard\"", options(36), "options = ["),
        (
            "S-TOO-MANY",
            "[[wave]]",
            format!("{projects}[[wave]]"),
            "[[item.project]]",
        ),
        (
            "S-DUPLICATE-WAVE",
            "[[wave]]\nname = \"now\"",
            format!("{earlier_wave}\n[[wave]]\nname = \"now\" # here"),
            "name = \"now\"",
        ),
        (
            "W-LONG-WORDING",
            "The park is safe\",",
            format!("{}\", # here\n", "x".repeat(201)),
            "xxxxxxxx",
        ),
    ];
    let case = |(code, from, to, shows): (&str, &str, String, &str)| Case {
        code: code.to_owned(),
        from: from.to_owned(),
        to,
        shows: shows.to_owned(),
    };
    made.into_iter().map(case).collect()
}

pub fn choices(count: usize) -> String {
    let choice = |n: usize| format!("{{ key = \"o{n}\", text = {{ en = \"O\", pl = \"O\" }} }}");
    (0..count).map(choice).collect::<Vec<_>>().join(", ")
}
