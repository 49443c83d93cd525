//! Blocks into files that can be taken up again: everything goes to `….partial` first, the journal follows the data, and
//! the files get their names when all is there.
use super::journal::{Entry, Head, Journal, Part, Record};
use super::rejects::Paper;
use super::targets::{Targets, partial, unwritten};
use super::worker::{Block, Tally};
use crate::batch::Layout;
use crate::dataset::{Output, write_fault};
use crate::diag::Diagnostic;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// How often a journal that somebody holds is tried again, and after how long.
const PATIENCE: u32 = 20;
const MOMENT: Duration = Duration::from_millis(50);

/// The files of a run under way.
pub struct Files<'a> {
    targets: Targets,
    output: &'a dyn Output,
    layout: &'a Layout,
    /// The files of the result, if blocks are appended, and then the table of rejects.
    open: Vec<(PathBuf, File)>,
    journal: File,
    blocks: u64,
    /// Rows that are done.
    pub last: u64,
    /// What became of them.
    pub tally: Tally,
    done: bool,
}

/// What to do about an unfinished run and about files that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Refuse.
    New,
    /// Go on with it; files that are there without one are refused.
    Resume,
    /// Put something new in their place.
    Overwrite,
}

impl<'a> Files<'a> {
    /// Begins a run, or goes on with one.
    ///
    /// # Errors
    /// When there are files already, the unfinished run is another one, or a file cannot be written.
    pub fn open(
        targets: Targets,
        output: &'a dyn Output,
        layout: &'a Layout,
        head: &Head,
        start: Start,
    ) -> Result<Self, Diagnostic> {
        let begun = targets.begun();
        match start {
            Start::New if begun => return Err(unfinished(&targets)),
            Start::New => clash(&targets)?,
            Start::Resume if !begun => clash(&targets)?,
            Start::Resume | Start::Overwrite => {}
        }
        let journal = open(&targets.journal()).map_err(|e| unwritten(&targets.out, &e))?;
        if !lock(&journal) {
            return Err(locked(&targets));
        }
        let mut files = Self {
            targets,
            output,
            layout,
            open: Vec::new(),
            journal,
            blocks: 0,
            last: 0,
            tally: Tally::default(),
            done: false,
        };
        let known = if start == Start::Resume { files.known()? } else { Journal::default() };
        match &known.head {
            Some(before) => {
                let differences = before.differences(head);
                if !differences.is_empty() {
                    return Err(another(&files.targets, &differences));
                }
                files.go_on(known)?;
            }
            None => files.begin(head)?,
        }
        Ok(files)
    }

    fn known(&mut self) -> Result<Journal, Diagnostic> {
        let mut bytes = Vec::new();
        self.journal.read_to_end(&mut bytes).map_err(|e| unwritten(&self.targets.journal(), &e))?;
        Ok(Journal::parse(&bytes))
    }

    /// Paths of the files that are appended to, with what stands at their beginning.
    fn appended(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let heads = self.output.heads(self.layout);
        let files = self.targets.files.iter().zip(heads).filter(|_| self.output.appends());
        let paper = (partial(&self.targets.paper), Paper::head());
        files.map(|(path, head)| (partial(path), head)).chain([paper]).collect()
    }

    fn begin(&mut self, head: &Head) -> Result<(), Diagnostic> {
        cut(&self.targets.journal(), &mut self.journal, 0)?;
        for (path, head) in self.appended() {
            let mut file = edit(&path)?;
            cut(&path, &mut file, 0)?;
            put(&path, &mut file, &head)?;
            self.open.push((path, file));
        }
        if !self.output.appends() {
            let folder = self.targets.folder();
            fs::create_dir_all(&folder).map_err(|e| unwritten(&folder, &e))?;
        }
        self.note(&Entry::Head(head.clone()))
    }

    /// Goes on after the last block that is there to the last byte.
    fn go_on(&mut self, known: Journal) -> Result<(), Diagnostic> {
        if known.done {
            self.done = true;
            self.blocks = known.blocks.len() as u64;
            known.blocks.iter().for_each(|(record, _)| self.tally.add(&record.tally));
            return Ok(());
        }
        let mut readers = Vec::new();
        for (path, head) in self.appended() {
            let mut file = edit(&path)?;
            let mut found = vec![0; head.len()];
            let whole = file.read_exact(&mut found).is_ok() && found == head;
            self.open.push((path.clone(), file.try_clone().map_err(|e| unwritten(&path, &e))?));
            if !whole {
                return Err(damaged(&path));
            }
            readers.push((BufReader::new(file), head.len() as u64));
        }
        let mut end = known.begin;
        for (record, line) in known.blocks {
            if !self.is_there(&record, &mut readers) {
                break;
            }
            (self.last, end) = (record.last, line);
            self.blocks += 1;
            self.tally.add(&record.tally);
        }
        cut(&self.targets.journal(), &mut self.journal, end)?;
        for ((path, file), (_, length)) in self.open.iter_mut().zip(readers) {
            cut(path, file, length)?;
        }
        Ok(())
    }

    /// Whether all bytes of a block are there; `readers` are moved past it.
    fn is_there(&self, record: &Record, readers: &mut [(BufReader<File>, u64)]) -> bool {
        let files = self.targets.files.len();
        let mut parts = record.parts.iter();
        if !self.output.appends() {
            for (file, part) in parts.by_ref().take(files).enumerate() {
                let found = fs::read(self.targets.block(file, self.blocks)).ok();
                if found.is_none_or(|bytes| Part::of(&bytes) != *part) {
                    return false;
                }
            }
        }
        let whole = parts.zip(readers.iter_mut()).all(|(part, (reader, _))| {
            let mut bytes = Vec::new();
            reader.take(part.len).read_to_end(&mut bytes).is_ok() && Part::of(&bytes) == *part
        });
        if whole {
            let skip = record.parts.len().saturating_sub(readers.len());
            for (part, (_, length)) in record.parts.iter().skip(skip).zip(readers) {
                *length += part.len;
            }
        }
        whole
    }

    /// Writes the next block.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn put(&mut self, block: &Block) -> Result<(), Diagnostic> {
        let mut bytes = block.files.iter();
        if !self.output.appends() {
            for (file, bytes) in bytes.by_ref().enumerate() {
                let path = self.targets.block(file, self.blocks);
                fs::write(&path, bytes).map_err(|e| unwritten(&path, &e))?;
            }
        }
        for ((path, file), bytes) in self.open.iter_mut().zip(bytes.chain([&block.paper])) {
            put(path, file, bytes)?;
        }
        self.note(&Entry::Block(Record::of(block)))?;
        self.blocks += 1;
        self.last = block.last;
        self.tally.add(&block.tally);
        Ok(())
    }

    /// Whether an earlier run has written everything.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Gives the files their names; all of them are complete by then.
    ///
    /// # Errors
    /// When a file cannot be written or renamed.
    pub fn finish(mut self) -> Result<(Targets, Tally), Diagnostic> {
        if !self.done {
            self.assemble()?;
            for (path, file) in &self.open {
                file.sync_all().map_err(|e| unwritten(path, &e))?;
            }
            self.note(&Entry::Done)?;
            let journal = self.targets.journal();
            self.journal.sync_all().map_err(|e| unwritten(&journal, &e))?;
        }
        self.open.clear();
        let (targets, tally) = (self.targets, self.tally);
        for path in &targets.files {
            settle(path)?;
        }
        if tally.refused() > 0 || targets.asked {
            settle(&targets.paper)?;
        } else {
            // One from an earlier run would speak of rows that are fine now.
            let _ = fs::remove_file(&targets.paper);
            let _ = fs::remove_file(partial(&targets.paper));
        }
        let _ = fs::remove_dir_all(targets.folder());
        let journal = targets.journal();
        drop(self.journal);
        fs::remove_file(&journal).map_err(|e| unwritten(&journal, &e))?;
        Ok((targets, tally))
    }

    /// Joins blocks that were kept apart.
    fn assemble(&self) -> Result<(), Diagnostic> {
        if self.output.appends() {
            return Ok(());
        }
        for (file, path) in self.targets.files.iter().enumerate() {
            let blocks: Vec<PathBuf> =
                (0..self.blocks).map(|index| self.targets.block(file, index)).collect();
            let blocks: Vec<&Path> = blocks.iter().map(PathBuf::as_path).collect();
            let to = partial(path);
            self.output.assemble(self.layout, file, &blocks, &to).map_err(|e| write_fault(path, &e))?;
            File::open(&to).and_then(|file| file.sync_all()).map_err(|e| unwritten(&to, &e))?;
        }
        Ok(())
    }

    fn note(&mut self, entry: &Entry) -> Result<(), Diagnostic> {
        put(&self.targets.journal(), &mut self.journal, entry.line().as_bytes())
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Keeps others from a journal; a run that was just killed may take a moment to let go of it.
fn lock(journal: &File) -> bool {
    for _ in 0..PATIENCE {
        match journal.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(MOMENT),
            // Where there are no locks, none is kept.
            Ok(()) | Err(TryLockError::Error(_)) => return true,
        }
    }
    false
}

fn edit(path: &Path) -> Result<File, Diagnostic> {
    open(path).map_err(|e| unwritten(path, &e))
}

fn put(path: &Path, file: &mut File, bytes: &[u8]) -> Result<(), Diagnostic> {
    file.write_all(bytes).map_err(|e| unwritten(path, &e))
}

/// Leaves so much of a file and goes on from there.
fn cut(path: &Path, file: &mut File, length: u64) -> Result<(), Diagnostic> {
    let done = file.set_len(length).and_then(|()| file.seek(SeekFrom::Start(length)));
    done.map(|_| ()).map_err(|e| unwritten(path, &e))
}

/// The name a file is to have, unless it has it already.
fn settle(path: &Path) -> Result<(), Diagnostic> {
    match fs::rename(partial(path), path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound && path.exists() => Ok(()),
        renamed => renamed.map_err(|e| unwritten(path, &e)),
    }
}

fn clash(targets: &Targets) -> Result<(), Diagnostic> {
    match targets.clash() {
        Some(there) => Err(Diagnostic::error("B0824", format!("“{}”已经存在", there.display()))
            .help("换一个名字，或者先把原文件移走；要整个换掉它的，加上 --overwrite")),
        None => Ok(()),
    }
}

/// B0887: a run that has not ended.
fn unfinished(targets: &Targets) -> Diagnostic {
    Diagnostic::error("B0887", format!("“{}”还没有做完", partial(&targets.out).display()))
        .help("用同样的命令加上 --resume 接着做；不要了的，加上 --overwrite 从头做")
}

/// B0887: a run that is going on.
fn locked(targets: &Targets) -> Diagnostic {
    Diagnostic::error("B0887", format!("另一个 banfa 正在写“{}”", partial(&targets.out).display()))
        .help("等它做完；或者换一个 --out")
}

/// B0888: an unfinished run of something else.
fn another(targets: &Targets, differences: &[String]) -> Diagnostic {
    let path = partial(&targets.out);
    Diagnostic::error(
        "B0888",
        format!("不能接着做“{}”，与上次不同的有：{}", path.display(), differences.join("、")),
    )
    .help("照上次的样子再运行；不要了的，加上 --overwrite 从头做")
}

/// B0888: an unfinished run whose files are not what it wrote.
fn damaged(path: &Path) -> Diagnostic {
    Diagnostic::error("B0888", format!("不能接着做，“{}”不是上次写下的样子", path.display()))
        .help("加上 --overwrite 从头做")
}

/// B0887: what is left of a run that could not go on.
#[must_use]
pub fn interrupted(out: &Path, rows: u64) -> Diagnostic {
    let name = partial(out);
    Diagnostic::note("B0887", format!("已经做完的 {rows} 件留在“{}”", name.display()))
        .help("用同样的命令加上 --resume 接着做")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Encoder;
    use std::collections::BTreeMap;

    /// Keeps blocks apart and joins them between brackets.
    struct Bracketed;

    impl Output for Bracketed {
        fn files(&self, _: &Layout) -> Vec<String> {
            vec![String::new(), "乙".to_owned()]
        }

        fn heads(&self, _: &Layout) -> Vec<Vec<u8>> {
            vec![Vec::new(), Vec::new()]
        }

        fn appends(&self) -> bool {
            false
        }

        fn assemble(&self, _: &Layout, file: usize, blocks: &[&Path], to: &Path) -> io::Result<()> {
            let blocks: io::Result<Vec<String>> = blocks.iter().map(fs::read_to_string).collect();
            fs::write(to, format!("{file}[{}]", blocks?.join("|")))
        }

        fn encoder(&self) -> Box<dyn Encoder> {
            unreachable!("nothing is encoded here")
        }
    }

    fn block(last: u64) -> Block {
        let rejected = BTreeMap::from([("B0502".to_owned(), 1)]);
        let tally = Tally { rows: 2, decided: 1, rejected, ..Tally::default() };
        let files = vec![format!("甲{last}").into_bytes(), format!("乙{last}").into_bytes()];
        Block { last, files, paper: format!("坏{last}\n").into_bytes(), rejects: Vec::new(), tally }
    }

    #[test]
    fn blocks_that_are_kept_apart() {
        let folder = std::env::temp_dir().join(format!("banfa-writer-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let (layout, head) = (Layout::default(), Head::default());
        let open = |start| {
            let targets = Targets::new(&folder.join("果.x"), &Bracketed.files(&layout), None);
            Files::open(targets, &Bracketed, &layout, &head, start)
        };
        let mut files = open(Start::New).unwrap();
        for last in [2, 4, 6] {
            files.put(&block(last)).unwrap();
        }
        drop(files);
        // The last block did not reach the disk, and there is half a line in the journal.
        fs::write(folder.join("果.x.partial.d/1-000002"), "乙").unwrap();
        let journal = folder.join("果.x.partial.journal");
        fs::write(&journal, fs::read_to_string(&journal).unwrap() + "{\"block\":").unwrap();
        assert!(open(Start::New).is_err());
        let mut files = open(Start::Resume).unwrap();
        assert_eq!((files.last, files.tally.rows, files.is_done()), (4, 4, false));
        files.put(&block(6)).unwrap();
        // All is written, and only the names are still to be put right.
        files.assemble().unwrap();
        files.note(&Entry::Done).unwrap();
        drop(files);
        fs::rename(folder.join("果.x.partial"), folder.join("果.x")).unwrap();
        let files = open(Start::Resume).unwrap();
        assert!(files.is_done());
        let (targets, tally) = files.finish().unwrap();
        let texts = targets.files.iter().chain([&targets.paper]).map(|p| fs::read_to_string(p).unwrap());
        let paper = String::from_utf8(Paper::head()).unwrap() + "坏2\n坏4\n坏6\n";
        assert_eq!(texts.collect::<Vec<_>>(), ["0[甲2|甲4|甲6]", "1[乙2|乙4|乙6]", &paper]);
        assert_eq!((tally.rows, tally.decided, tally.refused()), (6, 3, 3));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
        fs::remove_dir_all(&folder).unwrap();
    }
}
