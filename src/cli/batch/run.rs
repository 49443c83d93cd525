//! One run of `banfa batch`, its options understood: puts the parts together, and says what came of it.
use super::journal::Head;
use super::laws::Laws;
use super::outlet::{Ended, Outlet, Stream, Watched};
use super::pick::{Pick, count};
use super::pipeline::Pipeline;
use super::rejects::Paper;
use super::summary::Summary;
use super::targets::{Targets, unwritten};
use super::worker::Worker;
use super::writer::{Files, Start, interrupted};
use crate::base::Date;
use crate::batch::Layout;
use crate::cli::command::batch::{Args, names};
use crate::cli::global::Format;
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::dataset::{self, Form, Options, Output, Packing, Source};
use crate::diag::Diagnostic;
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

/// A run with everything understood.
pub struct Run<'a> {
    /// The user's words.
    pub args: &'a Args,
    /// How things are shown.
    pub ui: &'a Ui,
    /// How the inputs are read.
    pub options: Options,
    /// The texts of the law.
    pub laws: &'a Laws<'a>,
    /// The columns of the result.
    pub layout: Layout,
}

impl Run<'_> {
    /// Does it, and says what came of it.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub fn go(&self, stdin: bool, out: &mut dyn Write) -> Outcome {
        let start = Instant::now();
        let output = self.output()?;
        let names: Vec<String> = self.args.inputs.iter().map(shown).collect();
        let paper = Paper { names: &names };
        let source = self.source()?;
        let mut special = self.special()?;
        let out = special.as_mut().map_or(out, |file| file as &mut dyn Write);
        let (outlet, done) = self.outlet(output.as_ref(), paper, out)?;
        let mut sink = Watched::new(outlet, self.ui, self.shows());
        let ran = match done {
            Some(done) => self.drive(source, done, paper, output.as_ref(), &mut sink),
            None => Ok(()),
        };
        sink.clear();
        let (before, rows) = (sink.before(), sink.tally().rows);
        match ran.and_then(|()| sink.finish()) {
            Ok(ended) => Ok(self.sum_up(ended, before, start)),
            Err(failure) => self.stopped(failure, rows, stdin),
        }
    }

    /// Rows from the first that is not done through the threads.
    fn drive(
        &self,
        source: Box<dyn Source>,
        done: u64,
        paper: Paper<'_>,
        output: &dyn Output,
        sink: &mut Watched<'_>,
    ) -> Result<(), Failure> {
        let pick = self.pick()?;
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        let jobs = self.args.jobs.unwrap_or_else(cores).max(1);
        let pipeline = Pipeline { source, done, last: pick.last(), jobs };
        pipeline.run(&|| self.worker(pick, paper, output), sink)
    }

    /// What came of it.
    fn sum_up(&self, ended: Ended, before: u64, start: Instant) -> Status {
        let Ended { tally, files, rejects } = ended;
        let summary = Summary { tally, before, took: start.elapsed(), files, rejects };
        self.ui.say(&match self.ui.format {
            Format::Json => summary.json(),
            Format::Text | Format::Md => summary.text(),
        });
        if summary.tally.refused() > 0 { Status::Findings } else { Status::Fine }
    }

    /// Form and packing of the result.
    fn output(&self) -> Result<Box<dyn Output>, Diagnostic> {
        let by_name = self.named().and_then(Form::of_path);
        let packing = by_name.map_or(Packing::Plain, |(_, packing)| packing);
        match (self.args.out_form, by_name, self.named()) {
            (Some(form), _, _) | (None, Some((form, _)), _) => dataset::output(form, packing),
            (None, None, None) => dataset::output(Form::Jsonl, packing),
            (None, None, Some(path)) => Err(dataset::unknown_form(path)),
        }
    }

    /// What `--out` names, if it does.
    fn named(&self) -> Option<&Path> {
        self.args.out.as_deref().filter(|out| *out != Path::new("-"))
    }

    /// The file results go to, if it is one.
    fn file(&self) -> Option<&Path> {
        self.named().filter(|out| !is_special(out))
    }

    /// What is written to like standard output, such as `/dev/null`.
    fn special(&self) -> Result<Option<File>, Diagnostic> {
        let special = self.named().filter(|out| is_special(out));
        special.map(|out| File::create(out).map_err(|error| unwritten(out, &error))).transpose()
    }

    /// The inputs, their columns in the words of the latest text.
    fn source(&self) -> Result<Box<dyn Source>, Diagnostic> {
        let latest = self.laws.list.last().map(|law| &law.policy.program().hir);
        let hir = latest.ok_or_else(|| Diagnostic::error("B0889", "没有可用的文本"))?;
        dataset::open_inputs(hir, &self.args.inputs, &self.options)
    }

    fn pick(&self) -> Result<Pick, Failure> {
        let Args { limit, sample, seed, .. } = *self.args;
        let rows = || count(self.source().map_err(Box::new)?, limit);
        Pick::new(limit, sample, seed.unwrap_or(0), rows).map_err(|found| (*found).into())
    }

    fn worker<'w>(&'w self, pick: Pick, paper: Paper<'w>, output: &dyn Output) -> Worker<'w> {
        let readers = self.laws.readers.iter().filter_map(|at| self.laws.list.get(*at));
        let decoders = readers.map(|law| dataset::decoder(&law.policy.program().hir, &self.options));
        Worker::new(self.laws, pick, paper, decoders.collect(), output.encoder())
    }

    /// Where blocks go, and how many rows are done already; none when all are.
    fn outlet<'o>(
        &'o self,
        output: &'o dyn Output,
        paper: Paper<'o>,
        out: &'o mut dyn Write,
    ) -> Result<(Outlet<'o>, Option<u64>), Failure> {
        let names = output.files(&self.layout);
        let Some(path) = self.file() else {
            if names.len() != 1 || !output.appends() {
                return Err(no_stream(names.len()).into());
            }
            let head = output.heads(&self.layout).concat();
            let stream = Stream::open(out, &head, paper, self.args.rejects.as_deref())?;
            return Ok((Outlet::Stream(stream), Some(0)));
        };
        let targets = Targets::new(path, &names, self.args.rejects.as_deref());
        targets.check(&self.args.inputs)?;
        let start = match (self.args.resume, self.args.overwrite) {
            (true, _) => Start::Resume,
            (false, true) => Start::Overwrite,
            (false, false) => Start::New,
        };
        let files = Files::open(targets, output, &self.layout, &self.head(), start)?;
        let done = (!files.is_done()).then_some(files.last);
        Ok((Outlet::Files(Box::new(files)), done))
    }

    /// What must be the same for the run to be taken up again.
    fn head(&self) -> Head {
        let args = self.args;
        let lists = args.lists.iter().map(|(name, path)| format!("{name}={}", path.display()));
        let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
        let options = [
            ("--in-form", args.in_form.map(|f| format!("{f:?}")).unwrap_or_default()),
            ("--out-form", args.out_form.map(|f| format!("{f:?}")).unwrap_or_default()),
            ("--select", names(&args.select).join("，")),
            ("--keep", names(&args.keep).join("，")),
            ("--waiting", if args.waiting { "列出".to_owned() } else { String::new() }),
            ("--list", lists.collect::<Vec<_>>().join("，")),
            ("--key", args.key.clone().unwrap_or_default()),
            ("--date", args.date.map(Date::iso).unwrap_or_default()),
            ("--date-from", args.date_from.clone().unwrap_or_default()),
            ("--limit", number(args.limit)),
            ("--sample", args.sample.map(|s| format!("{s:?}")).unwrap_or_default()),
            ("--seed", number(args.seed)),
            ("--rejects", args.rejects.as_ref().map(shown).unwrap_or_default()),
            ("--block", number(args.block.map(|b| b as u64))),
        ];
        let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |m| m.len());
        let inputs = args.inputs.iter().chain(args.lists.iter().map(|(_, path)| path));
        Head {
            banfa: env!("CARGO_PKG_VERSION").to_owned(),
            law: self.laws.fingerprint(),
            inputs: inputs.map(|path| (shown(path), size(path))).collect(),
            options: options.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        }
    }

    /// Whether progress is shown: not between the lines of a result on the same terminal.
    fn shows(&self) -> bool {
        self.file().is_some() || !std::io::stdout().is_terminal()
    }

    /// A run that could not go on; what is done is kept.
    fn stopped(&self, failure: Failure, rows: u64, stdin: bool) -> Outcome {
        match (failure, self.file()) {
            (Failure::Diagnostics(mut found), Some(path)) if !stdin => {
                found.push(interrupted(path, rows));
                Err(Failure::Diagnostics(found))
            }
            (failure, _) => Err(failure),
        }
    }
}

/// Whether a path leads to a device, a pipe or the like.
fn is_special(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

fn shown(path: &PathBuf) -> String {
    if path == Path::new("-") { "标准输入".to_owned() } else { path.display().to_string() }
}

/// B0866: results that cannot go to a stream.
fn no_stream(files: usize) -> Diagnostic {
    let why = if files > 1 {
        format!("结果是 {files} 个文件，不能写到标准输出")
    } else {
        "这种格式不能写到标准输出".to_owned()
    };
    Diagnostic::error("B0866", why).help("用 --out 写明文件；或者不写 --out-form，以 JSONL 写到标准输出")
}
