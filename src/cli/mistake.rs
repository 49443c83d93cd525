//! What clap refuses, as diagnostics in Chinese: its own messages are English.
use std::error::Error as _;
use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::base::similar::nearest;
use crate::diag::Diagnostic;

/// The diagnostic of a command line that cannot be read.
#[must_use]
pub fn diagnose(error: &Error, tree: &Command, words: &[OsString]) -> Diagnostic {
    let (command, path) = reached(tree, words);
    let usage = format!("运行 {path} --help 查看用法");
    let context = |kind| error.get(kind).map(said).unwrap_or_default();
    let arg = context(ContextKind::InvalidArg);
    let named = named(&arg);
    let value = context(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = context(ContextKind::InvalidSubcommand);
            if word.contains(char::REPLACEMENT_CHARACTER) {
                return undecodable().help(usage);
            }
            Diagnostic::error("B0801", format!("没有“{word}”这个命令"))
                .help(near_command(command, &word, &usage))
        }
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            Diagnostic::error("B0802", format!("没有“{arg}”这个选项"))
                .help(near_option(command, &arg, &usage))
        }
        ErrorKind::UnknownArgument => Diagnostic::error("B0806", format!("多出了参数“{arg}”")).help(usage),
        ErrorKind::MissingRequiredArgument => {
            Diagnostic::error("B0803", format!("缺少参数 {arg}")).help(usage)
        }
        ErrorKind::MissingSubcommand => Diagnostic::error("B0803", "缺少命令").help(usage),
        ErrorKind::InvalidValue if value.is_empty() => {
            Diagnostic::error("B0807", format!("{named}缺少值")).help(allowed(error, &value, &usage))
        }
        ErrorKind::InvalidValue => {
            Diagnostic::error("B0804", format!("{named}不能是“{value}”")).help(allowed(error, &value, &usage))
        }
        ErrorKind::ValueValidation => {
            // A value parser of ours speaks Chinese; one of the standard library does not.
            let why = error.source().map(ToString::to_string).filter(|it| !it.is_ascii());
            let why = why.map(|it| format!("：{it}")).unwrap_or_default();
            Diagnostic::error("B0804", format!("{named}不能是“{value}”{why}")).help(usage)
        }
        ErrorKind::NoEquals => Diagnostic::error("B0807", format!("{named}与它的值之间要写等号")).help(usage),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            Diagnostic::error("B0807", format!("{named}的值的个数不对")).help(usage)
        }
        ErrorKind::ArgumentConflict => conflict(&arg, &context(ContextKind::PriorArg)).help(usage),
        ErrorKind::InvalidUtf8 => undecodable().help(usage),
        _ => Diagnostic::error("B0809", "命令行读不懂").help(usage),
    }
}

fn undecodable() -> Diagnostic {
    Diagnostic::error("B0808", "命令行中有不是 UTF-8 的文字")
}

/// `选项“--color”` or `参数“文件”`, from clap's `--color <时机>` and `<文件>...`.
fn named(arg: &str) -> String {
    let name = arg.split_whitespace().next().unwrap_or_default();
    if name.starts_with('-') {
        format!("选项“{name}”")
    } else {
        format!("参数“{}”", arg.trim_matches(['<', '>', '[', ']', '.']))
    }
}

fn conflict(arg: &str, prior: &str) -> Diagnostic {
    let message = match prior {
        _ if prior == arg => format!("“{arg}”只能写一次"),
        "" => format!("“{arg}”不能与其他选项同时使用"),
        _ => format!("“{arg}”不能与“{prior}”同时使用"),
    };
    Diagnostic::error("B0805", message)
}

/// The values of a context item, set apart by 、.
fn said(value: &ContextValue) -> String {
    match value {
        ContextValue::String(it) => it.clone(),
        ContextValue::Strings(them) => them.join("、"),
        ContextValue::Number(it) => it.to_string(),
        ContextValue::Bool(_) | ContextValue::None => String::new(),
        other => other.to_string(),
    }
}

/// The command the words lead to, and its full name.
fn reached<'a>(tree: &'a Command, words: &[OsString]) -> (&'a Command, String) {
    let mut command = tree;
    let mut path = tree.get_name().to_owned();
    for word in words.iter().skip(1).filter_map(|it| it.to_str()) {
        if let Some(sub) = command.find_subcommand(word) {
            command = sub;
            path = format!("{path} {}", sub.get_name());
        }
    }
    (command, path)
}

fn near_command(command: &Command, word: &str, usage: &str) -> String {
    let names = command.get_subcommands().flat_map(Command::get_name_and_visible_aliases);
    match nearest(word, names) {
        Some(near) => format!("是不是“{near}”？{usage}"),
        None => usage.to_owned(),
    }
}

fn near_option(command: &Command, word: &str, usage: &str) -> String {
    let word = word.split_once('=').map_or(word, |(name, _)| name);
    let mut names: Vec<String> = Vec::new();
    for arg in command.get_arguments() {
        names.extend(arg.get_long().map(|it| format!("--{it}")));
    }
    // Options every command understands are clap's to spread; they are known by name here.
    names.extend(["--color", "--format", "--ascii"].map(str::to_owned));
    match nearest(word, names.iter().map(String::as_str)) {
        Some(near) => format!("是不是“{near}”？{usage}"),
        None => usage.to_owned(),
    }
}

fn allowed(error: &Error, value: &str, usage: &str) -> String {
    let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue) else {
        return usage.to_owned();
    };
    let near = nearest(value, values.iter().map(String::as_str));
    let near = near.map(|it| format!("是不是“{it}”？")).unwrap_or_default();
    format!("{near}可以写 {}", values.join("、"))
}
