//! Equal answers to some items of a survey, merged: for figures that need to know which answers one
//! person gave together, and not only how many gave each.

use std::collections::HashMap;

use crate::domain::{channel::Channel, key::ItemKey, survey::Survey};

use super::{
    fold::TallyError,
    shape::{Read, Shape},
};

/// Distinct answers to the chosen items, with the people of each channel who gave them. Count sheets
/// are no part of it: nobody knows which of their answers belong together.
#[derive(Debug, Clone)]
pub struct Patterns {
    shape: Shape,
    /// Positions of the chosen items in the survey.
    chosen: Vec<usize>,
    people: HashMap<Box<[u8]>, [u64; 3]>,
}

impl Patterns {
    /// Items that the survey does not have are left out.
    pub fn new(survey: &Survey, items: &[ItemKey]) -> Self {
        Self {
            shape: Shape::of(survey),
            chosen: items
                .iter()
                .filter_map(|key| survey.items.iter().position(|item| item.key == *key))
                .collect(),
            people: HashMap::new(),
        }
    }

    /// Takes many responses of one channel, laid end to end. Nothing is taken when one is faulty.
    pub fn add_block(&mut self, channel: Channel, responses: &str) -> Result<(), TallyError> {
        let responses = responses.as_bytes();
        let width = self.shape.width;
        if responses.is_empty() {
            return Ok(());
        }
        if width == 0 || !responses.len().is_multiple_of(width) {
            return Err(TallyError::Length {
                width,
                found: responses.len(),
            });
        }
        for (answers, response) in responses.chunks_exact(width).zip(1..) {
            self.check(answers, response)?;
        }
        let mut pattern = Vec::new();
        for answers in responses.chunks_exact(width) {
            self.read(answers, &mut pattern);
            if let Some(people) = self.people.get_mut(pattern.as_slice()) {
                people[channel.index()] += 1;
            } else {
                let mut people = [0; 3];
                people[channel.index()] = 1;
                self.people.insert(pattern.as_slice().into(), people);
            }
        }
        Ok(())
    }

    /// Takes one response back out.
    pub fn void_response(&mut self, channel: Channel, answers: &str) -> Result<(), TallyError> {
        let answers = answers.as_bytes();
        if answers.len() != self.shape.width {
            return Err(TallyError::Length {
                width: self.shape.width,
                found: answers.len(),
            });
        }
        let mut pattern = Vec::new();
        self.read(answers, &mut pattern);
        let people = self
            .people
            .get_mut(pattern.as_slice())
            .map(|people| &mut people[channel.index()])
            .filter(|people| **people > 0)
            .ok_or(TallyError::NotCounted)?;
        *people -= 1;
        Ok(())
    }

    /// What each chosen item says, and the people of each channel who said all of it together; in an
    /// order that follows from the answers alone.
    pub fn merged(&self) -> Vec<(Vec<Said>, [u64; 3])> {
        let mut patterns: Vec<(&[u8], [u64; 3])> = self
            .people
            .iter()
            .filter(|(_, people)| people.iter().any(|count| *count > 0))
            .map(|(pattern, people)| (pattern.as_ref(), *people))
            .collect();
        patterns.sort_unstable();
        patterns
            .into_iter()
            .map(|(pattern, people)| (self.said(pattern), people))
            .collect()
    }

    fn check(&self, answers: &[u8], response: usize) -> Result<(), TallyError> {
        for item in self.chosen.iter().map(|index| &self.shape.items[*index]) {
            if item.read(&answers[item.places.clone()]).is_none() {
                let place = item.places.start + 1;
                return Err(TallyError::Answer { response, place });
            }
        }
        Ok(())
    }

    fn read(&self, answers: &[u8], pattern: &mut Vec<u8>) {
        pattern.clear();
        for item in self.chosen.iter().map(|index| &self.shape.items[*index]) {
            pattern.extend_from_slice(&answers[item.places.clone()]);
        }
    }

    fn said(&self, pattern: &[u8]) -> Vec<Said> {
        let mut rest = pattern;
        self.chosen
            .iter()
            .map(|index| {
                let item = &self.shape.items[*index];
                let (symbols, after) = rest.split_at(item.places.len());
                rest = after;
                match item.read(symbols) {
                    None | Some(Read::Blank) => Said::Blank,
                    Some(Read::Option(option)) => Said::Option(option),
                    Some(Read::Marks) => Said::Marks(
                        symbols
                            .iter()
                            .enumerate()
                            .filter(|(_, symbol)| **symbol == b'1')
                            .map(|(project, _)| project)
                            .collect(),
                    ),
                }
            })
            .collect()
    }
}

/// What one person says of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Blank,
    /// Position of the option or scale point.
    Option(usize),
    /// Positions of the marked projects, ascending; at least one.
    Marks(Vec<usize>),
}
