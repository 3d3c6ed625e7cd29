//! A QR code as one path of an SVG picture.

use std::fmt::Write;

use qrcode::{Color, QrCode};

/// White around the code, in modules: readers need four.
const MARGIN: usize = 4;

#[derive(Debug)]
pub(super) struct QrPicture {
    /// Modules on a side, with the margin.
    pub size: usize,
    pub path: String,
}

impl QrPicture {
    /// Nothing when the text is longer than any code can hold.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::new(text.as_bytes()).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            while x < width {
                let run = row[x..].iter().take_while(|c| **c == Color::Dark).count();
                if run > 0 {
                    let (left, top) = (x + MARGIN, y + MARGIN);
                    let _ = write!(path, "M{left} {top}h{run}v1h-{run}z");
                }
                x += run.max(1);
            }
        }
        Some(Self {
            size: width + 2 * MARGIN,
            path,
        })
    }
}
