//! Options every command understands, before or after the command's name.
use std::ffi::OsString;

use clap::{Args, ValueEnum};

/// Options every command understands.
#[derive(Args, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GlobalArgs {
    /// When to colour.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "时机",
        hide_possible_values = true,
        hide_default_value = true,
        default_value = "auto",
        help = "何时使用颜色：auto（输出到终端时）、always（总是）、never（从不）；默认 auto"
    )]
    pub color: Color,
    /// Form of the results.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "格式",
        hide_possible_values = true,
        hide_default_value = true,
        default_value = "text",
        help = "结果的格式：text（文本）、json、md（Markdown）；默认 text"
    )]
    pub format: Format,
    /// Draw with ASCII characters.
    #[arg(long, global = true, help = "只用 ASCII 字符画框线")]
    pub ascii: bool,
}

impl GlobalArgs {
    /// What the words ask for when the command line as a whole cannot be read.
    #[must_use]
    pub fn guess(words: &[OsString]) -> Self {
        let mut found = Self::default();
        let mut before = "";
        for word in words.iter().filter_map(|it| it.to_str()) {
            let (key, value) = word.split_once('=').unwrap_or((before, word));
            match key {
                "--color" => found.color = Color::from_str(value, false).unwrap_or(found.color),
                "--format" => found.format = Format::from_str(value, false).unwrap_or(found.format),
                _ => found.ascii |= word == "--ascii",
            }
            before = word;
        }
        found
    }
}

/// When to colour.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    #[value(help = "输出到终端时")]
    Auto,
    /// Even into a file.
    #[value(help = "总是")]
    Always,
    /// Not at all.
    #[value(help = "从不")]
    Never,
}

/// Form of the results.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For reading on a terminal.
    #[default]
    #[value(help = "文本")]
    Text,
    /// For other programs.
    #[value(help = "供程序读取")]
    Json,
    /// For pasting into a document.
    #[value(help = "供粘贴到文档")]
    Md,
}
