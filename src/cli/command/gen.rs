//! `banfa gen`: cases made up at random, as JSON lines.
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::base::Date;
use crate::cli::generation::{Work, write_all};
use crate::cli::text_args::{DecisionArgs, date};
use crate::cli::ui::{Outcome, Status, Ui};
use crate::dataset::{Form, Packing};
use crate::files;
use crate::generate::{Generator, Options, PerMille, json::Writer};

/// Which policy, how many, what they are like.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "示例：\n  banfa gen 办法.banfa --count 10                            造十个案件，一行一个 JSON\n  \
    banfa gen 办法.banfa --count 1000000 --out 案件.jsonl.zst  造一百万个，压缩存入文件\n  \
    banfa gen 办法.banfa --seed 7 --unknown 0 --na 0           换一批，事实全部查明\n  \
    banfa gen 办法.banfa --members 1-5 --bias 0                名单一至五项，取值不偏向界限\n  \
    banfa gen 办法.banfa --count 1 | banfa run 办法.banfa -    造一个，随即认定\n  \
    banfa 造案 办法.banfa --name 样本                          案件名为 样本1、样本2……\n\n\
    种子相同，造出的案件逐字节相同，与 --jobs 无关；第几个案件只看种子，不看 --count。\n\
    退出码：0 正常；2 没有能够造出"
)]
pub struct Args {
    /// The policy.
    #[arg(value_name = "办法", help = "案件所依据的办法；- 为标准输入")]
    pub policy: PathBuf,
    /// How many.
    #[arg(
        long,
        value_name = "个数",
        default_value_t = 100,
        hide_default_value = true,
        help = "造多少个；不写为 100"
    )]
    pub count: u64,
    /// Beginning of all chance.
    #[arg(long, value_name = "数", default_value_t = 0, hide_default_value = true, help = "种子；不写为 0")]
    pub seed: u64,
    /// 不明
    #[arg(
        long,
        value_name = "百分比",
        value_parser = share,
        default_value = "10%",
        hide_default_value = true,
        help = "不明的事实所占的比例；不写为 10%"
    )]
    pub unknown: PerMille,
    /// 不适用
    #[arg(
        long = "na",
        value_name = "百分比",
        value_parser = share,
        default_value = "1%",
        hide_default_value = true,
        help = "不适用的事实所占的比例；不写为 1%"
    )]
    pub inapplicable: PerMille,
    /// Members of lists.
    #[arg(
        long,
        value_name = "几至几",
        value_parser = members,
        default_value = "0-3",
        hide_default_value = true,
        help = "名单上有几项，如 0-3、5；不写为 0-3。--bias 不为 0 的，为凑足次数可以多出几项"
    )]
    pub members: (u32, u32),
    /// At the bounds.
    #[arg(
        long,
        value_name = "百分比",
        value_parser = share,
        default_value = "50%",
        hide_default_value = true,
        help = "取值在界限上或者紧挨着界限的，以及有意使某一条成立、只差一个条件成立的案件，所占的比例；不写为 50%"
    )]
    pub bias: PerMille,
    /// Where to.
    #[arg(
        long,
        value_name = "文件",
        value_parser = jsonl,
        help = "写入这个文件，如 案件.jsonl；以 .gz、.zst 结尾的压缩；不写则写到标准输出"
    )]
    pub out: Option<PathBuf>,
    /// What they are called.
    #[arg(long, value_name = "前缀", help = "案件的名称：前缀加序号；不写则没有名称")]
    pub name: Option<String>,
    /// Threads.
    #[arg(long, value_name = "个数", help = "同时用几个线程；不写则与处理器核数相同")]
    pub jobs: Option<usize>,
    /// The day whose text counts.
    #[arg(long, value_name = "日期", value_parser = date, help = "按这一天有效的文本，如 2027-01-01")]
    pub date: Option<Date>,
    /// Which decisions.
    #[command(flatten)]
    pub decisions: DecisionArgs,
}

/// `10%`, `0.5%`, `10`.
fn share(text: &str) -> Result<PerMille, String> {
    let wrong = || "比例写成 10%、0.5% 这样的形式，最多一位小数，不超过 100%".to_owned();
    let number = text.trim_end_matches(['%', '％']);
    let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(tenth) || tenth.len() != 1 {
        return Err(wrong());
    }
    let (whole, tenth): (PerMille, PerMille) =
        (whole.parse().map_err(|_| wrong())?, tenth.parse().map_err(|_| wrong())?);
    whole.checked_mul(10).and_then(|n| n.checked_add(tenth)).filter(|n| *n <= 1000).ok_or_else(wrong)
}

/// `0-3`, `5`.
fn members(text: &str) -> Result<(u32, u32), String> {
    let wrong = || "写成 0-3 或者 5 这样的形式".to_owned();
    let (low, high) = text.split_once(['-', '~', '至']).unwrap_or((text, text));
    let number = |part: &str| part.trim().parse::<u32>().map_err(|_| wrong());
    let (low, high) = (number(low)?, number(high)?);
    if low <= high { Ok((low, high)) } else { Err("前一个数不得大于后一个数".to_owned()) }
}

/// A file of JSON lines.
fn jsonl(text: &str) -> Result<PathBuf, String> {
    let path = Path::new(text);
    match Form::of_path(path) {
        Some((Form::Jsonl, _)) => Ok(path.to_path_buf()),
        Some(_) | None => Err("文件名以 .jsonl、.jsonl.gz 或者 .jsonl.zst 结尾".to_owned()),
    }
}

/// Makes the cases.
///
/// # Errors
/// When the policy cannot be read, or the cases cannot be written.
pub fn run(args: &Args, ui: &Ui, out: &mut dyn Write) -> Outcome {
    let Some(opened) = args.decisions.open(&args.policy, args.date, false, ui) else {
        return Ok(Status::Failed);
    };
    let policy = opened.main();
    let options = Options {
        seed: args.seed,
        unknown: args.unknown,
        inapplicable: args.inapplicable,
        members: args.members,
        bias: args.bias,
    };
    let packing = args.out.as_deref().and_then(Form::of_path).map_or(Packing::Plain, |(_, packing)| packing);
    let work = Work {
        generator: &Generator::new(policy.program(), policy.calendar(), options),
        writer: &Writer::new(&policy.program().hir),
        count: args.count,
        name: args.name.as_deref(),
        packing,
        jobs: args.jobs,
        silent: args.out.is_none() && std::io::stdout().is_terminal(),
    };
    match &args.out {
        None => write_all(&work, out)?,
        Some(path) => {
            let mut file = files::Beside::create(path)?;
            write_all(&work, &mut file).map_err(|error| files::unwritable(path, &error))?;
            file.finish()?;
        }
    }
    Ok(Status::Fine)
}
