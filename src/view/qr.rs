//! QR codes as one SVG path.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// White around the code that a camera needs to find it, in modules.
const QUIET: usize = 4;

/// The dark modules as a path, and the side of the square that they stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Qr {
    pub path: String,
    pub side: usize,
}

impl Qr {
    /// A quarter of the code may be soiled or folded and it can still be read. Nothing when the text
    /// is longer than any code can hold.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::Q).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] == Color::Dark {
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{} {}h{}v1h-{2}z", x + QUIET, y + QUIET, run.len());
                }
                x += run.len();
            }
        }
        Some(Self {
            path,
            side: width + 2 * QUIET,
        })
    }
}
