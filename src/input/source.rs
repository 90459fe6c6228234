//! Reads one stream to its end: decompression, line ends, detection, splitting.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;
use std::sync::Arc;

use super::Format;
use super::batch::Batcher;
use super::detect::{self, Compression, Content};
use super::form::{self, Form};
use super::journal::{self, Journal};
use super::json::Objects;
use super::layout::Map;
use super::lf::Lf;
use super::log::{Log, LogLines, Queue};
use super::mbox::Mbox;
use super::split::{Eml, EventLines, Split};
use super::table::{self, Rows, Sniff};
use super::utf16::{self, Utf16};

/// How much is read at first, to tell what it is, in bytes.
const BLOCK: usize = 1024 * 1024;
/// How much is read at once then: what a processor keeps near while it is copied on.
const STEP: usize = 128 * 1024;
/// Bytes that tell a compression, a byte order mark and a form.
const MARK: usize = 16;
/// The byte order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The largest window a zstd frame may ask for: 2^26 bytes. That of `zstd -22` or
/// `--long` would take more memory than the whole run may.
const ZSTD_WINDOW: u32 = 26;

/// What a file is taken for, and what it means if it is nothing known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Named by the user: that it is nothing known is a failure.
    Named,
    /// Found in a folder: it is counted and named.
    Folder,
    /// Found in a folder, its name hidden (`.DS_Store`): it is only mentioned.
    Hidden,
    /// In a Maildir: it is one mail.
    Maildir,
}

/// Room that is used again for each file, and what the user says of all tables.
pub struct Room {
    block: Vec<u8>,
    lines: Vec<u8>,
    map: Arc<Map>,
    /// What the logs read so far said of mails that are under way: a rotated log goes
    /// on in the next.
    queue: Rc<RefCell<Queue>>,
}

impl Default for Room {
    fn default() -> Self {
        Room::new(Arc::default())
    }
}

impl Room {
    /// With `--map`.
    pub fn new(map: Arc<Map>) -> Self {
        Room {
            block: vec![0; BLOCK],
            lines: Vec::new(),
            map,
            queue: Rc::default(),
        }
    }

    /// The bytes that the beginning of a stream gave.
    fn start(&self, begun: &Begun) -> &[u8] {
        self.block.get(..begun.count).unwrap_or_default()
    }
}

/// Reads all of `source` into `out`.
pub fn stream(
    source: &mut dyn Read,
    format: Format,
    place: Place,
    room: &mut Room,
    out: &mut Batcher<'_>,
) {
    let start = fill(source, &mut room.block);
    let text = Text::new(format, place, room, out);
    match (Compression::of(room.start(&start)), &start.error) {
        (Some(compression), None) => {
            let packed = Cursor::new(room.start(&start).to_vec()).chain(source);
            match unpacked(compression, packed) {
                Ok(mut plain) => {
                    let start = fill(&mut plain, &mut room.block);
                    text.of(compression).decode(&mut plain, start, room);
                }
                Err(error) => text.out.failure(error.to_string()),
            }
        }
        _ => text.decode(source, start, room),
    }
}

/// The stream behind a compression.
pub fn unpacked<'a>(
    compression: Compression,
    packed: impl Read + 'a,
) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match compression {
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(packed)),
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(BufReader::new(packed))?;
            decoder.window_log_max(ZSTD_WINDOW)?;
            Box::new(decoder)
        }
    })
}

/// What the beginning of a stream gave: so many bytes of the block, or less and
/// an error.
struct Begun {
    count: usize,
    error: Option<io::Error>,
}

/// Reads until [`MARK`] bytes of `block` are filled, the stream ends or fails.
fn fill(source: &mut dyn Read, block: &mut [u8]) -> Begun {
    let (mut count, mut error) = (0, None);
    while count < MARK && error.is_none() {
        match read(source, block.get_mut(count..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(failed) => error = Some(failed),
        }
    }
    Begun { count, error }
}

fn read(source: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Decompressed text on its way to the batches.
struct Text<'o, 'b> {
    format: Format,
    place: Place,
    map: Arc<Map>,
    queue: Rc<RefCell<Queue>>,
    compression: Option<Compression>,
    out: &'o mut Batcher<'b>,
    lf: Lf,
    /// Blank lines at the beginning: no container has them.
    blank: u64,
    /// What follows them, until it is known what it is.
    head: Vec<u8>,
    split: Option<Box<dyn Split>>,
    /// Its lines come from the entries of a journal.
    wrapped: bool,
    /// Why it is nothing known, if that is known.
    why: Option<String>,
    /// Bytes taken, the byte order mark and CRs included.
    taken: u64,
}

/// Says that a file is nothing known.
struct Unknown;

/// The same for a person.
const UNKNOWN: &str = "of no known kind: no mail header, no From_ line, none of our events, no \
                       log of a mail server, no table or JSON with recipients";

impl<'o, 'b> Text<'o, 'b> {
    fn new(format: Format, place: Place, room: &Room, out: &'o mut Batcher<'b>) -> Self {
        Text {
            format,
            place,
            map: Arc::clone(&room.map),
            queue: Rc::clone(&room.queue),
            compression: None,
            out,
            lf: Lf::default(),
            blank: 0,
            head: Vec::new(),
            split: None,
            wrapped: false,
            why: None,
            taken: 0,
        }
    }

    /// It has been unpacked.
    fn of(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// Reads to the end, through UTF-16 or the code of a form if it begins so.
    fn decode(self, source: &mut dyn Read, start: Begun, room: &mut Room) {
        match (utf16::detect(room.start(&start)), &start.error) {
            (Some(encoding), None) => {
                let coded = Cursor::new(room.start(&start).to_vec()).chain(source);
                let mut plain = Utf16::new(coded, encoding);
                let start = fill(&mut plain, &mut room.block);
                self.read(&mut plain, start, room);
            }
            (None, None) if form::detect(room.start(&start)) => {
                let coded = Cursor::new(room.start(&start).to_vec()).chain(source);
                let mut plain = Form::new(coded);
                let start = fill(&mut plain, &mut room.block);
                self.read(&mut plain, start, room);
            }
            (None, None) if self.may_wrap(room.start(&start)) => self.unwrap(source, &start, room),
            _ => self.read(source, start, room),
        }
    }

    /// Whether what begins so may be the entries of a journal.
    fn may_wrap(&self, start: &[u8]) -> bool {
        let any = match self.format {
            Format::Auto => self.place != Place::Maildir,
            _ => self.forced().is_some(),
        };
        any && journal::may_be(start)
    }

    /// Reads to the end, through the entries of a journal if it has such.
    fn unwrap(mut self, source: &mut dyn Read, start: &Begun, room: &mut Room) {
        let mut peeked = journal::peek(room.start(start).to_vec(), source);
        if let Some(shape) = peeked.shape {
            self.wrapped = true;
            let mut plain = Journal::behind(peeked, shape, source);
            let start = fill(&mut plain, &mut room.block);
            return self.read(&mut plain, start, room);
        }
        // No more is peeked at than there is room for.
        let count = peeked.head.len().min(room.block.len());
        if let (Some(into), Some(from)) = (room.block.get_mut(..count), peeked.head.get(..count)) {
            into.copy_from_slice(from);
        }
        let error = peeked.error.take();
        self.read(source, Begun { count, error }, room);
    }

    /// Reads to the end; the beginning is in the block already.
    fn read(mut self, source: &mut dyn Read, start: Begun, room: &mut Room) {
        let marked = room.start(&start).starts_with(BYTE_ORDER_MARK);
        let skip = if marked { BYTE_ORDER_MARK.len() } else { 0 };
        self.lf = Lf::after(skip as u64);
        self.taken = skip as u64;
        let (mut from, mut to, mut error) = (skip, start.count, start.error);
        loop {
            let raw = room.block.get(from..to).unwrap_or_default();
            if let Some(Unknown) = self.take(raw, &mut room.lines) {
                self.unknown();
                return;
            }
            if self.out.stopped() || error.is_some() {
                break;
            }
            match read(source, room.block.get_mut(..STEP).unwrap_or_default()) {
                Ok(0) => break,
                Ok(more) => (from, to) = (0, more),
                Err(failed) => (from, to, error) = (0, 0, Some(failed)),
            }
        }
        self.finish(error);
    }

    /// Takes a block; says so if the file turns out to be nothing known.
    fn take(&mut self, raw: &[u8], lines: &mut Vec<u8>) -> Option<Unknown> {
        self.taken += raw.len() as u64;
        let text = self.lf.push(raw, lines);
        if let Some(split) = &mut self.split {
            split.push(text, self.lf.offsets(), self.out);
            return None;
        }
        self.begin(text);
        self.decide(false)
    }

    /// Adds to the beginning.
    fn begin(&mut self, text: &[u8]) {
        let mut text = text;
        if self.head.is_empty() {
            let blank = text.iter().take_while(|byte| **byte == b'\n').count();
            text = text.get(blank..).unwrap_or_default();
            self.blank += blank as u64;
            self.lf.offsets().forget(self.blank);
        }
        self.head.extend_from_slice(text);
    }

    /// Detects what the beginning is, and hands it to its splitter.
    fn decide(&mut self, whole: bool) -> Option<Unknown> {
        if self.head.is_empty() {
            return None;
        }
        let mut split: Box<dyn Split> = match self.content(whole)? {
            Content::Mbox => Box::new(Mbox::at(self.blank)),
            Content::Eml => Box::new(Eml::at(self.blank)),
            Content::Ndjson => Box::new(EventLines::at(self.blank)),
            Content::Json => Box::new(Objects::at(self.blank, Arc::clone(&self.map))),
            Content::Log(log) => Box::new(self.lines(log)),
            Content::Csv | Content::Unknown => match self.rows(whole)? {
                Some(rows) => Box::new(rows),
                None => return Some(Unknown),
            },
        };
        let head = std::mem::take(&mut self.head);
        split.push(&head, self.lf.offsets(), self.out);
        self.split = Some(split);
        None
    }

    /// The splitter for a log; `log` is the first that wrote in it.
    fn lines(&mut self, log: Option<Log>) -> LogLines {
        self.out.note(match log {
            Some(log) => Cow::Owned(format!("read as {}", log.format())),
            None => Cow::Borrowed("read as a system log; no mail server writes at its beginning"),
        });
        LogLines::at(self.blank, self.forced(), Rc::clone(&self.queue))
    }

    /// The splitter for a table, if it is one; `None`: more is needed.
    fn rows(&mut self, whole: bool) -> Option<Option<Rows>> {
        match table::sniff(&self.head, &self.map, whole) {
            Sniff::More => None,
            Sniff::Nothing => Some(None),
            Sniff::Table(layout, _) if layout.missing(&self.map).is_some() => {
                let column = layout.missing(&self.map).unwrap_or_default();
                let all = layout.header().join(", ");
                self.why = Some(format!("no column {column:?}; its columns: {all}"));
                Some(None)
            }
            Sniff::Table(layout, at) => {
                self.out.note(layout.told());
                let map = Arc::clone(&self.map);
                Some(Some(Rows::at(self.blank, layout, at, map)))
            }
        }
    }

    /// The same at the end of a file. `sound`: it has an end of its own.
    fn decide_late(&mut self, sound: bool) {
        match self.decide(true) {
            Some(Unknown) if sound => self.unknown(),
            None if sound && self.split.is_none() => self.out.note("empty"),
            _ => {}
        }
    }

    fn content(&self, whole: bool) -> Option<Content> {
        if self.wrapped && self.format == Format::Auto {
            let found = detect::detect(&self.head, whole)?;
            return Some(match found {
                Content::Log(_) => found,
                _ => Content::Log(None),
            });
        }
        if let Some(log) = self.forced() {
            return Some(Content::Log(Some(log)));
        }
        match (self.format, self.place) {
            (Format::Auto | Format::Maildir, Place::Maildir) => Some(Content::Eml),
            (Format::Auto | Format::Maildir, _) => detect::detect(&self.head, whole),
            (Format::Mbox, _) => Some(Content::Mbox),
            (Format::Eml, _) => Some(Content::Eml),
            (Format::Ndjson, _) => Some(Content::Ndjson),
            (Format::Csv | Format::PowerMta, _) => Some(Content::Csv),
            _ => Some(Content::Json),
        }
    }

    /// The server whose log it is, if the user says so.
    fn forced(&self) -> Option<Log> {
        match self.format {
            Format::Postfix => Some(Log::Postfix),
            Format::Exim => Some(Log::Exim),
            Format::Qmail => Some(Log::Qmail),
            Format::OpenSmtpd => Some(Log::OpenSmtpd),
            Format::Sendmail => Some(Log::Sendmail),
            _ => None,
        }
    }

    /// The file is nothing known.
    fn unknown(&mut self) {
        let mut line = self
            .head
            .iter()
            .take(1024)
            .take_while(|byte| **byte != b'\n');
        let binary = line.any(|byte| *byte < b'\t');
        let why: Cow<'static, str> = match (self.why.take(), binary) {
            (Some(why), _) => why.into(),
            (None, true) => "binary data of no known kind".into(),
            (None, false) => match table::columns(&self.head) {
                Some(columns) if columns.iter().any(|c| table::holds_address(c)) => {
                    table::HEADERLESS.into()
                }
                Some(columns) => format!(
                    "a table without a column of recipients (--map recipient=COLUMN); its columns: {}",
                    columns.join(", ")
                )
                .into(),
                None => UNKNOWN.into(),
            },
        };
        match self.place {
            Place::Named => self.out.failure(why.into_owned()),
            Place::Folder | Place::Maildir => self.out.skip(0, why),
            Place::Hidden => self.out.note(why),
        }
    }

    fn finish(&mut self, error: Option<io::Error>) {
        if self.out.stopped() {
            return;
        }
        let rest = self.lf.finish();
        if let Some(split) = &mut self.split {
            split.push(rest, self.lf.offsets(), self.out);
        } else {
            self.begin(rest);
            self.decide_late(error.is_none());
        }
        if let Some(split) = &mut self.split {
            split.finish(error.is_some(), self.lf.offsets(), self.out);
        }
        match (error, self.compression) {
            (None, _) => {}
            // An error of the disk is not one of the data.
            (Some(error), Some(compression)) if error.raw_os_error().is_none() => {
                let why = format!("cut off or damaged {} data: {error}", compression.name());
                self.out.skip(self.taken, why);
            }
            (Some(error), _) => self.out.failure(error.to_string()),
        }
    }
}
