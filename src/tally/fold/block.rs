//! The hot path: a million responses at a time.
//!
//! Items of one place are not read but counted: how often each of the 256 byte values stands in
//! each place. Which values an item can have is looked at once, afterwards, and only a block with
//! an impossible one is walked again to say where. Ballots are read one by one, since their rules
//! (all places blank or none, a limit, a budget) span several places.

use crate::domain::layout::{BLANK, option_of};

use super::{ItemCounts, ItemShape, KindShape, Part, Read, Shape};

/// One count a byte value, and room that keeps the counts of neighbouring places out of the same
/// cache sets: 264 counts are 33 cache lines, an odd number, where 256 would be a power of two.
type Histogram = [u64; 264];

/// Where the first impossible answer stands: both from 1.
pub(super) struct Fault {
    pub response: usize,
    pub place: usize,
}

/// Counts `responses`, whose length is a multiple of the shape's width.
pub(super) fn count(shape: &Shape, responses: &[u8]) -> Result<Part, Fault> {
    let histograms = histograms(shape, responses);
    let mut part = Part::empty(shape);
    for (item, counts) in shape.items.iter().zip(&mut part.items) {
        let is_sound = match item.kind {
            KindShape::One { .. } => take_histogram(counts, &histograms[item.places.start]),
            KindShape::Ballot(_) => take_ballots(counts, item, shape.width, responses),
        };
        if !is_sound {
            return Err(first_fault(shape, responses));
        }
    }
    let people = responses.len() / shape.width;
    part.people = u64::try_from(people).unwrap_or(u64::MAX);
    Ok(part)
}

/// One histogram a place; those of ballots stay empty.
fn histograms(shape: &Shape, responses: &[u8]) -> Vec<Histogram> {
    let mut histograms = vec![[0; 264]; shape.width];
    let is_one = |item: &ItemShape| matches!(item.kind, KindShape::One { .. });
    // Neighbouring items of one place are counted in one run over the responses.
    for run in shape.items.chunk_by(|a, b| is_one(a) && is_one(b)) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        if !is_one(first) {
            continue;
        }
        let places = first.places.start..last.places.end;
        let of_run = &mut histograms[places.clone()];
        for response in responses.chunks_exact(shape.width) {
            for (symbol, histogram) in response[places.clone()].iter().zip(&mut *of_run) {
                histogram[usize::from(*symbol)] += 1;
            }
        }
    }
    histograms
}

/// False when a symbol stands in the place that the item cannot have.
fn take_histogram(counts: &mut ItemCounts, histogram: &Histogram) -> bool {
    for symbol in 0..=u8::MAX {
        let times = histogram[usize::from(symbol)];
        if times == 0 {
            continue;
        }
        if symbol == BLANK {
            counts.blank += times;
        } else if let Some(count) = option_of(symbol).and_then(|i| counts.options.get_mut(i)) {
            *count += times;
            counts.answered += times;
        } else {
            return false;
        }
    }
    true
}

/// False when a ballot is not one that this item can have.
fn take_ballots(counts: &mut ItemCounts, item: &ItemShape, width: usize, responses: &[u8]) -> bool {
    for response in responses.chunks_exact(width) {
        let symbols = &response[item.places.clone()];
        match item.read(symbols) {
            Some(Read::Marks) => counts.add_ballot(symbols),
            Some(Read::Blank) => counts.blank += 1,
            Some(Read::Option(_)) | None => return false,
        }
    }
    true
}

fn first_fault(shape: &Shape, responses: &[u8]) -> Fault {
    responses
        .chunks_exact(shape.width)
        .zip(1..)
        .find_map(|(answers, response)| {
            let place = shape.first_fault(answers)?;
            Some(Fault { response, place })
        })
        .unwrap_or(Fault {
            response: 1,
            place: 1,
        })
}
