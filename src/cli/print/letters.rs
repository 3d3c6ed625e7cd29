//! Letters with the paper of each behind it, in one PDF. The paper is printed once and stands in the
//! file once, however many letters there are: it is the same for everyone.

use super::{
    PrintFileError, Tags, pdf,
    pdf_file::{PdfFile, Sides, with_papers},
};
use crate::{
    config::PrintConfig,
    domain::{survey::Survey, wave::WaveSpec},
    view::print::{Letter, PrintError, PrintOptions, letters_html, questionnaire_html},
};

/// What letters are made of.
#[derive(Debug, Clone, Copy)]
pub struct LettersJob<'a> {
    pub survey: &'a Survey,
    pub wave: &'a WaveSpec,
    pub public_url: &'a str,
    pub letters: &'a [Letter],
    pub options: &'a PrintOptions,
}

/// Whether the paper of each letter stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Papers {
    None,
    Behind(Sides),
}

impl LettersJob<'_> {
    pub fn html(&self) -> Result<String, PrintError> {
        self.html_of(self.letters)
    }

    fn html_of(&self, letters: &[Letter]) -> Result<String, PrintError> {
        letters_html(
            self.survey,
            self.wave,
            self.public_url,
            letters,
            self.options,
        )
    }
}

pub fn letters_pdf(
    job: &LettersJob,
    papers: Papers,
    config: &PrintConfig,
) -> Result<Vec<u8>, PrintFileError> {
    let letters = pdf(&job.html()?, Tags::No, config)?;
    let Papers::Behind(sides) = papers else {
        return Ok(letters);
    };
    let letters = PdfFile::read(&letters)?;
    let each = pages_of_each(job, letters.pages(), config)?;
    let paper = questionnaire_html(job.survey, job.wave, job.options)?;
    let paper = pdf(&paper, Tags::No, config)?;
    Ok(with_papers(&letters, each, &PdfFile::read(&paper)?, sides)?)
}

/// The pages of a letter. No letter has fewer than one with the shortest name and address; so where
/// all together have as many as that tells, each has.
fn pages_of_each(
    job: &LettersJob,
    pages: usize,
    config: &PrintConfig,
) -> Result<usize, PrintFileError> {
    let count = job.letters.len();
    if pages == count {
        return Ok(1);
    }
    let Some(first) = job.letters.first() else {
        return Ok(1);
    };
    let shortest = Letter {
        name: None,
        address_lines: Vec::new(),
        ..first.clone()
    };
    let named = Letter {
        name: Some("A".to_owned()),
        ..shortest.clone()
    };
    for least in [named, shortest] {
        let alone = pdf(&job.html_of(&[least])?, Tags::No, config)?;
        let each = PdfFile::read(&alone)?.pages();
        if pages == count * each {
            return Ok(each);
        }
    }
    Err(PrintFileError::UnequalLetters)
}
