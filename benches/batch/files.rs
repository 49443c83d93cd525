//! Files in, results out, from opening to the last byte (in memory): rows of JSON against `serde_json` reading the same
//! file into structs and doing nothing with them; two threads of the real command against one.
use crate::floors::{best, float, head, row};
use crate::laws::WHOLE;
use crate::packed::Law;
use crate::rows::{Row, rows};
use crate::session::{job, one_value, usual};
use banfa::batch::{Layout, Session};
use banfa::dataset::{self, Form, Options, Packing};
use banfa::facts::LawText;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file that goes away.
pub struct Temporary(pub PathBuf);

impl Temporary {
    /// Its name tells the form.
    pub fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("banfa-bench-{}-{name}", std::process::id())))
    }

    /// How many bytes.
    pub fn size(&self) -> f64 {
        float(usize::try_from(std::fs::metadata(&self.0).expect("a file").len()).expect("fits"))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// How the inputs are read.
pub fn options() -> Options {
    Options { text: LawText::Any, ..Options::default() }
}

/// A whole run by one thread without threads: source, decoder, session, encoder. Gives cases and bytes of the result.
pub fn run(law: &Law, layout: &Layout, input: &Path, form: Form) -> [usize; 2] {
    let hir = &law.policy.program().hir;
    let paths = [input.to_path_buf()];
    let mut source = dataset::open_inputs(hir, &paths, &options()).expect("opens");
    let mut decoder = dataset::decoder(hir, &options());
    let mut session = Session::new(job(law, layout));
    let output = dataset::output(form, Packing::Plain).expect("built in");
    let mut encoder = output.encoder();
    let [mut cases, mut bytes] = [0, output.heads(layout).concat().len()];
    while let Some(portion) = source.next().expect("reads") {
        decoder.decode(&portion, &mut |number, case| {
            session.push(number, case.expect("a case"));
            cases += 1;
        });
        let chunk = session.finish();
        let files = black_box(encoder.encode(layout, &chunk));
        bytes += files.iter().map(Vec::len).sum::<usize>();
    }
    [cases, bytes]
}

/// Reads only: cases that nobody asks anything of.
pub fn read(law: &Law, input: &Path) {
    let hir = &law.policy.program().hir;
    let mut source = dataset::open_inputs(hir, &[input.to_path_buf()], &options()).expect("opens");
    let mut decoder = dataset::decoder(hir, &options());
    while let Some(portion) = source.next().expect("reads") {
        decoder.decode(&portion, &mut |_, case| assert!(black_box(case).is_ok()));
    }
}

/// JSONL in, JSONL out.
pub fn json(count: usize) {
    head(
        "文件到文件：JSONL 入，JSONL 出（写在内存），整部办法，一个核心；serde_json 读成结构而不做别的为下限",
        &[
            "键的次序",
            "列",
            "字节/行",
            "万行/秒",
            "MB/秒",
            "出字节/行",
            "只读成案件",
            "serde_json 万行/秒",
            "为其几成",
            "只读为其几成",
        ],
    );
    let law = Law::read(WHOLE);
    for (order, shuffled) in [("相同", false), ("逐行打乱", true)] {
        let file = Temporary::new("入.jsonl");
        std::fs::write(&file.0, rows(count, shuffled)).expect("a file");
        for (columns, layout) in [("一项结论的值", one_value(&law)), ("通常", usual(&law))] {
            let mut found = [0; 2];
            let [whole, cases, typed] = best(
                12,
                [
                    &mut || found = run(&law, &layout, &file.0, Form::Jsonl),
                    &mut || read(&law, &file.0),
                    &mut || typed(&file.0),
                ],
            );
            assert_eq!(found[0], count);
            row(&[
                order.to_owned(),
                columns.to_owned(),
                format!("{:.0}", file.size() / float(count)),
                format!("{:.1}", float(count) / whole / 1e4),
                format!("{:.0}", file.size() / whole / 1e6),
                format!("{:.0}", float(found[1]) / float(count)),
                format!("{:.1}", float(count) / cases / 1e4),
                format!("{:.1}", float(count) / typed / 1e4),
                format!("{:.0} %", 100.0 * typed / whole),
                format!("{:.0} %", 100.0 * typed / cases),
            ]);
        }
    }
}

/// The floor: the same file into structs, line by line.
fn typed(path: &Path) {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path).expect("a file"));
    let mut line = String::new();
    while file.read_line(&mut line).expect("reads") > 0 {
        black_box(serde_json::from_str::<Row<'_>>(&line).expect("a row"));
        line.clear();
    }
}

/// The command, by one thread and by two.
pub fn command(count: usize) {
    head(
        "命令 banfa batch（整个进程，写文件）：两个线程比一个线程",
        &["输入", "列", "一个线程万案/秒", "两个线程万案/秒", "倍数"],
    );
    let (input, out) = (Temporary::new("入.jsonl"), Temporary::new("出.jsonl"));
    std::fs::write(&input.0, rows(count, false)).expect("a file");
    for (columns, select) in [("通常", &[][..]), ("一列", &["--select", "责任（状态）"][..])] {
        let go = |jobs: &str| {
            let output = Command::new(env!("CARGO_BIN_EXE_banfa"))
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .args(["batch", WHOLE])
                .args([&input.0, Path::new("--out"), &out.0])
                .args(["--overwrite", "--jobs", jobs])
                .args(select)
                .output()
                .expect("banfa batch");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let [one, two] = best(5, [&mut || go("1"), &mut || go("2")]);
        row(&[
            format!("{count} 行 JSONL"),
            columns.to_owned(),
            format!("{:.1}", float(count) / one / 1e4),
            format!("{:.1}", float(count) / two / 1e4),
            format!("{:.2}", one / two),
        ]);
    }
}
