//! Amending decisions: what they make of a policy, and what is said of those that are wrong.
//!
//! A folder of `tests/cases/amend/` holds a policy and a decision; its snapshot shows the decision, what became of the
//! policy line by line, what happened to which provision, and every message. See `tests/README.md`.
use banfa::amend::{Applied, Renumbering, Source, apply};
use banfa::base::{FileId, Sources};
use banfa::diag::Diagnostic;
use banfa::diag::render::{Style, render};
use banfa::syntax::parse_decision;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/amend");
    let mut found: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    found.retain(|p| p.is_dir());
    found.sort();
    assert!(!found.is_empty());
    found
}

/// Applies the stages of a decision one after the other.
fn apply_all(
    base: &str,
    file: FileId,
    decision: &banfa::syntax::ast::Decision,
) -> Result<Applied, Vec<Diagnostic>> {
    let mut since = Renumbering::default();
    let mut done: Option<Applied> = None;
    for (_, ops) in decision.stages() {
        let text = done.as_ref().map_or(base, |d| d.texts[0].as_str()).to_owned();
        let next = apply(&[Source { file, text: &text }], decision, &ops, &since)?;
        since = since.then(&next.renumbering);
        done = Some(match done {
            None => next,
            Some(mut before) => {
                before.changes.extend(next.changes);
                before.notes.extend(next.notes);
                Applied { texts: next.texts, renumbering: since.clone(), ..before }
            }
        });
    }
    done.ok_or_else(Vec::new)
}

fn outcome(folder: &Path) -> String {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let (base, text) = (read("base.banfa"), read("decision.banfa"));
    let mut sources = Sources::new();
    let base_id = sources.add("base.banfa", &base);
    let id = sources.add("decision.banfa", &text);
    let mut out = format!("{text}\n");
    let (decision, mut diags) = parse_decision(&text, id);
    let mut applied = None;
    if let Some(decision) = decision.clone().filter(|_| diags.is_empty()) {
        match apply_all(&base, base_id, &decision) {
            Ok(done) => {
                diags.extend(done.notes.clone());
                applied = Some(done);
            }
            Err(found) => diags.extend(found),
        }
    }
    if let (Some(done), Some(decision)) = (&applied, decision) {
        let before = banfa::fmt::format(&base).unwrap();
        out.push_str("=== 文本\n");
        out.push_str(&difference(&before, &done.texts[0]));
        out.push_str("=== 变动\n");
        for change in &done.changes {
            let name = |a: &Option<banfa::Address>| a.as_ref().map_or("——".to_owned(), ToString::to_string);
            let what = change.what.word();
            let op = change.op.map_or("　".to_owned(), |op| format!("第{}项", op + 1));
            if change.name.is_empty() {
                let _ = writeln!(out, "{op} {what} {} → {}", name(&change.old), name(&change.new));
            } else {
                let _ = writeln!(out, "{op} {what} {}", change.name);
            }
        }
        out.push_str(&compiled(&before, &done.texts[0]));
        if let [(_, ops)] = decision.stages().as_slice() {
            let sources = [Source { file: base_id, text: &base }];
            let done = apply(&sources, &decision, ops, &Renumbering::default()).unwrap();
            match banfa::amend::inverse(&sources, &decision, &done) {
                Ok(undo) => {
                    let _ = write!(out, "=== 恢复\n{undo}");
                }
                Err(found) => {
                    let _ = writeln!(out, "=== 恢复\n{}", found[0].message);
                }
            }
        }
    }
    out.push_str("=== 消息\n");
    out.push_str(&render(&diags, &sources, &Style::default()));
    out
}

/// Codes of what the compiler says afterwards and did not say before.
fn compiled(before: &str, after: &str) -> String {
    let codes = |text: &str| -> Vec<String> {
        let found = match banfa::Policy::from_text("base.banfa", text, &banfa::no_includes) {
            Ok(policy) => policy.warnings().to_vec(),
            Err(refusal) => refusal.diagnostics,
        };
        found.iter().map(|d| format!("{} {}", d.code, d.message)).collect()
    };
    let old = codes(before);
    let new: Vec<String> = codes(after).into_iter().filter(|d| !old.contains(d)).collect();
    if new.is_empty() { String::new() } else { format!("=== 编译\n{}\n", new.join("\n")) }
}

/// Lines taken out and put in, each with the line before and the article or block it stands in.
fn difference(old: &str, new: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut table = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i][j] =
                if a[i] == b[j] { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines: Vec<(char, &str)> = Vec::new();
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            lines.push((' ', a[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < a.len() && (j == b.len() || table[i + 1][j] >= table[i][j + 1]) {
            lines.push(('-', a[i]));
            i += 1;
        } else {
            lines.push(('+', b[j]));
            j += 1;
        }
    }
    let mut out = String::new();
    let mut skipped = false;
    for (at, (mark, line)) in lines.iter().enumerate() {
        let near = lines[at.saturating_sub(2)..(at + 3).min(lines.len())].iter().any(|(m, _)| *m != ' ');
        if near {
            if std::mem::take(&mut skipped) {
                out.push_str("  ⋯\n");
            }
            let _ = writeln!(out, "{mark} {line}");
        } else {
            skipped = true;
        }
    }
    out
}
#[test]
fn decisions_and_what_they_make() {
    let mut failed = Vec::new();
    for folder in cases() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let checked = std::panic::catch_unwind(|| {
            let shown = outcome(&folder);
            // A folder named after an error shows that error.
            if let Some(code) = name.split('-').next().filter(|c| c.starts_with("B06")) {
                assert!(shown.contains(&format!("[{code}]")), "{name}: {code} is not reported\n{shown}");
            } else {
                assert!(!shown.contains("错误["), "{name}:\n{shown}");
            }
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(&folder);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| insta::assert_snapshot!("outcome", shown));
        });
        if checked.is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}
