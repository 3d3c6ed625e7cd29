//! Putting PDFs together that Chromium has made. It writes plain objects with a table of their places
//! at the end; what is not written like that is refused rather than guessed at.

use std::{fmt::Write, str};

use memchr::memmem;

/// What comes between the letters of one PDF and the paper of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    One,
    /// An empty page follows an odd number of pages, so that no letter has its code on the back of a
    /// paper.
    Both,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("this Chromium writes its PDFs in another way: print letters and papers into two files")]
pub struct OtherPdf;

/// The objects of a PDF by number, and its pages in order.
#[derive(Debug)]
pub struct PdfFile<'a> {
    objects: Vec<Object<'a>>,
    pages: Vec<usize>,
    info: usize,
}

#[derive(Debug, Clone, Copy)]
struct Object<'a> {
    number: usize,
    body: &'a [u8],
}

impl<'a> PdfFile<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self, OtherPdf> {
        let start = memmem::rfind(bytes, b"startxref\n").ok_or(OtherPdf)?;
        let table = number(&bytes[start + b"startxref\n".len()..]).ok_or(OtherPdf)?;
        let trailer = memmem::rfind(bytes, b"trailer\n").ok_or(OtherPdf)?;
        let entries = bytes.get(table..trailer).ok_or(OtherPdf)?;
        let objects = objects(bytes, table, entries)?;
        let trailer = &bytes[trailer..start];
        let mut file = Self {
            objects,
            pages: Vec::new(),
            info: reference(trailer, b"/Info ").ok_or(OtherPdf)?,
        };
        let root = reference(trailer, b"/Root ").ok_or(OtherPdf)?;
        let tree = reference(file.body(root)?, b"/Pages ").ok_or(OtherPdf)?;
        file.gather(tree, 0)?;
        Ok(file)
    }

    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    fn body(&self, number: usize) -> Result<&'a [u8], OtherPdf> {
        let found = self.objects.iter().find(|object| object.number == number);
        found.map(|object| object.body).ok_or(OtherPdf)
    }

    /// The pages below a node of the page tree.
    fn gather(&mut self, node: usize, depth: usize) -> Result<(), OtherPdf> {
        let body = self.body(node)?;
        if !is_node(body) {
            self.pages.push(node);
            return Ok(());
        }
        let start = memmem::find(body, b"/Kids [").ok_or(OtherPdf)? + b"/Kids [".len();
        let end = start + memchr::memchr(b']', &body[start..]).ok_or(OtherPdf)?;
        let kids = str::from_utf8(&body[start..end]).map_err(|_| OtherPdf)?;
        let kids: Vec<&str> = kids.split_whitespace().collect();
        // A tree this deep would be no tree.
        if depth > 20 {
            return Err(OtherPdf);
        }
        for kid in kids.chunks(3) {
            let number = kid[0].parse().map_err(|_| OtherPdf)?;
            self.gather(number, depth + 1)?;
        }
        Ok(())
    }
}

fn is_node(body: &[u8]) -> bool {
    memmem::find(body, b"/Type /Pages").is_some()
}

fn objects<'a>(bytes: &'a [u8], table: usize, entries: &[u8]) -> Result<Vec<Object<'a>>, OtherPdf> {
    let entries = str::from_utf8(entries).map_err(|_| OtherPdf)?;
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (number, entry) in entries.lines().skip(2).enumerate() {
        if entry.trim_end().ends_with('n') {
            let place = entry.split(' ').next().and_then(|place| place.parse().ok());
            places.push((place.ok_or(OtherPdf)?, number));
        }
    }
    places.sort_unstable();
    let ends = places
        .iter()
        .skip(1)
        .map(|(place, _)| *place)
        .chain([table]);
    let mut objects = Vec::with_capacity(places.len());
    for ((start, number), end) in places.iter().zip(ends) {
        let whole = bytes.get(*start..end).ok_or(OtherPdf)?;
        let head = format!("{number} 0 obj\n");
        let body = whole.strip_prefix(head.as_bytes()).ok_or(OtherPdf)?;
        let end = memmem::rfind(body, b"endobj").ok_or(OtherPdf)?;
        objects.push(Object {
            number: *number,
            body: &body[..end],
        });
    }
    Ok(objects)
}

/// Letters of `letter_pages` pages each, every one followed by the paper, which is in the file once.
pub fn with_papers(
    letters: &PdfFile,
    letter_pages: usize,
    paper: &PdfFile,
    sides: Sides,
) -> Result<Vec<u8>, OtherPdf> {
    let base = 1 + highest(letters);
    let mut out = Writer::new(base + 1 + highest(paper));
    out.copy(letters, 0)?;
    out.copy(paper, base)?;
    let blank = b"<</Type /Page\n/Resources <<>>\n/MediaBox [0 0 594.95996 841.91998]>>\n";
    let mut kids = Vec::new();
    let mut next = out.tree + 1;
    let mut page = |out: &mut Writer, body: &[u8], offset| {
        out.page(next, body, offset)?;
        kids.push(next);
        next += 1;
        Ok(())
    };
    for letter in letters.pages.chunks(letter_pages.max(1)) {
        for (pages, file, offset) in [(letter, letters, 0), (&paper.pages[..], paper, base)] {
            for number in pages {
                page(&mut out, file.body(*number)?, offset)?;
            }
            if sides == Sides::Both && pages.len() % 2 == 1 {
                page(&mut out, blank, 0)?;
            }
        }
    }
    Ok(out.finish(&kids, next, letters.info))
}

fn highest(file: &PdfFile) -> usize {
    file.objects.iter().map(|o| o.number).max().unwrap_or(0)
}

/// A PDF being written, with the place of each object.
struct Writer {
    bytes: Vec<u8>,
    places: Vec<(usize, usize)>,
    tree: usize,
}

impl Writer {
    fn new(tree: usize) -> Self {
        Self {
            // The second line says that what follows is no text.
            bytes: b"%PDF-1.4\n%\xd3\xeb\xe9\xe1\n".to_vec(),
            places: Vec::new(),
            tree,
        }
    }

    /// All that pages draw with; the pages themselves and their tree come new.
    fn copy(&mut self, file: &PdfFile, offset: usize) -> Result<(), OtherPdf> {
        for object in &file.objects {
            let structure = [&b"/Type /Catalog"[..], b"/Type /Pages"];
            let is_structure = structure
                .iter()
                .any(|t| object.body.starts_with(&[b"<<", *t].concat()));
            if !is_structure && !file.pages.contains(&object.number) {
                self.object(object.number + offset, &renumbered(object.body, offset)?);
            }
        }
        Ok(())
    }

    fn page(&mut self, number: usize, body: &[u8], offset: usize) -> Result<(), OtherPdf> {
        let body = renumbered(body, offset)?;
        let text = str::from_utf8(&body).map_err(|_| OtherPdf)?;
        let inner = text.trim_end().strip_suffix(">>").ok_or(OtherPdf)?;
        let inner = match inner.split_once("\n/Parent ") {
            Some((before, parent)) if !parent.contains('/') => before,
            Some(_) => return Err(OtherPdf),
            None => inner,
        };
        let whole = format!("{inner}\n/Parent {} 0 R>>\n", self.tree);
        self.object(number, whole.as_bytes());
        Ok(())
    }

    fn object(&mut self, number: usize, body: &[u8]) {
        self.places.push((number, self.bytes.len()));
        self.bytes.extend(format!("{number} 0 obj\n").as_bytes());
        self.bytes.extend(body);
        self.bytes.extend(b"endobj\n");
    }

    fn finish(mut self, kids: &[usize], catalog: usize, info: usize) -> Vec<u8> {
        let kids: Vec<String> = kids.iter().map(|kid| format!("{kid} 0 R")).collect();
        let (tree, count) = (self.tree, kids.len());
        let node = format!(
            "<</Type /Pages\n/Count {count}\n/Kids [{}]>>\n",
            kids.join(" ")
        );
        self.object(tree, node.as_bytes());
        let root = format!("<</Type /Catalog\n/Pages {tree} 0 R>>\n");
        self.object(catalog, root.as_bytes());
        self.places.sort_unstable();
        let table = self.bytes.len();
        let mut end = format!("xref\n0 {}\n", catalog + 1);
        let mut places = self.places.iter().peekable();
        for number in 0..=catalog {
            // Writing to a string cannot fail.
            let _ = match places.next_if(|(known, _)| *known == number) {
                Some((_, place)) => writeln!(end, "{place:010} 00000 n "),
                None => writeln!(end, "0000000000 65535 f "),
            };
        }
        let size = catalog + 1;
        let _ = write!(
            end,
            "trailer\n<</Size {size}\n/Root {catalog} 0 R\n/Info {info} 0 R>>\nstartxref\n{table}\n%%EOF\n"
        );
        self.bytes.extend(end.as_bytes());
        self.bytes
    }
}

/// The object with `offset` added to the numbers that it refers to: `12 0 R`, but not where that
/// stands in a string or a stream.
fn renumbered(body: &[u8], offset: usize) -> Result<Vec<u8>, OtherPdf> {
    let mut out = Vec::with_capacity(body.len() + 16);
    let mut rest = body;
    while let Some(first) = rest.first() {
        let length = match first {
            b'(' => string_length(rest).ok_or(OtherPdf)?,
            b's' if rest.starts_with(b"stream\n") => rest.len(),
            b'0'..=b'9' => {
                let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
                if rest[digits..].starts_with(b" 0 R") {
                    let referred = number(rest).ok_or(OtherPdf)? + offset;
                    out.extend(referred.to_string().as_bytes());
                    rest = &rest[digits..];
                    continue;
                }
                digits
            }
            // A name or a word is one piece, with the digits in it.
            b'/' | b'a'..=b'z' | b'A'..=b'Z' => {
                let more =
                    |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'_' | b'#');
                1 + rest[1..].iter().take_while(more).count()
            }
            _ => 1,
        };
        out.extend(&rest[..length]);
        rest = &rest[length..];
    }
    Ok(out)
}

/// The bytes of the string that begins here, with its brackets.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut depth = 0;
    let mut place = 0;
    while let Some(byte) = text.get(place) {
        match byte {
            b'\\' => place += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        place += 1;
        if depth == 0 {
            return Some(place);
        }
    }
    None
}

/// The number at the beginning.
fn number(text: &[u8]) -> Option<usize> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    str::from_utf8(&text[..digits]).ok()?.parse().ok()
}

fn reference(text: &[u8], name: &[u8]) -> Option<usize> {
    number(&text[memmem::find(text, name)? + name.len()..])
}
