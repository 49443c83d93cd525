//! Rows that are no cases, as a table for people (CSV) and as lines on a terminal.
use crate::cli::global::Format;
use crate::dataset::Reject;

/// Columns of the table.
const HEAD: [&str; 7] = ["文件", "行", "列", "序号", "代码", "原因", "建议"];
/// So that spreadsheets take the table for UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Writes rejects down.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    /// Names of the inputs.
    pub names: &'a [String],
}

impl Paper<'_> {
    /// What stands before the first line.
    #[must_use]
    pub fn head() -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        push(&mut bytes, &HEAD);
        bytes
    }

    /// One line a reject.
    #[must_use]
    pub fn lines(&self, rejects: &[Reject]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for reject in rejects {
            let help = reject.help.as_deref().unwrap_or_default();
            let numbers = [reject.line, reject.column, reject.row].map(|n| n.to_string());
            let [line, column, row] = &numbers;
            push(&mut bytes, &[self.name(reject), line, column, row, &reject.code, &reject.reason, help]);
        }
        bytes
    }

    /// A reject on a terminal: `案件.jsonl:3:14　[B0512] ……`, with its advice unless that was given just `before`; for
    /// programs, one JSON object.
    #[must_use]
    pub fn shown(&self, reject: &Reject, before: Option<&str>, format: Format) -> String {
        let Reject { row, line, column, code, reason, help, .. } = reject;
        if format == Format::Json {
            let name = self.name(reject);
            let line = serde_json::json!({ "reject": {
                "file": name, "line": line, "column": column, "row": row, "code": code, "reason": reason, "help": help,
            } });
            return format!("{line}\n");
        }
        let advice = help.as_deref().filter(|help| before != Some(help));
        let advice = advice.map(|help| format!("  帮助：{help}\n")).unwrap_or_default();
        format!("{}:{line}:{column}　[{code}] {reason}\n{advice}", self.name(reject))
    }

    fn name(&self, reject: &Reject) -> &str {
        self.names.get(reject.file).map_or("", String::as_str)
    }
}

/// A line of CSV.
fn push(bytes: &mut Vec<u8>, cells: &[&str]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            bytes.push(b',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            bytes.push(b'"');
            bytes.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            bytes.push(b'"');
        } else {
            bytes.extend_from_slice(cell.as_bytes());
        }
    }
    bytes.extend_from_slice(b"\r\n");
}
