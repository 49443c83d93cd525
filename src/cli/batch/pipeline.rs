//! Portions of the input through several threads, out as blocks in order.
//!
//! A permit is taken for each portion before it is read and given back once its block is written, so there are never
//! more portions and blocks about than permits, however slow one worker or the writing is.
use super::worker::{Block, Worker};
use crate::cli::ui::Failure;
use crate::dataset::{Portion, Source};
use crate::diag::Diagnostic;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// How far the input has been read: bytes, and how many there are.
pub type Read = (u64, Option<u64>);

/// What is read and by how many threads.
pub struct Pipeline<'a> {
    /// The input.
    pub source: Box<dyn Source + 'a>,
    /// Rows at the beginning that are done already.
    pub done: u64,
    /// The last row that is wanted.
    pub last: u64,
    /// Worker threads.
    pub jobs: usize,
}

/// What comes out.
pub trait Sink {
    /// The next block, in order.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put(&mut self, block: Block) -> Result<(), Failure>;

    /// How far the input has been read while rows that are done already are passed over.
    fn skipped(&mut self, read: Read);

    /// How far the input had been read for the last block.
    fn progress(&mut self, read: Read);
}

/// What the threads tell the writer.
enum Event {
    Skipped(Read),
    Done(u64, Read, Result<Block, Box<Diagnostic>>),
    Broken(u64, Box<Diagnostic>),
    /// A thread has come to grief; its message is on stderr.
    Panicked,
}

/// A portion under way.
struct Task {
    index: u64,
    portion: Portion,
    read: Read,
}

/// Tells the writer when its thread panics, which otherwise would wait for a block that never comes.
struct Alarm<'a>(&'a Sender<Event>);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(Event::Panicked);
        }
    }
}

impl Pipeline<'_> {
    /// Runs everything, blocks going to `sink` on this thread. Blocks before one that fails are still written.
    ///
    /// # Errors
    /// What went wrong in reading, in a worker or in writing.
    pub fn run<'w>(
        self,
        worker: &(dyn Fn() -> Worker<'w> + Sync),
        sink: &mut dyn Sink,
    ) -> Result<(), Failure> {
        let jobs = self.jobs.max(1);
        let (permit, back) = sync_channel::<()>(2 * jobs + 2);
        let (give, take) = channel::<Task>();
        let (tell, events) = channel::<Event>();
        let take = Mutex::new(take);
        thread::scope(|scope| {
            for _ in 0..jobs {
                let (tell, take) = (tell.clone(), &take);
                scope.spawn(move || work(worker, take, &tell));
            }
            scope.spawn(move || read(self, &permit, &give, &tell));
            // These ends go when writing ends, however it ends, and with them whatever the others wait for.
            let (events, back) = (events, back);
            write(&events, &back, sink)
        })
    }
}

fn read(mut input: Pipeline<'_>, permit: &SyncSender<()>, give: &Sender<Task>, tell: &Sender<Event>) {
    let _alarm = Alarm(tell);
    let mut index = 0;
    loop {
        if permit.send(()).is_err() {
            return;
        }
        let portion = loop {
            match input.source.next() {
                Ok(Some(portion)) if portion.rows == 0 => {}
                Ok(Some(portion)) if portion.first + portion.rows - 1 <= input.done => {
                    let _ = tell.send(Event::Skipped(input.source.progress()));
                }
                Ok(Some(portion)) if portion.first <= input.last => break portion,
                Ok(_) => return,
                Err(broken) => {
                    let _ = tell.send(Event::Broken(index, broken));
                    return;
                }
            }
        };
        let read = input.source.progress();
        if portion.first <= input.done {
            let _ = tell.send(Event::Broken(index, Box::new(other_input(input.done))));
            return;
        }
        if give.send(Task { index, portion, read }).is_err() {
            return;
        }
        index += 1;
    }
}

fn work<'w>(worker: &(dyn Fn() -> Worker<'w> + Sync), take: &Mutex<Receiver<Task>>, tell: &Sender<Event>) {
    let _alarm = Alarm(tell);
    let mut worker = worker();
    loop {
        let task = match take.lock() {
            Ok(take) => take.recv(),
            Err(_) => return,
        };
        let Ok(Task { index, portion, read }) = task else { return };
        let block = worker.block(&portion);
        if tell.send(Event::Done(index, read, block)).is_err() {
            return;
        }
    }
}

fn write(events: &Receiver<Event>, back: &Receiver<()>, sink: &mut dyn Sink) -> Result<(), Failure> {
    let mut waiting: BTreeMap<u64, (Read, Result<Block, Box<Diagnostic>>)> = BTreeMap::new();
    let mut next = 0;
    for event in events {
        match event {
            Event::Skipped(read) => sink.skipped(read),
            Event::Done(index, read, block) => {
                waiting.insert(index, (read, block));
            }
            Event::Broken(index, broken) => {
                waiting.insert(index, ((0, None), Err(broken)));
            }
            Event::Panicked => return Err(Failure::Diagnostics(vec![panicked()])),
        }
        while let Some((read, block)) = waiting.remove(&next) {
            sink.put(block.map_err(|found| Failure::Diagnostics(vec![*found]))?)?;
            sink.progress(read);
            let _ = back.recv();
            next += 1;
        }
    }
    Ok(())
}

/// B0888: a boundary between blocks that is not where it was.
fn other_input(done: u64) -> Diagnostic {
    Diagnostic::error("B0888", format!("不能接着做，输入与上次的不同：上次做完的第 {done} 件不在原来的地方"))
        .help("加上 --overwrite 从头做")
}

/// B0889: a thread that has come to grief.
fn panicked() -> Diagnostic {
    Diagnostic::error("B0889", "一个线程出错停下，没有能够做完")
        .help("这是程序的错误，请连同上面的文字和输入报告；已经写出的部分是完整的")
}
