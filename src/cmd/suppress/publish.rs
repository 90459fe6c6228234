//! Ledger → files.

mod merge;

use super::super::Stop;
use super::make::Made;
use crate::ledger::{Form, Ledger, View};
use crate::lists::files::columns;
use crate::lists::uploads::{self, Fill, Format};
use crate::lists::{each_address, each_line};
use crate::output::ndjson;
use crate::output::replace::{Folder, NewFile};
use crate::vocab::Platform;
use std::collections::BTreeSet;
use std::path::Path;

/// The audit, which is a list of its own kind.
const AUDIT: &str = "audit.ndjson";
/// Where files may lie, besides uploads.
const FOLDERS: &[&str] = &["", "skip", "suppression"];

/// Deletes what a run that was killed has left.
pub fn sweep(path: &Path) -> Result<(), Stop> {
    let folder = Folder::open(path)?;
    let below = |p: &Platform| {
        let stem = uploads::stem(*p, "suppression", None);
        let own = stem.rsplit_once('/').map_or("", |(f, _)| f).to_owned();
        [own, stem]
    };
    let uploads = Platform::ALL.iter().flat_map(below);
    let all = FOLDERS.iter().map(|f| (*f).to_owned()).chain(uploads);
    for place in all {
        folder.sweep(&place)?;
    }
    Ok(())
}

/// Makes all files what the ledger says that do not look as they did when they were.
pub fn repair(ledger: &Ledger, path: &Path) -> Result<(), Stop> {
    let mut folder = Folder::open(path)?;
    let mut stamps = Vec::new();
    for view in ledger.views()? {
        let known = view.stamp.is_some() && stamp(&view, &folder)? == view.stamp;
        if !known {
            whole(ledger, &view, &mut folder)?;
            stamps.push((view.file.clone(), stamp(&view, &folder)?));
        }
    }
    folder.sync()?;
    Ok(ledger.stamps(&stamps)?)
}

/// Makes the files what the ledger says after a run, which has found them right: only what
/// has changed is written, and where that is little, it is merged into the old file.
pub fn write(ledger: &Ledger, path: &Path, made: &Made) -> Result<(), Stop> {
    let mut folder = Folder::open(path)?;
    let mut stamps = Vec::new();
    for view in ledger.views()?.iter().filter(|v| v.stamp.is_none()) {
        let few = made.changed.addresses(view);
        match few.filter(|few| merge::can(view, few)) {
            Some(few) => merge::rows(ledger, view, &few, &mut folder)?,
            None if view.form == Form::Audit && made.changed.is_right(view) => {
                audit(ledger, made.before, &mut folder)?;
            }
            None => whole(ledger, view, &mut folder)?,
        }
        stamps.push((view.file.clone(), stamp(view, &folder)?));
    }
    folder.sync()?;
    Ok(ledger.stamps(&stamps)?)
}

/// What a file looks like: its length and the time of its last change.
fn stamp(view: &View, folder: &Folder) -> Result<Option<String>, Stop> {
    match view.form {
        Form::Gone | Form::Left => Ok(None),
        Form::Csv | Form::Txt | Form::Audit => Ok(folder.stamp(&view.file)?),
        Form::Upload => {
            let (place, name) = view.file.rsplit_once('/').unwrap_or(("", &view.file));
            let mut stamps = Vec::new();
            for there in folder.names(place)? {
                if uploads::is_file_of(&there, name) {
                    let stamp = folder.stamp(&format!("{place}/{there}"))?;
                    stamps.push(format!("{there} {}", stamp.unwrap_or_default()));
                }
            }
            stamps.sort();
            Ok(Some(stamps.join(";")).filter(|s| !s.is_empty()))
        }
    }
}

/// Writes a file of all its rows; one that is the same already is not touched.
fn whole(ledger: &Ledger, view: &View, folder: &mut Folder) -> Result<(), Stop> {
    match view.form {
        Form::Gone => gone(&view.file, folder),
        Form::Left => Ok(()),
        Form::Csv => csv(ledger, view, folder),
        Form::Txt => txt(ledger, view, folder),
        Form::Upload => upload(ledger, view, folder),
        Form::Audit => {
            let mut new = folder.begin(AUDIT)?;
            entries(ledger, 0, &mut new)?;
            folder.keep(new)?;
            Ok(())
        }
    }
}

fn csv(ledger: &Ledger, view: &View, folder: &mut Folder) -> Result<(), Stop> {
    let mut new = folder.begin(&view.file)?;
    new.write(format!("{}\n", view.header).as_bytes())?;
    each_line::<Stop>(ledger, view, None, |_, mut line| {
        line.push('\n');
        Ok(new.write(line.as_bytes())?)
    })?;
    folder.keep(new)?;
    Ok(())
}

fn txt(ledger: &Ledger, view: &View, folder: &mut Folder) -> Result<(), Stop> {
    let mut new = folder.begin(&view.file)?;
    let mut last: Option<String> = None;
    each_address::<Stop>(ledger, view, |mut address| {
        // What is no address could only break the line; and one is enough.
        if address.contains(is_break) || last.as_ref() == Some(&address) {
            return Ok(());
        }
        address.push('\n');
        new.write(address.as_bytes())?;
        address.pop();
        last = Some(address);
        Ok(())
    })?;
    folder.keep(new)?;
    Ok(())
}

/// What makes two lines of one.
fn is_break(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Deletes a file that shows nothing any more, or the files of an upload.
fn gone(file: &str, folder: &mut Folder) -> Result<(), Stop> {
    if file.starts_with(uploads::FOLDER) {
        return others(file, &BTreeSet::new(), folder);
    }
    Ok(folder.remove(file)?)
}

/// Deletes the files of an upload but these: the list was longer once.
fn others(stem: &str, kept: &BTreeSet<String>, folder: &mut Folder) -> Result<(), Stop> {
    let (place, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    for there in folder.names(place)? {
        let file = format!("{place}/{there}");
        if uploads::is_file_of(&there, name) && !kept.contains(&file) {
            folder.remove(&file)?;
        }
    }
    Ok(())
}

/// Writes a list for a platform: into as many files as its limits ask for. How many these
/// are is counted first, as it is part of their names.
fn upload(ledger: &Ledger, view: &View, folder: &mut Folder) -> Result<(), Stop> {
    let Some(format) = Platform::from_word(&view.header).and_then(Format::of) else {
        return Ok(());
    };
    let columns = columns(&view.list);
    let lines = |each: &mut dyn FnMut(String) -> Result<(), Stop>| {
        each_line::<Stop>(ledger, view, None, |address, line| {
            let lines = format.lines(&address, columns, &line);
            if lines.is_empty() {
                Ok(())
            } else {
                each(lines)
            }
        })
    };
    let mut fill = Fill::new(format);
    lines(&mut |lines| {
        fill.take(&lines);
        Ok(())
    })?;
    let count = fill.files;
    let mut fill = Fill::new(format);
    let mut names = BTreeSet::from([uploads::file(&view.file, 1, count)]);
    let name = |n: usize| uploads::file(&view.file, n, count);
    let mut new = folder.begin(&name(1))?;
    new.write(format.head().as_bytes())?;
    lines(&mut |lines| {
        if fill.take(&lines) {
            let next = folder.begin(&name(fill.files))?;
            names.insert(name(fill.files));
            folder.keep(std::mem::replace(&mut new, next))?;
            new.write(format.head().as_bytes())?;
        }
        Ok(new.write(lines.as_bytes())?)
    })?;
    folder.keep(new)?;
    others(&view.file, &names, folder)
}

/// Appends the entries of the runs behind one.
fn audit(ledger: &Ledger, after: i64, folder: &mut Folder) -> Result<(), Stop> {
    let mut new = folder.begin(AUDIT)?;
    new.keep_old()?;
    entries(ledger, after, &mut new)?;
    folder.keep(new)?;
    Ok(())
}

fn entries(ledger: &Ledger, after: i64, new: &mut NewFile) -> Result<(), Stop> {
    ledger.each_entry(after, |entry| {
        let mut line = Vec::new();
        ndjson::line(&entry, &mut line);
        Ok(new.write(&line)?)
    })
}
