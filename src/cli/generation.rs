//! Cases made by several threads and written in order. Blocks are dealt out in turn, each packed on its own, so the
//! bytes are the same whoever made them, and no more than a few blocks are held.
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc;
use std::thread;

use indicatif::{ProgressBar, ProgressStyle};

use crate::dataset::Packing;
use crate::generate::Generator;
use crate::generate::json::Writer;

/// Cases a block.
const BLOCK: u64 = 1024;
/// Blocks a thread may be ahead.
const AHEAD: usize = 4;
/// How hard Zstandard tries.
const ZSTD_LEVEL: i32 = 3;

/// What is to be made.
pub struct Work<'a> {
    /// Cases.
    pub generator: &'a Generator<'a>,
    /// Lines.
    pub writer: &'a Writer,
    /// How many.
    pub count: u64,
    /// What they are called, before their number.
    pub name: Option<&'a str>,
    /// How blocks are packed.
    pub packing: Packing,
    /// Threads; none: as many as there are cores.
    pub jobs: Option<usize>,
    /// Without a bar even on a terminal.
    pub silent: bool,
}

/// Makes all cases and writes them.
///
/// # Errors
/// When `out` refuses them.
pub fn write_all(work: &Work<'_>, out: &mut dyn Write) -> io::Result<()> {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let blocks = work.count.div_ceil(BLOCK);
    let most = usize::try_from(blocks).unwrap_or(usize::MAX).max(1);
    let jobs = work.jobs.unwrap_or_else(cores).clamp(1, most);
    let bar = bar(work);
    thread::scope(|scope| {
        let mut lanes = Vec::with_capacity(jobs);
        for first in (0..blocks).take(jobs) {
            let (send, receive) = mpsc::sync_channel::<io::Result<Vec<u8>>>(AHEAD);
            lanes.push(receive);
            scope.spawn(move || {
                let mut text = String::new();
                for number in (first..blocks).step_by(jobs) {
                    // Nobody listens any more when the output was refused.
                    if send.send(block(work, number, &mut text)).is_err() {
                        return;
                    }
                }
            });
        }
        for number in 0..blocks {
            let lane = usize::try_from(number).unwrap_or(0) % jobs;
            let Some(Ok(bytes)) = lanes.get(lane).map(mpsc::Receiver::recv) else { break };
            out.write_all(&bytes?)?;
            bar.inc(BLOCK.min(work.count - number * BLOCK));
        }
        bar.finish_and_clear();
        Ok(())
    })
}

/// The bytes of one block.
fn block(work: &Work<'_>, number: u64, text: &mut String) -> io::Result<Vec<u8>> {
    text.clear();
    for index in number * BLOCK..work.count.min((number + 1) * BLOCK) {
        let case = work.generator.case(index);
        let name = work.name.map(|prefix| format!("{prefix}{}", index + 1));
        work.writer.write_named(name.as_deref().unwrap_or(""), &case, text);
        text.push('\n');
    }
    match work.packing {
        Packing::Plain => Ok(std::mem::take(text).into_bytes()),
        Packing::Gzip => {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            packed.write_all(text.as_bytes())?;
            packed.finish()
        }
        Packing::Zstd => zstd::encode_all(text.as_bytes(), ZSTD_LEVEL),
    }
}

/// A bar with rate and time left, on a terminal only.
fn bar(work: &Work<'_>) -> ProgressBar {
    if work.silent || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(work.count);
    let template = "造案 {bar:30} {pos}/{len}　每秒 {per_sec:.0}　还要 {eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
