//! The error of formatting.
use crate::diag::Diagnostic;

/// The canonical text would say something else than the source.
pub fn not_preserved() -> Diagnostic {
    Diagnostic::error("B0864", "整理之后的文本与原来的不一致，没有采用")
        .help("这是程序的缺陷；原文没有改动，请把这份文件报告给维护者")
}
