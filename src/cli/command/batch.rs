//! `banfa batch`: what a policy concludes from very many cases.
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::base::Date;
use crate::batch::Wanted;
use crate::cli::batch::laws::{Laws, compile_all};
use crate::cli::batch::pick::Sample;
use crate::cli::batch::run::Run;
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Failure, Outcome, Status, Ui};
use crate::dataset::{Form, Options, Packing};
use crate::diag::Diagnostic;
use crate::facts::LawText;
use crate::versions::{DateFact, Opened};

/// Which policy, which cases, where to.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "示例：\n  banfa batch 办法.banfa 案件.jsonl --out 结果.jsonl          一行一案，认定全部\n  \
    banfa batch 办法.banfa 一月.csv 二月.csv --out 结果.csv     几份输入，结果合在一起\n  \
    banfa batch 办法.banfa 案件.parquet --out 结果.parquet --select 处理 --keep 姓名\n  \
    banfa batch 办法.banfa 案件.csv --list 读者=读者.csv --key 编号 --out 结果.csv\n  \
    banfa batch 办法.banfa 案件.jsonl.gz --sample 1% --seed 7   抽百分之一看看，输出到屏幕\n  \
    banfa batch 办法.banfa 案件.jsonl --out 结果.jsonl --resume 中断以后接着做\n  \
    banfa 批量 办法.banfa - < 案件.jsonl > 结果.jsonl           从标准输入读，写到标准输出\n\n\
    退出码：0 全部认定；1 有不可读的行（其余已经认定）；2 没有能够做完。有冲突的案件照样写出，不影响退出码"
)]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "据以认定的办法；- 为标准输入")]
    pub policy: PathBuf,
    /// Inputs; `-` is stdin.
    #[arg(
        value_name = "输入",
        required = true,
        help = "案件：.jsonl、.json（数组）、.csv、.xlsx、.parquet，其后可以有 .gz、.zst；- 为标准输入"
    )]
    pub inputs: Vec<PathBuf>,
    /// Where results go.
    #[arg(
        long,
        value_name = "文件",
        help = "结果写入这个文件，格式看扩展名；不写或者写 - 则以 JSONL 写到标准输出"
    )]
    pub out: Option<PathBuf>,
    /// Form of the inputs.
    #[arg(long = "in-form", value_name = "格式", value_parser = form, help = "输入的格式，不看扩展名：jsonl、json、csv、xlsx、parquet")]
    pub in_form: Option<Form>,
    /// Form of the result.
    #[arg(long = "out-form", value_name = "格式", value_parser = form, help = "结果的格式，不看扩展名：jsonl、csv、xlsx、parquet")]
    pub out_form: Option<Form>,
    /// Which columns.
    #[arg(
        long,
        value_name = "列",
        help = "只要这些结论或者列，如 处理、处理（依据）、读者.处理；以逗号分开，可以写多次；不写则为全部结论"
    )]
    pub select: Vec<String>,
    /// Facts that are carried over.
    #[arg(
        long,
        value_name = "事实",
        help = "把这些事实带到结果里，如 姓名、读者.姓名；以逗号分开，可以写多次"
    )]
    pub keep: Vec<String>,
    /// With what 待查 waits for.
    #[arg(long, help = "列出待查的结论各等待哪些事实")]
    pub waiting: bool,
    /// Tables of lists.
    #[arg(
        long = "list",
        value_name = "名单=文件",
        value_parser = list,
        help = "表格输入的名单在另一个文件里，如 读者=读者.csv；可以写多次"
    )]
    pub lists: Vec<(String, PathBuf)>,
    /// The column that ties lists to cases.
    #[arg(long, value_name = "列", requires = "lists", help = "名单的各行凭这一列找到所属的案件")]
    pub key: Option<String>,
    /// The day the question is put for.
    #[arg(
        long,
        value_name = "日期",
        value_parser = date,
        help = "认定日期，如 2026-03-02，代替案件中写的；有修改决定的，用这一天有效的文本"
    )]
    pub date: Option<Date>,
    /// The fact that tells the day whose text counts.
    #[arg(
        long = "date-from",
        value_name = "实体.日期",
        help = "各案用它自己这个日期有效的文本，如 借阅.借出日期；认定日期不受影响"
    )]
    pub date_from: Option<String>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
    /// Only the beginning.
    #[arg(long, value_name = "件数", help = "只做输入开头的这么多件")]
    pub limit: Option<u64>,
    /// Only a sample.
    #[arg(
        long,
        value_name = "件数或比例",
        help = "抽样：件数（1000）或者比例（1%）；抽到哪些只看序号和种子"
    )]
    pub sample: Option<Sample>,
    /// Beginning of the draw.
    #[arg(long, value_name = "数", requires = "sample", help = "抽样的种子，不写为 0；种子相同则抽到的相同")]
    pub seed: Option<u64>,
    /// Where rejects go.
    #[arg(
        long,
        value_name = "文件",
        help = "不可读的行写入这个文件（CSV）；不写则在结果旁边，如 结果.不可读.csv"
    )]
    pub rejects: Option<PathBuf>,
    /// Threads.
    #[arg(long, value_name = "个数", help = "同时用几个线程；不写则与处理器核数相同；结果与线程数无关")]
    pub jobs: Option<usize>,
    /// Go on.
    #[arg(long, requires = "out", help = "接着做上次没有做完的；没有的，从头做")]
    pub resume: bool,
    /// Write over what is there.
    #[arg(
        long,
        requires = "out",
        conflicts_with = "resume",
        help = "结果文件已经存在的，整个换掉；上次没有做完的，丢开从头做"
    )]
    pub overwrite: bool,
    /// Size of a block, for tests.
    #[arg(long, value_name = "字节", hide = true)]
    pub block: Option<usize>,
}

fn form(text: &str) -> Result<Form, String> {
    let known =
        Form::of_path(Path::new(&format!("甲.{text}"))).filter(|(_, packing)| *packing == Packing::Plain);
    known.map(|(form, _)| form).ok_or_else(|| "可以写 jsonl、json、csv、xlsx、parquet".to_owned())
}

fn list(text: &str) -> Result<(String, PathBuf), String> {
    let parts = text.split_once('=').filter(|(name, file)| !name.is_empty() && !file.is_empty());
    parts
        .map(|(name, file)| (name.to_owned(), PathBuf::from(file)))
        .ok_or_else(|| "写成“名单=文件”，如 读者=读者.csv".to_owned())
}

/// Evaluates the cases and writes their results.
///
/// # Errors
/// When the policy or an input cannot be read, or a result not written.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let stdin = stdin_once(args)?;
    if stdin && args.resume {
        return Err(no_resume().into());
    }
    if stdin && matches!(args.sample, Some(Sample::Count(_))) {
        return Err(no_count().into());
    }
    let text_of = if args.date_from.is_some() { None } else { args.date };
    let Some(mut opened) = args.decisions.open(&args.policy, text_of, args.date_from.is_some(), ui) else {
        return Ok(Status::Failed);
    };
    ui.report(opened.main().warnings(), opened.main().sources());
    let by = args.date_from.as_ref().map(|name| DateFact::parse(name, &opened.main().program().hir));
    let by = by.transpose()?;
    if by.is_some()
        && let Err(refusal) = compile_all(&mut opened)
    {
        ui.report(&refusal.diagnostics, &refusal.sources);
        return Ok(Status::Failed);
    }
    let options = options(args, &opened);
    let laws = Laws::new(&opened, by, args.date, &wanted(args)).map_err(Failure::Diagnostics)?;
    Run { args, ui, options, laws: &laws, layout: laws.layout() }.go(stdin, out)
}

/// Whether standard input is among the inputs; it can be read only once.
fn stdin_once(args: &Args) -> Result<bool, Diagnostic> {
    let dash = Path::new("-");
    let count = args.inputs.iter().filter(|input| *input == dash).count();
    if count + usize::from(args.policy == dash) > 1 {
        return Err(Diagnostic::error("B0812", "标准输入只能用一次").help("办法和输入中最多有一个写成 -"));
    }
    Ok(count > 0)
}

/// How the inputs are read.
fn options(args: &Args, opened: &Opened) -> Options {
    let any = args.date.is_some() || args.date_from.is_some() || opened.timeline().is_none();
    Options {
        form: args.in_form,
        date: args.date,
        text: if any { LawText::Any } else { LawText::Of(None) },
        lists: args.lists.clone(),
        key: args.key.clone(),
        portion: args.block.unwrap_or(Options::default().portion),
    }
}

fn wanted(args: &Args) -> Wanted {
    Wanted { select: names(&args.select), keep: names(&args.keep), waiting: args.waiting }
}

/// Names between commas of either kind.
pub(in crate::cli) fn names(words: &[String]) -> Vec<String> {
    let names = words.iter().flat_map(|word| word.split([',', '，', '、'])).map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// B0867: how many rows standard input has is not known before it is read.
fn no_count() -> Diagnostic {
    Diagnostic::error("B0867", "从标准输入不能按件数抽样").help("写成比例，如 --sample 1%；或者先存成文件")
}

/// B0868: standard input cannot be read again.
fn no_resume() -> Diagnostic {
    Diagnostic::error("B0868", "从标准输入读的不能接着做").help("先存成文件再做；或者加上 --overwrite 从头做")
}
