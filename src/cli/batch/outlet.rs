//! Where blocks go: into files that can be taken up again, or straight to a stream; and what is seen of it meanwhile.
use super::pipeline::{Read, Sink};
use super::progress::Progress;
use super::rejects::Paper;
use super::targets::{partial, unwritten};
use super::worker::{Block, Tally};
use super::writer::Files;
use crate::cli::ui::{Failure, Ui};
use crate::diag::Diagnostic;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Rejects shown when there is no table for them.
const SHOWN: u64 = 20;

/// Where blocks go.
pub enum Outlet<'a> {
    /// Files.
    Files(Box<Files<'a>>),
    /// Standard output, or something else that is no file.
    Stream(Stream<'a>),
}

/// A stream, and what becomes of rejects.
pub struct Stream<'a> {
    out: &'a mut dyn Write,
    paper: Paper<'a>,
    table: Option<(PathBuf, File)>,
    shown: u64,
    /// The advice given last.
    advice: Option<String>,
    tally: Tally,
}

impl<'a> Stream<'a> {
    /// Begins with what stands before the first block. Rejects go to a table, if there is to be one.
    ///
    /// # Errors
    /// When the stream refuses it or the table cannot be made.
    pub fn open(
        out: &'a mut dyn Write,
        head: &[u8],
        paper: Paper<'a>,
        table: Option<&Path>,
    ) -> Result<Self, Failure> {
        let table = table.map(|path| -> Result<_, Diagnostic> {
            let to = partial(path);
            let mut file = File::create(&to).map_err(|e| unwritten(&to, &e))?;
            file.write_all(&Paper::head()).map_err(|e| unwritten(&to, &e))?;
            Ok((path.to_path_buf(), file))
        });
        let table = table.transpose()?;
        out.write_all(head)?;
        Ok(Self { out, paper, table, shown: 0, advice: None, tally: Tally::default() })
    }

    fn put(&mut self, block: &Block, ui: &Ui, progress: &Progress) -> Result<(), Failure> {
        for bytes in &block.files {
            self.out.write_all(bytes)?;
        }
        self.out.flush()?;
        self.tally.add(&block.tally);
        if let Some((path, file)) = &mut self.table {
            file.write_all(&block.paper).map_err(|e| unwritten(path, &e))?;
            return Ok(());
        }
        let before = self.shown;
        let mut text = String::new();
        for reject in &block.rejects {
            if self.shown < SHOWN {
                text.push_str(&self.paper.shown(reject, self.advice.as_deref(), ui.format));
                self.advice.clone_from(&reject.help);
            }
            self.shown += 1;
        }
        if before <= SHOWN && self.shown > SHOWN {
            text.push_str("其余不可读的行不再列出；用 --rejects 把它们都写进一份文件\n");
        }
        if !text.is_empty() {
            progress.aside(|| ui.say(&text));
        }
        Ok(())
    }

    /// Gives the table of rejects its name.
    fn finish(self) -> Result<Ended, Failure> {
        self.out.flush()?;
        let rejects = self.table.map(|(path, file)| -> Result<PathBuf, Diagnostic> {
            file.sync_all().map_err(|e| unwritten(&path, &e))?;
            std::fs::rename(partial(&path), &path).map_err(|e| unwritten(&path, &e))?;
            Ok(path)
        });
        Ok(Ended { tally: self.tally, files: Vec::new(), rejects: rejects.transpose()? })
    }
}

/// A run that has ended.
#[derive(Debug)]
pub struct Ended {
    /// Rows by what became of them.
    pub tally: Tally,
    /// Files of the result.
    pub files: Vec<PathBuf>,
    /// The table of rejects, where there is one.
    pub rejects: Option<PathBuf>,
}

/// An outlet with somebody watching.
pub struct Watched<'a> {
    outlet: Outlet<'a>,
    progress: Progress,
    ui: &'a Ui,
    /// Rows that were done before.
    before: u64,
}

impl<'a> Watched<'a> {
    /// An outlet whose progress is shown, or not.
    #[must_use]
    pub fn new(outlet: Outlet<'a>, ui: &'a Ui, shown: bool) -> Self {
        let mut watched = Self { outlet, progress: Progress::new(shown), ui, before: 0 };
        watched.before = watched.tally().rows;
        watched
    }

    /// What became of the rows so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        match &self.outlet {
            Outlet::Files(files) => &files.tally,
            Outlet::Stream(stream) => &stream.tally,
        }
    }

    /// Rows that were done before this run.
    #[must_use]
    pub fn before(&self) -> u64 {
        self.before
    }

    /// Puts everything in its place.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(self) -> Result<Ended, Failure> {
        self.progress.clear();
        match self.outlet {
            Outlet::Stream(stream) => stream.finish(),
            Outlet::Files(files) => {
                let (targets, tally) = files.finish()?;
                let there = tally.refused() > 0 || targets.asked;
                Ok(Ended { tally, files: targets.files, rejects: there.then_some(targets.paper) })
            }
        }
    }

    /// Stops showing progress.
    pub fn clear(&self) {
        self.progress.clear();
    }
}

impl Sink for Watched<'_> {
    fn put(&mut self, block: Block) -> Result<(), Failure> {
        match &mut self.outlet {
            Outlet::Files(files) => files.put(&block).map_err(Failure::from),
            Outlet::Stream(stream) => stream.put(&block, self.ui, &self.progress),
        }
    }

    fn skipped(&mut self, read: Read) {
        self.progress.skipping(read);
    }

    fn progress(&mut self, read: Read) {
        let rows = self.tally().rows;
        self.progress.done(read, rows, rows - self.before);
    }
}
