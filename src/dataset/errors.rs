//! What can go wrong with a file of many cases, one function each.
use crate::diag::Diagnostic;
use std::path::Path;

/// A file whose ending says nothing.
#[must_use]
pub fn unknown_form(path: &Path) -> Diagnostic {
    Diagnostic::error("B0890", format!("看不出“{}”是什么格式", path.display()))
        .help("用扩展名 .jsonl、.json、.csv、.parquet、.xlsx（之后可以有 .gz、.zst），或者写明格式")
}

/// A form that this build does not have.
pub(super) fn not_built_in(form: &str, feature: &str) -> Diagnostic {
    Diagnostic::error("B0891", format!("这个程序没有编入 {form}")).help(format!(
        "用带有 {feature} 特性编译的程序（cargo build --release --features full），或者改用 CSV、JSONL"
    ))
}

/// A file that cannot be read, or no longer.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    use std::io::ErrorKind;
    let name = path.display();
    match error.kind() {
        ErrorKind::NotFound => {
            Diagnostic::error("B0820", format!("没有“{name}”这个文件")).help("看看路径和文件名是否写对")
        }
        ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof | ErrorKind::Other
            if error.raw_os_error().is_none() =>
        {
            Diagnostic::error("B0892", format!("“{name}”的压缩数据不完整或者已经损坏"))
                .help("重新取得这个文件；用 gzip -t 或 zstd -t 可以检查它")
        }
        _ => Diagnostic::error("B0821", format!("“{name}”读不出来：{}", crate::files::reason(error)))
            .help("看看它是否是一个可以读取的文件"),
    }
}

/// UTF-16.
pub(super) fn utf16(path: &Path) -> Diagnostic {
    Diagnostic::error("B0822", format!("“{}”不是 UTF-8 编码，像是 UTF-16", path.display()))
        .help("用编辑器打开它，另存为 UTF-8 编码")
}

/// One JSON array as output.
pub(super) fn no_json_out() -> Diagnostic {
    Diagnostic::error("B0896", "结果不能写成一个 JSON 数组").help("写成 JSONL，一案一行：--out 结果.jsonl")
}

/// An array that does not end.
pub(super) fn array_unfinished(path: &Path) -> Diagnostic {
    Diagnostic::error("B0897", format!("“{}”的 JSON 数组没有结束", path.display()))
        .help("文件可能不完整：最后应当有“]”")
}

/// Something after the array.
pub(super) fn after_array(path: &Path, (line, column): (u64, u64)) -> Diagnostic {
    let name = path.display();
    Diagnostic::error("B0897", format!("“{name}”的 JSON 数组结束以后还有内容：第 {line} 行第 {column} 列"))
        .help("一个文件只写一个数组；一行一个案例的，用 .jsonl")
}
