//! Help in Chinese: clap's own text is English and counts a Chinese character as one column, so the
//! text of every command is written here from clap's description of it.
use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a line of help.
const WIDTH: usize = 100;
/// A name longer than this gets its description on a line of its own.
const NAME_COLUMNS: usize = 28;

/// Gives the command and all below it Chinese help, usage, and the options for help and version.
#[must_use]
pub fn localize(command: Command) -> Command {
    let command = command
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help("显示版本"));
    let shared: Vec<Arg> = command.get_arguments().filter(|it| it.is_global_set()).cloned().collect();
    let path = command.get_name().to_owned();
    describe(command, &path, &shared, true)
}

/// Sets the texts of one command, whose full name is `path`, and of those below it.
fn describe(command: Command, path: &str, shared: &[Arg], root: bool) -> Command {
    let command = command
        .disable_help_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示帮助"))
        .mut_subcommands(|sub| {
            let path = format!("{path} {}", sub.get_name());
            describe(sub, &path, shared, false)
        });
    let usage = usage(&command, path);
    let text = text(&command, &usage, if root { &[] } else { shared });
    command.override_usage(usage).override_help(text)
}

/// `banfa check [选项] <文件>...`
fn usage(command: &Command, path: &str) -> String {
    let mut line = format!("{path} [选项]");
    for arg in command.get_positionals().filter(|it| !it.is_hide_set()) {
        line.push(' ');
        line.push_str(&positional(arg));
    }
    if command.has_subcommands() {
        line.push_str(" <命令>");
    }
    line
}

/// The whole help text of a command.
fn text(command: &Command, usage: &str, shared: &[Arg]) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut out = format!("{about}\n\n用法：{usage}\n");
    let commands = command
        .get_subcommands()
        .filter(|it| !it.is_hide_set())
        .map(|it| (names(it), it.get_about().map(ToString::to_string).unwrap_or_default()));
    section(&mut out, "命令", commands.collect());
    let positionals = command.get_positionals().filter(|it| !it.is_hide_set());
    section(&mut out, "参数", positionals.map(|it| (positional(it), help_of(it))).collect());
    let options = || command.get_arguments().filter(|it| !it.is_positional() && !it.is_hide_set());
    let (last, first): (Vec<&Arg>, Vec<&Arg>) = options().partition(|it| is_standard(it));
    let rows = first.into_iter().chain(last.into_iter().rev());
    section(&mut out, "选项", rows.map(|it| (option(it), help_of(it))).collect());
    section(&mut out, "通用选项", shared.iter().map(|it| (option(it), help_of(it))).collect());
    if let Some(after) = command.get_after_help() {
        let _ = write!(out, "\n{}\n", after.to_string().trim_end());
    }
    out
}

/// Help and version stand at the end of the options.
fn is_standard(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Help | ArgAction::Version)
}

/// `check, 检查`
fn names(command: &Command) -> String {
    let mut line = command.get_name().to_owned();
    for alias in command.get_visible_aliases() {
        line.push_str(", ");
        line.push_str(alias);
    }
    line
}

/// `<文件>...`, in brackets when it may be left out.
fn positional(arg: &Arg) -> String {
    let name = value_name(arg);
    let many = arg.get_num_args().is_some_and(|it| it.max_values() > 1)
        || matches!(arg.get_action(), ArgAction::Append);
    let dots = if many { "..." } else { "" };
    if arg.is_required_set() { format!("<{name}>{dots}") } else { format!("[{name}]{dots}") }
}

/// `-o, --output <文件>`
fn option(arg: &Arg) -> String {
    let mut line = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long}"),
        (Some(short), None) => format!("-{short}"),
        (None, Some(long)) => format!("    --{long}"),
        (None, None) => String::new(),
    };
    if matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        let _ = write!(line, " <{}>", value_name(arg));
    }
    line
}

fn value_name(arg: &Arg) -> String {
    match arg.get_value_names() {
        Some(names) => names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        None => arg.get_id().to_string(),
    }
}

fn help_of(arg: &Arg) -> String {
    arg.get_help().map(ToString::to_string).unwrap_or_default()
}

/// A heading and its rows, names and descriptions each in a column; nothing when there are no rows.
fn section(out: &mut String, heading: &str, rows: Vec<(String, String)>) {
    let widths = rows.iter().map(|(name, _)| name.width());
    let Some(column) = widths.filter(|&it| it <= NAME_COLUMNS).max().or((!rows.is_empty()).then_some(0))
    else {
        return;
    };
    let _ = write!(out, "\n{heading}：\n");
    for (name, description) in rows {
        let indent = column + 4;
        let padding = column.saturating_sub(name.width()) + 2;
        let _ = write!(out, "  {name}");
        let _ = if name.width() <= column {
            write!(out, "{:padding$}", "")
        } else {
            write!(out, "\n{:indent$}", "")
        };
        let lines = wrap(&description, WIDTH.saturating_sub(indent));
        let separator = format!("\n{:indent$}", "");
        let _ = writeln!(out, "{}", lines.join(&separator));
    }
}

/// Breaks a text into lines of at most `width` columns: between Chinese characters or at blanks, never before
/// a closing punctuation mark.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for piece in pieces(paragraph) {
            if !line.is_empty() && line.width() + piece.trim_end().width() > width {
                lines.push(line.trim_end().to_owned());
                line.clear();
            }
            line.push_str(if line.is_empty() && !lines.is_empty() { piece.trim_start() } else { piece });
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Splits a text into the shortest pieces between which a line may break.
fn pieces(text: &str) -> Vec<&str> {
    const CLOSING: &str = "，。；：！？、）》」』”’…,.;:!?)]}>";
    const OPENING: &str = "（《「『“‘([{<";
    let mut found = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let may_break = before.is_some_and(|b| {
            let wide = b.width() == Some(2) || c.width() == Some(2);
            (wide || b == ' ') && !CLOSING.contains(c) && !OPENING.contains(b) && c != ' '
        });
        if may_break {
            found.extend(text.get(start..at));
            start = at;
        }
        before = Some(c);
    }
    found.extend(text.get(start..));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_characters_and_keeps_words() {
        assert_eq!(wrap("借阅期限，由 check 命令检查", 10), ["借阅期限，", "由 check", "命令检查"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("甲\n乙", 10), ["甲", "乙"]);
    }
}
