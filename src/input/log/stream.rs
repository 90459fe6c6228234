//! A log as batches of records, for readers that hold its text themselves, as that of
//! the sent log does.

use super::{LogLines, Queue};
use crate::input::Batch;
use crate::input::batch::Batcher;
use crate::input::lf::Offsets;
use crate::input::split::Split;
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

/// Cuts the text of `file` into records, until the end or until `each` breaks. `text`
/// gives the next piece of it; `queue` knows what other files said of its messages.
pub fn batches(
    mut text: impl FnMut() -> Option<Vec<u8>>,
    file: &Arc<str>,
    queue: &Rc<RefCell<Queue>>,
    each: &mut dyn FnMut(Batch) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut flow = ControlFlow::Continue(());
    let mut give = |batch| {
        if let (Ok(batch), ControlFlow::Continue(())) = (batch, flow) {
            flow = each(batch);
        }
        flow
    };
    let mut out = Batcher::new(&mut give, Rc::new(Cell::new(0)));
    out.file(Arc::clone(file));
    let mut lines = LogLines::at(0, None, Rc::clone(queue));
    let mut at = Offsets::default();
    while !out.stopped()
        && let Some(piece) = text()
    {
        lines.push(&piece, &mut at, &mut out);
    }
    lines.finish(false, &mut at, &mut out);
    out.flush();
    flow
}
