//! What can go wrong with a file of many cases, one function each.
#[cfg(not(all(feature = "excel", feature = "parquet")))]
use super::Form;
use crate::diag::Diagnostic;
use std::path::Path;

/// A file whose ending says nothing.
#[must_use]
pub fn unknown_form(path: &Path) -> Diagnostic {
    Diagnostic::error("B0890", format!("看不出“{}”是什么格式", path.display()))
        .help("用扩展名 .jsonl、.json、.csv、.parquet、.xlsx（之后可以有 .gz、.zst），或者写明格式")
}

/// A form that this build does not have.
#[cfg(not(all(feature = "excel", feature = "parquet")))]
pub(super) fn not_built_in(form: Form) -> Diagnostic {
    Diagnostic::error("B0891", format!("这个程序没有编入 {}", form.name()))
        .help("用全部功能编译的程序（cargo build --release --features full），或者改用 CSV、JSONL")
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

/// A quote of CSV that is not closed.
pub(super) fn open_quote(path: &Path, line: u64) -> Diagnostic {
    let name = path.display();
    Diagnostic::error("B0879", format!("“{name}”第 {line} 行的引号没有结束，或者这一行超过 64 MB"))
        .help("一格以双引号起头的，也以双引号结束；格内的双引号写两个")
}

/// A table without its first line.
pub(super) fn no_head(table: &str) -> Diagnostic {
    Diagnostic::error("B0879", format!("“{table}”是空的：第一行应当是各列的名称"))
        .help("第一行写事实的名称，以下一行一个案例")
}

/// A first line in another encoding.
pub(super) fn head_not_utf8(table: &str) -> Diagnostic {
    Diagnostic::error("B0822", format!("“{table}”不是 UTF-8 编码"))
        .help("在电子表格里另存为“CSV UTF-8（逗号分隔）”")
}

/// A column that is no fact.
pub(super) fn no_such_column(
    table: &str,
    column: &str,
    entity: &str,
    near: Option<&str>,
    owner: Option<&str>,
) -> Diagnostic {
    if column.trim().is_empty() {
        return Diagnostic::error("B0870", format!("“{table}”有一列没有名称"))
            .help("第一行每格都写事实的名称；多余的列删去");
    }
    let found = Diagnostic::error("B0870", format!("“{table}”的列“{column}”不是“{entity}”的事实"));
    match (near, owner) {
        (_, Some(owner)) => found.help(format!("它是“{owner}”的事实，写在“{owner}”的表里")),
        (Some(near), None) => found.help(format!("是否为“{near}”？")),
        (None, None) => found.help("列名写事实的名称，主表还可以有 案例、认定日期；其余的列删去"),
    }
}

/// Two columns of one name.
pub(super) fn column_twice(table: &str, column: &str) -> Diagnostic {
    Diagnostic::error("B0871", format!("“{table}”有两列“{column}”")).help("只留一列")
}

/// A list that the policy does not have.
pub(super) fn no_such_list<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let found = Diagnostic::error("B0874", format!("没有“{name}”这个列表"));
    if known.is_empty() {
        found.help("这部办法没有列表，只用主表")
    } else {
        found.help(format!("可以有：{}", known.join("、")))
    }
}

/// A list given twice.
pub(super) fn list_twice(name: &str) -> Diagnostic {
    Diagnostic::error("B0874", format!("“{name}”的表写了两次")).help("一个列表只用一个表")
}

/// A list in a list that is not there.
pub(super) fn list_without_parent(name: &str, parent: &str) -> Diagnostic {
    Diagnostic::error("B0874", format!("有“{name}”的表，没有“{parent}”的表"))
        .help(format!("“{name}”的每一行属于“{parent}”的一行，两个表都要有"))
}

/// Lists without a key.
pub(super) fn no_key(table: &str) -> Diagnostic {
    Diagnostic::error("B0875", format!("没有说明“{table}”按哪一列与主表相连"))
        .help("写明两个表都有的一列，如 --key 案号")
}

/// A table without the column that joins it.
pub(super) fn key_missing(table: &str, key: &str) -> Diagnostic {
    Diagnostic::error("B0875", format!("“{table}”没有列“{key}”")).help("每个表都要有这一列，才知道各行属于谁")
}

/// A row of the main table that cannot be joined.
pub(super) fn key_empty(table: &str, line: u64) -> Diagnostic {
    Diagnostic::error("B0877", format!("“{table}”第 {line} 行没有写明与列表相连的那一列"))
        .help("填上它，或者删去这一行")
}

/// Two rows of the main table with one key.
pub(super) fn key_twice(table: &str, line: u64, key: &[u8]) -> Diagnostic {
    let key = String::from_utf8_lossy(key);
    Diagnostic::error("B0877", format!("“{table}”第 {line} 行的“{key}”与上一行相同"))
        .help("与列表相连的那一列，各行要不同")
}

/// A row of a list whose key does not come.
pub(super) fn key_unknown(table: &str, line: u64, key: &[u8], main: &str) -> Diagnostic {
    let key = String::from_utf8_lossy(key);
    Diagnostic::error("B0876", format!("“{table}”第 {line} 行的“{key}”在“{main}”里没有，或者次序不同"))
        .help("各表只从头到尾读一遍：列表各行的次序要与主表相同，先按同一列排好序")
}

/// A row of a list in a list whose owner does not come.
pub(super) fn member_unknown(table: &str, line: u64) -> Diagnostic {
    Diagnostic::error("B0876", format!("“{table}”第 {line} 行所写的序号，上级的表里没有，或者次序不同"))
        .help("序号是上级各行在同一案例之内的次序，从 1 起；各行按序号从小到大排列")
}

/// A column of a type that does not hold such values.
#[cfg(feature = "parquet")]
pub(super) fn wrong_column_type(
    table: &str,
    column: &str,
    wanted: &str,
    found: &str,
    how: &str,
    floating: bool,
) -> Diagnostic {
    let message = format!("“{table}”的列“{column}”应当是{wanted}，它的类型是 {found}");
    let why = if floating { "；二进制浮点数不能精确表示，不接受" } else { "" };
    Diagnostic::error("B0878", message).help(format!("转换成 {how}{why}"))
}

/// A file that is not what its name says.
#[cfg(any(feature = "parquet", feature = "excel"))]
pub(super) fn broken(path: &Path, form: &str) -> Diagnostic {
    Diagnostic::error("B0879", format!("“{}”不是完好的 {form} 文件", path.display()))
        .help("看看扩展名与内容是否相符，或者重新取得这个文件")
}

/// A form that cannot be read from a pipe, or is packed by itself.
pub(super) fn needs_file(form: &str) -> Diagnostic {
    Diagnostic::error("B0898", format!("{form} 不能从标准输入读，也不能另外压缩"))
        .help("写成文件，给出它的路径")
}

/// A form that is packed by itself, or cannot be.
pub(super) fn not_packed(form: &str) -> Diagnostic {
    Diagnostic::error("B0898", format!("{form} 不能另外压缩")).help("去掉扩展名末尾的 .gz 或 .zst")
}

/// More rows than a sheet has.
#[cfg(feature = "excel")]
pub(super) fn too_many_rows(table: &str, rows: u64, most: u64) -> Diagnostic {
    Diagnostic::error("B0899", format!("“{table}”有 {rows} 行，一张工作表至多 {most} 行"))
        .help("写成 CSV 或者 Parquet：--out 结果.csv")
}

/// A text longer than a cell.
#[cfg(feature = "excel")]
pub(super) fn cell_too_long(table: &str, row: u64) -> Diagnostic {
    Diagnostic::error("B0899", format!("“{table}”第 {row} 行有一格太长，一格至多 32767 个字"))
        .help("写成 CSV 或者 Parquet：--out 结果.csv")
}
