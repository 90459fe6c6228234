//! Ledger → files.

use super::super::Stop;
use crate::ledger::{Form, Ledger, View};
use crate::output::ndjson;
use crate::output::replace::Folder;
use std::path::Path;

/// The audit, which is a list of its own kind.
const AUDIT: &str = "audit.ndjson";
/// Where files may lie.
const FOLDERS: &[&str] = &["", "skip", "suppression"];

/// Deletes what a run that was killed has left.
pub fn sweep(path: &Path) -> Result<(), Stop> {
    let folder = Folder::open(path)?;
    FOLDERS.iter().try_for_each(|f| Ok(folder.sweep(f)?))
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
            Form::Gone => folder.remove(&view.file)?,
            Form::Csv => csv(ledger, view, &mut folder)?,
            Form::Txt => txt(ledger, view, &mut folder)?,
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
