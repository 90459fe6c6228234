//! A few changed rows are merged into a long file: it streams past them.

use super::super::super::Stop;
use super::is_break;
use crate::ledger::{Form, Ledger, View};
use crate::lists::each_line;
use crate::output::replace::{Folder, NewFile};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::BufRead;

/// Lists whose lines do not begin with what they are sorted by; they are short.
const OTHERS: &[&str] = &["templates", "warmup-pause"];

/// True if these changes can be merged: the lines of the file begin with these addresses as
/// they are.
pub fn can(view: &View, few: &BTreeSet<&str>) -> bool {
    let rows = matches!(view.form, Form::Csv | Form::Txt);
    rows && !OTHERS.contains(&view.list.as_str()) && !few.iter().any(|a| a.contains(is_break))
}

/// The address that a line begins with.
fn address(line: &[u8], form: Form) -> Cow<'_, [u8]> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    if form == Form::Txt {
        return Cow::Borrowed(line);
    }
    let Some(quoted) = line.strip_prefix(b"\"") else {
        let end = line.iter().position(|b| *b == b',').unwrap_or(line.len());
        return Cow::Borrowed(line.get(..end).unwrap_or(line));
    };
    let mut cell = Vec::new();
    let mut bytes = quoted.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if bytes.next() == Some(b'"') => cell.push(b'"'),
            b'"' => break,
            other => cell.push(other),
        }
    }
    Cow::Owned(cell)
}

/// A file with its old lines, and the one that takes its place.
struct Merge {
    old: Box<dyn BufRead>,
    new: NewFile,
    form: Form,
    /// The line of the old file that comes next; empty at the end.
    line: Vec<u8>,
}

impl Merge {
    fn next(&mut self, view: &View, folder: &Folder) -> Result<(), Stop> {
        self.line.clear();
        let read = self.old.read_until(b'\n', &mut self.line);
        read.map(|_| ())
            .map_err(|e| folder.failed(&view.file, e).into())
    }

    /// Copies the old lines before an address, and leaves out its own.
    fn to(&mut self, wanted: &[u8], view: &View, folder: &Folder) -> Result<(), Stop> {
        while !self.line.is_empty() {
            let own = address(&self.line, self.form);
            if own.as_ref() > wanted {
                break;
            }
            if own.as_ref() < wanted {
                self.new.write(&self.line)?;
            }
            self.next(view, folder)?;
        }
        Ok(())
    }

    /// Writes the lines of an address as they are now.
    fn put(&mut self, wanted: &str, ledger: &Ledger, view: &View) -> Result<(), Stop> {
        let mut there = false;
        each_line::<Stop>(ledger, view, Some(wanted), |address, mut line| {
            match self.form {
                Form::Txt if there => return Ok(()),
                Form::Txt => line = address,
                _ => {}
            }
            there = true;
            line.push('\n');
            Ok(self.new.write(line.as_bytes())?)
        })
    }

    /// Copies what is left.
    fn rest(&mut self, view: &View, folder: &Folder) -> Result<(), Stop> {
        self.new.write(&self.line)?;
        loop {
            let bytes = self.old.fill_buf();
            let bytes = bytes.map_err(|e| folder.failed(&view.file, e))?;
            let count = bytes.len();
            if count == 0 {
                return Ok(());
            }
            self.new.write(bytes)?;
            self.old.consume(count);
        }
    }
}

/// Merges the rows of a few addresses, sorted, into a file.
pub fn rows(
    ledger: &Ledger,
    view: &View,
    few: &BTreeSet<&str>,
    folder: &mut Folder,
) -> Result<(), Stop> {
    let mut merge = Merge {
        old: Box::new(folder.read(&view.file)?),
        new: folder.begin_new(&view.file)?,
        form: view.form,
        line: Vec::new(),
    };
    merge.next(view, folder)?;
    if view.form == Form::Csv {
        merge.new.write(&merge.line)?;
        merge.next(view, folder)?;
    }
    for address in few {
        merge.to(address.as_bytes(), view, folder)?;
        merge.put(address, ledger, view)?;
    }
    merge.rest(view, folder)?;
    folder.keep(merge.new)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s7_the_address_of_a_line() {
        for (line, csv, txt) in [
            ("a@x.example,1\n", "a@x.example", "a@x.example,1"),
            ("a@x.example\n", "a@x.example", "a@x.example"),
            (",1\n", "", ",1"),
            (
                "\"\"\"a,b\"\"@x.example\",1\n",
                "\"a,b\"@x.example",
                "\"\"\"a,b\"\"@x.example\",1",
            ),
            ("", "", ""),
        ] {
            assert_eq!(address(line.as_bytes(), Form::Csv), csv.as_bytes());
            assert_eq!(address(line.as_bytes(), Form::Txt), txt.as_bytes());
        }
    }
}
