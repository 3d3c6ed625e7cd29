//! The counts of one wave: a fold over its ledger, which anyone can repeat.
//!
//! A [`Tally`] takes responses and count sheets in any order and gives them back when they are
//! voided; every total is a sum, so the order changes nothing. It holds a few numbers an option,
//! however many people there are.

use crate::domain::{channel::Channel, count_sheet::CountSheet, id::Seq, survey::Survey};

use super::shape::{ItemShape, KindShape, Read, Shape};

mod block;
mod part;

pub use part::ItemCounts;
use part::Part;

/// What is counted of one wave. Nothing is partly applied: a call that returns an error has changed
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    shape: Shape,
    channels: [ChannelParts; 3],
    voided: u64,
    watermark: Seq,
}

/// Responses and sheets are counted apart, so that a void takes back only what its own kind added.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ChannelParts {
    responses: Part,
    sheets: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TallyError {
    #[error(
        "the answers have {found} characters, which is no whole number of responses of {width}"
    )]
    Length { width: usize, found: usize },
    #[error(
        "response {response} of the block has an answer at character {place} that its item cannot have"
    )]
    Answer {
        /// Counted from 1 in the block that was handed in.
        response: usize,
        /// First place of the item, from 1.
        place: usize,
    },
    #[error("the totals of the count sheet do not fit the items of the survey")]
    Sheet,
    #[error("what is to be voided was never counted on this channel")]
    NotCounted,
}

impl Tally {
    pub fn new(survey: &Survey) -> Self {
        let shape = Shape::of(survey);
        let part = Part::empty(&shape);
        let channel = ChannelParts {
            responses: part.clone(),
            sheets: part,
        };
        Self {
            shape,
            channels: [channel.clone(), channel.clone(), channel],
            voided: 0,
            watermark: Seq::default(),
        }
    }

    /// Counts one response, laid out as `domain::layout` writes it.
    pub fn add_response(&mut self, channel: Channel, answers: &str) -> Result<(), TallyError> {
        let answers = answers.as_bytes();
        self.check_response(answers)?;
        self.channels[channel.index()]
            .responses
            .add_response(&self.shape, answers);
        Ok(())
    }

    /// Counts many responses of one channel, laid end to end, and returns how many there were.
    pub fn add_block(&mut self, channel: Channel, responses: &str) -> Result<u64, TallyError> {
        let responses = responses.as_bytes();
        let width = self.shape.width;
        if responses.is_empty() {
            return Ok(0);
        }
        if width == 0 || !responses.len().is_multiple_of(width) {
            return Err(TallyError::Length {
                width,
                found: responses.len(),
            });
        }
        let block = block::count(&self.shape, responses).map_err(|fault| TallyError::Answer {
            response: fault.response,
            place: fault.place,
        })?;
        self.channels[channel.index()].responses.add(&block);
        Ok(block.people)
    }

    /// Takes one response back out and counts its person as voided.
    pub fn void_response(&mut self, channel: Channel, answers: &str) -> Result<(), TallyError> {
        let answers = answers.as_bytes();
        self.check_response(answers)?;
        let mut one = Part::empty(&self.shape);
        one.add_response(&self.shape, answers);
        let responses = &mut self.channels[channel.index()].responses;
        *responses = responses.without(&one).ok_or(TallyError::NotCounted)?;
        self.voided += 1;
        Ok(())
    }

    /// Counts a meeting's totals. An item that was not asked there adds to neither its answered nor
    /// its blank count.
    pub fn add_sheet(&mut self, sheet: &CountSheet) -> Result<(), TallyError> {
        let part = Part::of_sheet(&self.shape, sheet).ok_or(TallyError::Sheet)?;
        self.channels[sheet.channel.index()].sheets.add(&part);
        Ok(())
    }

    /// Takes a sheet back out and counts its people as voided.
    pub fn void_sheet(&mut self, sheet: &CountSheet) -> Result<(), TallyError> {
        let part = Part::of_sheet(&self.shape, sheet).ok_or(TallyError::Sheet)?;
        let sheets = &mut self.channels[sheet.channel.index()].sheets;
        *sheets = sheets.without(&part).ok_or(TallyError::NotCounted)?;
        self.voided += part.people;
        Ok(())
    }

    /// People counted, by responses and on sheets, less what was voided.
    pub fn people(&self) -> u64 {
        Channel::ALL
            .iter()
            .map(|channel| self.people_in(*channel))
            .sum()
    }

    pub fn people_in(&self, channel: Channel) -> u64 {
        self.responses(channel) + self.on_sheets(channel)
    }

    /// People counted one by one on this channel.
    pub fn responses(&self, channel: Channel) -> u64 {
        self.channels[channel.index()].responses.people
    }

    /// People counted on count sheets of this channel.
    pub fn on_sheets(&self, channel: Channel) -> u64 {
        self.channels[channel.index()].sheets.people
    }

    /// People whose response or sheet was counted and then voided.
    pub fn voided(&self) -> u64 {
        self.voided
    }

    /// The counts of every item over all channels, in the order of the survey.
    pub fn items(&self) -> Vec<ItemCounts> {
        let mut sum = Part::empty(&self.shape);
        for channel in &self.channels {
            sum.add(&channel.responses);
            sum.add(&channel.sheets);
        }
        sum.items
    }

    /// The counts of every item on one channel, in the order of the survey.
    pub fn items_in(&self, channel: Channel) -> Vec<ItemCounts> {
        let parts = &self.channels[channel.index()];
        let mut sum = parts.responses.clone();
        sum.add(&parts.sheets);
        sum.items
    }

    /// Last place of the ledger that is counted here.
    pub fn watermark(&self) -> Seq {
        self.watermark
    }

    /// Says that the ledger is counted up to `seq`. A watermark never goes back.
    pub fn advance_to(&mut self, seq: Seq) {
        self.watermark = self.watermark.max(seq);
    }

    fn check_response(&self, answers: &[u8]) -> Result<(), TallyError> {
        if answers.len() != self.shape.width {
            return Err(TallyError::Length {
                width: self.shape.width,
                found: answers.len(),
            });
        }
        match self.shape.first_fault(answers) {
            None => Ok(()),
            Some(place) => Err(TallyError::Answer { response: 1, place }),
        }
    }
}

impl Shape {
    /// The place, from 1, of the first item whose answer it cannot have.
    fn first_fault(&self, answers: &[u8]) -> Option<usize> {
        self.items
            .iter()
            .find(|item| item.read(&answers[item.places.clone()]).is_none())
            .map(|item| item.places.start + 1)
    }
}
