//! What the results do not tell, and which run would.
use super::counter::STATE;
use super::summary::{Missing, Parts};
use crate::batch::{Part, usual_parts};

/// The parts of each conclusion that are not among the results, and whole entities.
pub(super) fn missing(parts: &Parts<'_>) -> Vec<Missing> {
    let schema = &parts.words.schema;
    let mut out = Vec::new();
    for (table, keys) in schema.tables.iter().enumerate() {
        let mine = || schema.conclusions.iter().filter(|c| c.table == table);
        if parts.record.present.get(table) != Some(&true) {
            if mine().next().is_some() {
                let name = &keys.name;
                out.push(Missing {
                    what: format!("结果中没有“{name}”的行"),
                    advice: if parts.record.sparse {
                        format!("没有一件案件有{name}，或者批量认定时没有选它的结论")
                    } else if table == 0 {
                        "表格形式的结果一个实体一个文件，把不带实体名的 ….csv 一并写上".to_owned()
                    } else {
                        format!("表格形式的结果一个实体一个文件，把 ….{name}.csv 一并写上")
                    },
                });
            }
            continue;
        }
        for slots in mine() {
            let has = |part| parts.has(slots, part);
            let name = parts.name(slots.id);
            if Part::ALL.iter().all(|part| !has(*part)) {
                out.push(Missing {
                    what: format!("结果中没有结论“{name}”"),
                    advice: format!("批量认定时写 --select {name}"),
                });
                continue;
            }
            let usual = usual_parts(parts.hir, slots.id, false).filter(|p| *p != Part::Deadline);
            let absent: Vec<String> =
                usual.filter(|part| !has(*part)).map(|part| column(&name, part)).collect();
            if !absent.is_empty() {
                let may = if parts.record.sparse { "（或者全是空的）" } else { "" };
                out.push(Missing {
                    what: format!("结果中没有“{}”{may}", absent.join("”、“")),
                    advice: format!("批量认定时写 --select {name}"),
                });
            }
            let at = schema.conclusions.iter().position(|c| c.id == slots.id);
            let pending =
                at.and_then(|at| parts.tally.conclusions.get(at)).map_or(0, |c| c.outcomes.of(STATE + 1));
            if pending > 0 && !has(Part::Waiting) {
                out.push(Missing {
                    what: format!("结果中没有“{}”，不知道待查的在等什么", column(&name, Part::Waiting)),
                    advice: "批量认定时写 --waiting".to_owned(),
                });
            }
        }
    }
    out
}

fn column(name: &str, part: Part) -> String {
    if part == Part::Value { name.to_owned() } else { format!("{name}（{}）", part.word()) }
}
