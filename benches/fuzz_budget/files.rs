//! Broken `.pb` files: reading them ends, and ends well.

use std::{fs, path::Path, sync::OnceLock};

use countmein::{
    domain::pb_file::{read, scan, write},
    tally::budget::{counter::Counter, from_pb::from_pb, rule::Ties},
};
use rand::{Rng, RngExt, rngs::StdRng, seq::IndexedRandom};

use super::{shrink::shrink, watch::guarded};

const SOUND: &str = "META\nkey;value\ndescription;Small vote\ncountry;Poland\nunit;Smallville\ninstance;2025\nnum_projects;3\nnum_votes;3\nbudget;1000\nvote_type;approval\nrule;greedy\ndate_begin;01.06.2025\ndate_end;2025\nPROJECTS\nproject_id;cost;votes;name;selected\np1;400;2;Bench;1\np2;700;2;Tree;0\np/3;50.50;1;\"Lamp; \"\"bright\"\"\";1\nVOTES\nvoter_id;vote;age;sex;voting_method\nv1;p1,p2;40-59;F;internet\nv2;p2;27;M;paper\nv3;p1,p/3;;;internet\n";
const POINTS: &str = "META\nkey;value\ndescription;Small vote\ncountry;Poland\nunit;Smallville\ninstance;2025\nnum_projects;2\nnum_votes;2\nbudget;1000\nmax_sum_points;10\nvote_type;cumulative\nrule;greedy-threshold\nmin_project_score_threshold;2\ndate_begin;2025\ndate_end;2025\nPROJECTS\nproject_id;cost;votes;score\np1;400;2;8\np2;700;1;2\nVOTES\nvoter_id;vote;points\nv1;p1,p2;3,2\nv2;p1;5\n";

const PIECES: [&str; 52] = [
    ";",
    ";;",
    "\"",
    "\"\"",
    "\"\"\"",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\n\r",
    ",",
    ",,",
    " ",
    "\t",
    "\0",
    "META\n",
    "PROJECTS\n",
    "\nVOTES\n",
    "votes",
    "key;value\n",
    "none",
    "None",
    "p1",
    "p2,p2",
    "999999999",
    "1000000000000",
    "-1",
    "-0",
    "0.5",
    "1e9",
    "1,5",
    ".5",
    "5.",
    "ordinal",
    "choose-1",
    "scoring",
    "cumulative",
    "equalshares",
    "voter_id",
    "\u{feff}",
    "é",
    "\u{2028}",
    "İ",
    "99999999999999999999",
    "340282366920938463463374607431768211456",
    "0.000000000000000000001",
    "max_length;0\n",
    "min_points;0.000001\n",
    "max_sum_points;0.5\n",
    "budget;0\n",
    "min_project_score_threshold;99999999999\n",
    "currency;JPY\n",
];

/// The small files, and the beginnings of real ones where they are at hand.
fn sound_files() -> &'static [Vec<u8>] {
    static FILES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files: Vec<Vec<u8>> = [SOUND, POINTS].map(|text| text.as_bytes().to_vec()).into();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pb");
        let shared = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<_> = shared.map(|entry| entry.path()).collect();
        paths.sort();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "pb"));
        for bytes in paths.iter().filter_map(|path| fs::read(path).ok()) {
            files.push(beginning(&bytes, 30));
        }
        println!("{} sound files to begin with", files.len());
        files
    })
}

/// The file up to so many ballots.
fn beginning(bytes: &[u8], ballots: usize) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let votes = lines.iter().position(|line| line.starts_with(b"VOTES"));
    let end = (votes.unwrap_or(0) + 2 + ballots).min(lines.len());
    lines[..end].concat()
}

/// What holds of any bytes.
fn check(bytes: &[u8]) -> Result<(), String> {
    let scan = match scan(bytes) {
        Ok(scan) => scan,
        Err(found) if found.has_errors() && !found.to_string().is_empty() => return Ok(()),
        Err(found) => return Err(format!("no file and no error: {found}")),
    };
    let file = scan.to_file();
    if file.votes.len() != scan.ballots.len() || file.projects.len() != scan.projects.len() {
        return Err("rows got lost".to_owned());
    }
    let text = write(&file);
    let (again, _) = read(text.as_bytes()).map_err(|found| format!("written badly: {found}"))?;
    if again != file {
        return Err("another file after writing it".to_owned());
    }
    if write(&again) != text {
        return Err("written otherwise the second time".to_owned());
    }
    count(&scan)
}

/// What can be counted is counted, within the budget.
fn count(scan: &countmein::domain::pb_file::Scan<'_>) -> Result<(), String> {
    let Ok(made) = from_pb(scan, |_| true) else {
        return Ok(());
    };
    let election = &made.election;
    let everyone = election.profile().everyone();
    let greedy = super::case::plain();
    let counter = Counter::new(election);
    // A rule with growing shares may take minutes where the file asks for giant amounts.
    let suggested = made
        .rule
        .filter(|_| election.budget().minor() < 100_000_000);
    for rule in suggested.iter().chain([&greedy]) {
        if let Ok(outcome) = counter.outcome(&everyone, rule, &Ties::Id)
            && outcome.spent + outcome.left != election.budget()
        {
            return Err(format!("over budget: {outcome:?}"));
        }
    }
    Ok(())
}

fn report(bytes: Vec<u8>) -> Option<String> {
    let fault = guarded(|| check(&bytes)).err()?;
    let (bytes, fault) = shrink(
        bytes,
        fault,
        |bytes| smaller(bytes),
        |bytes| guarded(|| check(bytes)),
    );
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4000)]);
    Some(format!("{fault}\n{} bytes: {text:?}", bytes.len()))
}

/// Without one part of it; the parts get smaller and smaller.
fn smaller(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut variants = Vec::new();
    let mut length = bytes.len() / 2;
    while length > 0 && variants.len() < 2000 {
        for start in (0..bytes.len()).step_by(length) {
            let end = (start + length).min(bytes.len());
            variants.push([&bytes[..start], &bytes[end..]].concat());
        }
        length /= 2;
    }
    variants
}

pub fn slips(rng: &mut StdRng) -> Option<String> {
    let files = sound_files();
    let mut bytes = files.choose(rng)?.clone();
    if rng.random_bool(0.5) {
        bytes = beginning(&bytes, rng.random_range(0..8));
    }
    for _ in 0..rng.random_range(1..6) {
        slip(&mut bytes, files, rng);
    }
    report(bytes)
}

/// One thing that a hand or a program does to a file.
fn slip(bytes: &mut Vec<u8>, files: &[Vec<u8>], rng: &mut StdRng) {
    if bytes.is_empty() {
        return;
    }
    let start = rng.random_range(0..bytes.len());
    let end = (start + rng.random_range(0..12)).min(bytes.len());
    match rng.random_range(0..10) {
        0 => bytes.truncate(start),
        1 => bytes[start] = rng.random(),
        2 => bytes[start] ^= 1 << rng.random_range(0..8),
        3 => {
            let (one, other) = (
                line_at(bytes, start),
                line_at(bytes, rng.random_range(0..bytes.len())),
            );
            let copied = bytes[one].to_vec();
            bytes.splice(other.clone(), copied);
        }
        4 => {
            let line = line_at(bytes, start);
            let copied = bytes[line.clone()].to_vec();
            for _ in 0..rng.random_range(1..4) {
                bytes.splice(line.start..line.start, copied.iter().copied());
            }
        }
        5 => {
            let line = line_at(bytes, start);
            bytes.drain(line);
        }
        6 => {
            let other = files.choose(rng).expect("files");
            let from = rng.random_range(0..other.len());
            let to = (from + rng.random_range(0..200)).min(other.len());
            bytes.splice(start..end, other[from..to].iter().copied());
        }
        7 => line_ends(bytes, rng),
        _ => {
            let piece = PIECES.choose(rng).expect("pieces");
            bytes.splice(start..end, piece.bytes());
        }
    }
}

fn line_at(bytes: &[u8], place: usize) -> std::ops::Range<usize> {
    let start = bytes[..place]
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |p| p + 1);
    let end = bytes[place..]
        .iter()
        .position(|b| *b == b'\n')
        .map_or(bytes.len(), |p| place + p + 1);
    start..end
}

/// Some line ends become others.
fn line_ends(bytes: &mut Vec<u8>, rng: &mut StdRng) {
    let often = *[0.05, 0.5, 1.0].choose(rng).expect("shares");
    let other: &[u8] = [&b"\r\n"[..], b"\r", b"\n\n", b"\r\r\n", b" \n"]
        .choose(rng)
        .expect("line ends");
    let mut changed = Vec::with_capacity(bytes.len());
    for byte in bytes.iter() {
        if *byte == b'\n' && rng.random_bool(often) {
            changed.extend_from_slice(other);
        } else {
            changed.push(*byte);
        }
    }
    *bytes = changed;
}

pub fn any_bytes(rng: &mut StdRng) -> Option<String> {
    let mut bytes = Vec::new();
    let cells = rng.random_bool(0.5);
    if cells && rng.random_bool(0.8) {
        bytes.extend_from_slice(b"META\nkey;value\n");
    }
    for _ in 0..rng.random_range(0..120) {
        match rng.random_range(0..6) {
            0 if !cells => {
                let mut some = [0_u8; 4];
                rng.fill_bytes(&mut some);
                bytes.extend_from_slice(&some);
            }
            1 => bytes.extend(rng.random::<char>().to_string().bytes()),
            2 => bytes.push(rng.random_range(b' '..=b'~')),
            3 => bytes.push(b";\n,\""[rng.random_range(0..4)]),
            _ => bytes.extend_from_slice(PIECES.choose(rng).expect("pieces").as_bytes()),
        }
    }
    report(bytes)
}

/// A sound file or a broken one, of which one part comes again and again.
pub fn long(rng: &mut StdRng) -> Option<String> {
    let files = sound_files();
    let mut bytes = files.choose(rng)?.clone();
    for _ in 0..rng.random_range(0..3) {
        slip(&mut bytes, files, rng);
    }
    if bytes.is_empty() {
        return None;
    }
    let start = rng.random_range(0..bytes.len());
    let part = if rng.random_bool(0.5) {
        line_at(&bytes, start)
    } else {
        start..(start + rng.random_range(1..60)).min(bytes.len())
    };
    let part_bytes = bytes[part.clone()].to_vec();
    let times = rng.random_range(1_000..1_000_000) / part_bytes.len().max(1);
    let again = part_bytes.repeat(times);
    bytes.splice(part.end..part.end, again);
    report(bytes)
}
