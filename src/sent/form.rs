//! What sent logs are made of. A new source of rows is a variant here, a way to know it in
//! [`source`](super::source), and a reader of its blocks. One whose rows need more than one
//! line (the log of a mail server) is made lines of JSON by the reader, as
//! [`document`](super::document) does.

use super::compose::{Context, Read};
use super::objects::Objects;
use super::source::Block;
use super::table::Table;

/// How a file holds its records.
#[derive(Clone, Debug)]
pub enum Form {
    /// A table: one record a row.
    Table(Table),
    /// JSON: one object a line, which may hold several records.
    Lines(Objects),
}

/// Where a record stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its number within the block.
    pub record: u64,
    /// The line it begins in, from 1.
    pub line: Option<u64>,
    /// The byte it begins at in the unpacked file.
    pub offset: u64,
}

/// Who takes what records give.
pub type Each<'e> = dyn FnMut(Place, Read<'_>) + 'e;

/// Reads all records of a block; how many there were.
pub fn rows(block: &Block, context: &Context<'_>, each: &mut Each<'_>) -> u64 {
    let start = Place {
        record: 0,
        line: block.line,
        offset: block.offset,
    };
    if let Some(why) = &block.bad {
        each(start, Err(why.clone()));
        return 1;
    }
    match block.form.as_ref() {
        Form::Table(table) => table.rows(&block.bytes, start, context, each),
        Form::Lines(objects) => objects.rows(&block.bytes, start, context, each),
    }
}
