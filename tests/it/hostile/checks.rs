//! What holds of every line in a terminal, of every mail and of every table.

/// What a terminal would obey.
pub fn assert_is_printable(said: &str) {
    let stray = said.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(stray, None, "{said:?}");
}

/// Names of the headers, and how many parts there are.
pub fn mail_shape(mail: &str) -> Vec<String> {
    let head = mail.split("\r\n\r\n").next().unwrap();
    let names = head
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap().to_owned());
    let boundary = head
        .split("boundary=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(
        !mail.replace("\r\n", "").contains(['\r', '\n']),
        "a line of the mail ends in another way"
    );
    names
        .chain([mail.matches(&format!("--{boundary}")).count().to_string()])
        .collect()
}

pub fn assert_no_formula(name: &str, csv: &str) -> Vec<usize> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(csv.as_bytes());
    let mut widths = Vec::new();
    for row in reader.records() {
        let row = row.unwrap();
        widths.push(row.len());
        for cell in &row {
            let visible = cell.trim_start_matches(|c: char| {
                c.is_whitespace()
                    || c.is_control()
                    || ('\u{200b}'..='\u{200f}').contains(&c)
                    || c == '\u{feff}'
            });
            let is_formula = visible.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
                || cell.starts_with(['\t', '\r', '\n']);
            assert!(
                !is_formula || cell.parse::<f64>().is_ok(),
                "a formula in {name}: {cell:?}"
            );
        }
    }
    widths
}
