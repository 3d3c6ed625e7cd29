//! Reads waves: when, by which channels, and what the answers stand for.

use toml::de::DeValue;
use validator::ValidateEmail;

use super::{
    choices::Seen,
    lint,
    read::{Reader, cut},
    table::{Entry, Section},
};
use crate::domain::{
    channel::Channel,
    frame::Frame,
    key::WaveName,
    wave::{AccessRule, ResultsRule, WaveSpec},
};

const KEYS: &[&str] = &[
    "name",
    "title",
    "opens",
    "closes",
    "access",
    "channels",
    "frame",
    "results",
    "subscribers",
];

const ACCESS: &[(&str, AccessRule)] = &[("open", AccessRule::Open), ("code", AccessRule::Code)];

const RESULTS: &[(&str, ResultsRule)] = &[
    ("live", ResultsRule::Live),
    ("published", ResultsRule::Published),
];

const FRAME_REMEDY: &str =
    "write \"open\", { kind = \"census\", n = 250 } or { kind = \"sample\", n = 258000 }";

#[derive(Clone, Copy)]
enum FrameKind {
    Census,
    Sample,
    Open,
}

const FRAMES: &[(&str, FrameKind)] = &[
    ("open", FrameKind::Open),
    ("census", FrameKind::Census),
    ("sample", FrameKind::Sample),
];

pub(super) fn waves(reader: &mut Reader<'_>, root: &Section<'_>) -> Vec<WaveSpec> {
    let Some(entry) = root.entry("wave") else {
        return Vec::new();
    };
    let sections = reader.sections(&entry, |number, name| match name {
        Some(name) => format!("wave “{name}”"),
        None => format!("wave number {number}"),
    });
    let mut seen = Seen::new("waves", "S-DUPLICATE-WAVE");
    sections
        .iter()
        .filter_map(|section| wave(reader, section, &mut seen))
        .collect()
}

fn wave(reader: &mut Reader<'_>, section: &Section<'_>, seen: &mut Seen) -> Option<WaveSpec> {
    reader.known_keys(section, KEYS);
    let name: Option<WaveName> = reader.need(section, "name", |r, entry| {
        let name: WaveName = r.key(entry)?;
        seen.check(r, entry, name.as_str());
        Some(name)
    });
    let title = reader.need(section, "title", Reader::text);
    let opens = reader.need(section, "opens", Reader::moment);
    let closes = reader.need(section, "closes", |r, entry| {
        let (closes, _) = r.moment(entry)?;
        let (opens, _) = opens?;
        if closes <= opens {
            r.faults.error(
                "S-WAVE-ORDER",
                &entry.span,
                format!("{} closes before it has been open", section.title),
                "write a closing time after the opening time",
            );
        } else {
            lint::short_wave(&mut r.faults, &entry.span, &section.title, (opens, closes));
        }
        Some(closes)
    });
    let access = reader.need(section, "access", |r, entry| r.one_of(entry, ACCESS));
    let channels = reader.need(section, "channels", channels);
    let frame = reader.need(section, "frame", frame);
    let results = reader.may(section, "results", |r, entry| r.one_of(entry, RESULTS));
    let subscribers = reader.may(section, "subscribers", subscribers);
    let (opens, offset_minutes) = opens?;
    Some(WaveSpec {
        name: name?,
        title: title?,
        opens,
        closes: closes?,
        offset_minutes,
        access: access?,
        channels: channels?,
        frame: frame?,
        results: results.unwrap_or(ResultsRule::Published),
        subscribers: subscribers.unwrap_or_default(),
    })
}

/// The channels in their usual order, whatever the order in the file.
fn channels(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<Vec<Channel>> {
    let names = Channel::ALL.map(|channel| (channel.as_str(), channel));
    let mut channels = Vec::new();
    for (element, text) in reader.strings(entry)? {
        let Some(channel) = reader.word(&element, text, &names) else {
            continue;
        };
        if channels.contains(&channel) {
            reader.faults.error(
                "S-DUPLICATE-CHANNEL",
                &element.span,
                format!("the channel “{channel}” is named twice"),
                "keep one of them",
            );
        } else {
            channels.push(channel);
        }
    }
    if entry.is_empty_list() {
        reader.faults.error(
            "S-NO-CHANNEL",
            &entry.span,
            "nobody can answer: the wave has no channel",
            "write at least one of \"online\", \"postal\" and \"meeting\"",
        );
    }
    channels.sort_unstable();
    Some(channels)
}

fn frame(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<Frame> {
    let (kind, size) = match entry.value {
        DeValue::String(_) => (reader.one_of(entry, FRAMES)?, None),
        DeValue::Table(_) => {
            let section = reader.section(entry, "the frame".to_owned())?;
            reader.known_keys(&section, &["kind", "n"]);
            let kind = reader.need(&section, "kind", |r, entry| r.one_of(entry, FRAMES));
            let size = match section.entry("n") {
                Some(entry) => Some(reader.integer(&entry)?),
                None => None,
            };
            (kind?, size)
        }
        _ => {
            reader.wrong_type(entry, "the kind of group that answers", FRAME_REMEDY);
            return None;
        }
    };
    let people = size.and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
    let message = match (kind, size, people) {
        (FrameKind::Open, None, _) => return Some(Frame::Open),
        (FrameKind::Census, _, Some(size)) => return Some(Frame::Census { size }),
        (FrameKind::Sample, _, Some(size)) => return Some(Frame::Sample { size }),
        (FrameKind::Open, Some(_), _) => "an open frame has no n: whoever comes may answer",
        (_, None, _) => "the frame does not say how many people it has",
        (_, Some(_), None) => "the frame needs at least one person",
    };
    reader
        .faults
        .error("S-FRAME", &entry.span, message, FRAME_REMEDY);
    None
}

fn subscribers(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<Vec<String>> {
    let mut subscribers: Vec<String> = Vec::new();
    for (element, address) in reader.strings(entry)? {
        if !address.validate_email() {
            reader.faults.error(
                "S-EMAIL",
                &element.span,
                format!("“{}” is not an e-mail address", cut(address)),
                "write it in full, such as \"commissioner@example.org\"",
            );
        } else if subscribers.iter().any(|other| other == address) {
            reader.faults.error(
                "S-DUPLICATE-SUBSCRIBER",
                &element.span,
                format!("“{}” would get every message twice", cut(address)),
                "keep one of them",
            );
        } else {
            subscribers.push(address.to_owned());
        }
    }
    Some(subscribers)
}
