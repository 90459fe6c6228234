//! Ledger → files.

use super::super::Stop;
use crate::ledger::{Form, Ledger, View};
use crate::lists::files::columns;
use crate::lists::uploads::{self, Fill, Format};
use crate::output::ndjson;
use crate::output::replace::Folder;
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

/// Makes the files what the ledger says; those that are so already are not touched.
pub fn write(ledger: &Ledger, path: &Path) -> Result<(), Stop> {
    let mut folder = Folder::open(path)?;
    let views = ledger.views()?;
    // Before the first run has ended there is nothing to show.
    if views.is_empty() {
        return Ok(());
    }
    for view in &views {
        match view.form {
            Form::Gone => gone(&view.file, &mut folder)?,
            Form::Csv => csv(ledger, view, &mut folder)?,
            Form::Txt => txt(ledger, view, &mut folder)?,
            Form::Upload => upload(ledger, view, &mut folder)?,
        }
    }
    audit(ledger, &mut folder)?;
    Ok(folder.sync()?)
}

fn csv(ledger: &Ledger, view: &View, folder: &mut Folder) -> Result<(), Stop> {
    let mut line = Vec::new();
    folder.replace::<Stop>(&view.file, |write| {
        write(format!("{}\n", view.header).as_bytes())?;
        ledger.each_row(&view.list, view.part.as_deref(), |row| {
            line.clear();
            line.extend_from_slice(row.line.as_bytes());
            line.push(b'\n');
            write(&line)
        })
    })?;
    Ok(())
}

fn txt(ledger: &Ledger, view: &View, folder: &mut Folder) -> Result<(), Stop> {
    let mut last: Option<String> = None;
    folder.replace::<Stop>(&view.file, |write| {
        ledger.each_row(&view.list, view.part.as_deref(), |row| {
            // What is no address could only break the line; and one is enough.
            let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
            if row.address.contains(breaks) || last.as_ref() == Some(&row.address) {
                return Ok(());
            }
            write(format!("{}\n", row.address).as_bytes())?;
            last = Some(row.address);
            Ok(())
        })
    })?;
    Ok(())
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
    let part = view.part.as_deref();
    let lines = |each: &mut dyn FnMut(String) -> Result<(), Stop>| {
        ledger.each_row::<Stop>(&view.list, part, |row| {
            let lines = format.lines(&row.address, columns, &row.line);
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

fn audit(ledger: &Ledger, folder: &mut Folder) -> Result<(), Stop> {
    folder.replace::<Stop>(AUDIT, |write| {
        ledger.each_entry(0, |entry| {
            let mut line = Vec::new();
            ndjson::line(&entry, &mut line);
            write(&line)
        })
    })?;
    Ok(())
}
