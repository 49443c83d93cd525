//! The subcommands, one file each. A command joins [`Command`] when the library does what it claims.
use std::io::Write;

use clap::Subcommand;

use super::ui::{Outcome, Ui};

pub mod batch;
pub mod check;
pub mod completions;
pub mod consolidate;
pub mod diff;
pub mod explain;
pub mod fmt;
pub mod r#gen;
pub mod history;
pub mod ir;
pub mod list;
pub mod man;
pub mod mutate;
pub mod new;
pub mod run;
pub mod schema;
pub mod stats;
pub mod test;

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Whether policies and cases are sound.
    #[command(visible_alias = "检查", about = "检查办法和案例，与原文逐字核对")]
    Check(check::Args),
    /// Sources in canonical form.
    #[command(visible_alias = "格式化", about = "把源文件整理成规范的样子，不改变它说的话")]
    Fmt(fmt::Args),
    /// What follows for a case.
    #[command(visible_alias = "认定", about = "据办法认定案件，列出结论和依据")]
    Run(run::Args),
    /// What follows for very many cases.
    #[command(visible_alias = "批量", about = "据办法认定大批案件，结果写成一列一列")]
    Batch(batch::Args),
    /// Whether cases come out as expected.
    #[command(visible_alias = "测试", about = "测试案例：与期望比较，或者与记下的结果比较")]
    Test(test::Args),
    /// Contents of a policy.
    #[command(visible_alias = "目录", about = "列出办法的条文、事实和结论")]
    List(list::Args),
    /// What changed between two texts.
    #[command(visible_alias = "对比", about = "对照两份文本，逐条列出原文和条款的改动")]
    Diff(diff::Args),
    /// A blank case.
    #[command(visible_alias = "新建", about = "输出一份空白案件，问题写在注释里")]
    New(new::Args),
    /// The schema of cases.
    #[command(visible_alias = "模式", about = "输出案件的 JSON Schema")]
    Schema(schema::Args),
    /// Cases made up at random.
    #[command(visible_alias = "造案", about = "随机造出许多案件，供试算、压力测试")]
    Gen(r#gen::Args),
    /// Whether cases notice changes of the law.
    #[command(visible_alias = "变异", about = "改动条文，看案例能不能发现")]
    Mutate(mutate::Args),
    /// What came out of many cases.
    #[command(
        visible_alias = "统计",
        about = "统计批量认定的结果：各条文、各项结论、待查、冲突，两次认定的比较"
    )]
    Stats(stats::Args),
    /// The compiled program.
    #[command(visible_alias = "中间码", about = "列出编译后的程序")]
    Ir(ir::Args),
    /// The text with its decisions worked in.
    #[command(visible_alias = "合并", about = "把修改决定并入办法，输出某一天有效的文本")]
    Consolidate(consolidate::Args),
    /// What decisions did.
    #[command(visible_alias = "沿革", about = "列出各件修改决定对办法、对某一条做了什么")]
    History(history::Args),
    /// The page of an error code.
    #[command(visible_alias = "释错", about = "查看错误代码的说明")]
    Explain(explain::Args),
    /// Completion for a shell.
    #[command(visible_alias = "补全", about = "输出命令行补全脚本")]
    Completions(completions::Args),
    /// The manual.
    #[command(visible_alias = "手册", about = "输出手册页")]
    Man(man::Args),
}

impl Command {
    /// Runs the command; results go to `out`.
    ///
    /// # Errors
    /// When the command could not do its work, or `out` refuses the result.
    pub fn run(&self, ui: &Ui, out: &mut dyn Write) -> Outcome {
        match self {
            Self::Check(args) => check::run(args, ui, out),
            Self::Fmt(args) => fmt::run(args, ui, out),
            Self::Run(args) => run::run(args, ui, out),
            Self::Batch(args) => batch::run(args, ui, out),
            Self::Test(args) => test::run(args, ui, out),
            Self::List(args) => list::run(args, ui, out),
            Self::Diff(args) => diff::run(args, ui, out),
            Self::New(args) => new::run(args, ui, out),
            Self::Schema(args) => schema::run(args, ui, out),
            Self::Gen(args) => r#gen::run(args, ui, out),
            Self::Mutate(args) => mutate::run(args, ui, out),
            Self::Stats(args) => stats::run(args, ui, out),
            Self::Ir(args) => ir::run(args, ui, out),
            Self::Consolidate(args) => consolidate::run(args, ui, out),
            Self::History(args) => history::run(args, ui, out),
            Self::Explain(args) => explain::run(args, ui, out),
            Self::Completions(args) => completions::run(args, out),
            Self::Man(args) => man::run(args, out),
        }
    }
}
