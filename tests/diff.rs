//! Two texts of a policy compared: what users see of the cases under `tests/cases/diff`, and what holds of any two texts.
#![cfg(feature = "cli")]

use banfa::Policy;
use banfa::base::{Address, FileId};
use banfa::redline::impact::{Impact, impact};
use banfa::redline::{Change, Layer, Piece, Place, Redline, Row, Side, compare};
use insta::assert_snapshot;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/diff")
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("cases")
        .map(|e| e.expect("entry").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    assert!(names.len() >= 4);
    names
}

fn banfa(case: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_banfa"))
        .args(args)
        .current_dir(folder().join(case))
        .env("COLUMNS", "90")
        .env_remove("NO_COLOR")
        .output()
        .expect("banfa starts")
}

fn shown(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let err = if err.is_empty() { String::new() } else { format!("—— 标准错误\n{err}") };
    format!("{out}{err}—— 退出码 {}\n", output.status.code().expect("a code"))
}

#[test]
fn every_case_in_every_format() {
    for name in names() {
        for format in ["text", "md", "json"] {
            let base = ["diff", "old.banfa", "new.banfa", "--format", format];
            let impact = if folder().join(&name).join("案例").is_dir() { &["--impact"][..] } else { &[] };
            assert_snapshot!(format!("{name}_{format}"), shown(&banfa(&name, &[&base[..], impact].concat())));
        }
    }
}

#[test]
fn everything_in_colour_and_in_ascii() {
    let both = ["diff", "old.banfa", "new.banfa"];
    let colours = banfa("改号", &[&both[..], &["--color", "always"]].concat());
    assert_snapshot!("colours", shown(&colours).replace('\x1b', "␛"));
    assert_snapshot!("all_in_ascii", shown(&banfa("改号", &[&both[..], &["--all", "--ascii"]].concat())));
}

/// A folder of this test run's own.
fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("diff-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

#[test]
fn the_page() {
    let folder = scratch("page");
    let file = folder.join("对照.html");
    let path = file.to_str().expect("UTF-8");
    let output = banfa("各种改动", &["diff", "old.banfa", "new.banfa", "--impact", "--html", path]);
    assert_snapshot!("page_summary", shown(&output));
    let page = std::fs::read_to_string(&file).expect("the page");
    // The frame is the business of others.
    let body = page.split_once("<body>").expect("a body").1;
    assert_snapshot!("page", body);
    assert_eq!(page.matches("<article").count(), page.matches("</article>").count());
    std::fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn what_cannot_be_compared_leaves_everything_as_it_was() {
    let folder = scratch("refused");
    for name in ["old.banfa", "new.banfa"] {
        std::fs::copy(self::folder().join("改号").join(name), folder.join(name)).expect("copied");
    }
    let before = std::fs::read_to_string(folder.join("new.banfa")).expect("text");
    let run = |args: &[&str]| {
        let command = Command::new(env!("CARGO_BIN_EXE_banfa")).args(args).current_dir(&folder).output();
        shown(&command.expect("banfa starts"))
    };
    assert_snapshot!("onto_a_source", run(&["diff", "old.banfa", "new.banfa", "--html", "./new.banfa"]));
    assert_snapshot!("no_such_file", run(&["diff", "没有.banfa", "new.banfa", "--html", "页.html"]));
    assert_snapshot!("standard_input_twice", run(&["diff", "-", "-"]));
    assert_snapshot!("no_cases", run(&["diff", "old.banfa", "new.banfa", "--impact"]));
    let broken = before.replace("的，", "");
    std::fs::write(folder.join("broken.banfa"), broken).expect("written");
    let unread = run(&["diff", "old.banfa", "broken.banfa", "--impact", "--html", "页.html"]);
    assert!(
        unread.contains("B0881") && unread.contains("B0882") && unread.ends_with("退出码 2\n"),
        "{unread}"
    );
    assert_snapshot!("nothing_changed", run(&["对比", "old.banfa", "old.banfa"]));
    assert_eq!(std::fs::read_to_string(folder.join("new.banfa")).expect("text"), before);
    assert!(!folder.join("页.html").exists());
    std::fs::remove_dir_all(folder).expect("removed");
}

fn redline(old: &str, new: &str) -> Redline {
    compare(&Side::of_text("旧", old), &Side::of_text("新", new), None)
}

fn case(name: &str) -> (String, String) {
    let text = |file: &str| std::fs::read_to_string(folder().join(name).join(file)).expect("a text");
    (text("old.banfa"), text("new.banfa"))
}

/// Every text of a policy by the address it stands at, as the parser sees it.
fn texts(source: &str) -> Vec<(String, String)> {
    fn walk(p: &banfa::syntax::ast::Provision, above: &Address, out: &mut Vec<(String, String)>) {
        let part = banfa::base::Part { kind: p.kind, number: p.number, sub: p.sub };
        let address = above.clone().with_part(part);
        out.extend(p.text.iter().map(|t| (address.to_string(), t.text.clone())));
        for child in &p.children {
            walk(child, &address, out);
        }
    }
    let mut out = Vec::new();
    for item in banfa::syntax::parse(source, FileId(0)).0.items {
        if let banfa::syntax::ast::TopItem::Article(article) = item {
            walk(&article, &Address::default(), &mut out);
        }
    }
    out.sort();
    out
}

/// The verbatim texts of one side, read off the redline.
fn read_off(redline: &Redline, new: bool) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for entry in redline.entries.iter().filter(|e| matches!(e.place, Place::Provision { .. })) {
        let Some(name) = (if new { &entry.new } else { &entry.old }) else { continue };
        let gone = if new { Change::Deleted } else { Change::Added };
        for row in entry.rows.iter().filter(|r| r.layer == Layer::Text && r.change != gone) {
            out.push((name.clone(), if new { row.after() } else { row.before() }));
        }
    }
    out.sort();
    out
}

fn turned(row: &Row) -> Row {
    let change = match row.change {
        Change::Added => Change::Deleted,
        Change::Deleted => Change::Added,
        other => other,
    };
    let mut pieces: Vec<Piece> = row
        .pieces
        .iter()
        .map(|p| match p {
            Piece::Same(t) => Piece::Same(t.clone()),
            Piece::Deleted(t) => Piece::Inserted(t.clone()),
            Piece::Inserted(t) => Piece::Deleted(t.clone()),
            Piece::Renumbered { old, new } => Piece::Renumbered { old: new.clone(), new: old.clone() },
            Piece::Redirected { text, old, new } => {
                Piece::Redirected { text: text.clone(), old: new.clone(), new: old.clone() }
            }
        })
        .collect();
    // What was deleted stands before what took its place.
    for at in 1..pieces.len() {
        if matches!((&pieces[at - 1], &pieces[at]), (Piece::Inserted(_), Piece::Deleted(_))) {
            pieces.swap(at - 1, at);
        }
    }
    Row { layer: row.layer, change, pieces }
}

/// Entries of a redline without their order.
fn entries(redline: &Redline, turn: bool) -> Vec<String> {
    let mut out: Vec<String> = redline
        .entries
        .iter()
        .map(|e| {
            let (old, new) = if turn { (&e.new, &e.old) } else { (&e.old, &e.new) };
            let mut rows: Vec<Row> =
                e.rows.iter().map(|r| if turn { turned(r) } else { r.clone() }).collect();
            rows.sort_by_key(|r| format!("{r:?}"));
            format!("{old:?} {new:?} {rows:#?}")
        })
        .collect();
    out.sort();
    out
}

/// Whatever two texts: marks taken away, both are there; seen from the other side it is the same; nothing differs from itself.
fn holds(old: &str, new: &str) {
    let there = redline(old, new);
    let whole = |text: &str| banfa::syntax::parse(text, FileId(0)).1.is_empty();
    if whole(old) && whole(new) {
        assert_eq!(read_off(&there, false), texts(old));
        assert_eq!(read_off(&there, true), texts(new));
    }
    let (here, back) = (entries(&there, false), entries(&redline(new, old), true));
    let first = here.iter().zip(&back).find(|(a, b)| a != b);
    assert!(first.is_none() && here.len() == back.len(), "seen from the other side: {first:#?}");
    assert!(redline(old, old).is_empty());
    for entry in &there.entries {
        for row in &entry.rows {
            assert!(row.change != Change::Same || row.before() == row.after(), "{row:?}");
            assert!(row.pieces.iter().all(|p| !p.before().is_empty() || !p.after().is_empty()), "{row:?}");
        }
    }
}

#[test]
fn of_the_cases() {
    for name in names() {
        let (old, new) = case(&name);
        holds(&old, &new);
    }
}

#[test]
fn provisions_that_moved_are_known_by_their_words() {
    let (old, new) = case("改号");
    let identity = redline(&old, &new).identity;
    let address = |text: &str| Address::parse(text).expect("an address");
    for (was, is) in
        [("第一条", "第二条"), ("第三条", "第四条"), ("第四条", "第五条"), ("第三条但书", "第四条但书")]
    {
        assert_eq!(identity.follow(&address(was)), Some(address(is)));
        assert_eq!(identity.back(&address(is)), Some(address(was)));
        assert!(identity.same(&address(was), &address(is)));
    }
    assert_eq!(identity.back(&address("第一条")), None);
    let (old, new) = case("款的分合");
    let identity = redline(&old, &new).identity;
    assert!(identity.same(&address("第一条"), &address("第一条第二款")));
    assert!(!identity.same(&address("第一条"), &address("第一条第一款")));
    assert_eq!(identity.follow(&address("第一条第一项")), Some(address("第一条第二款第一项")));
    assert_eq!(identity.follow(&address("第二条第二款")), None);
}

/// What a decision says of a provision goes before what its words suggest.
#[test]
fn what_is_known_goes_before_what_is_alike() {
    let (old, new) = case("改号");
    let moved = |a: &Address| match a.to_string().as_str() {
        "第一条" => None,
        "第二条" => Address::parse("第一条"),
        _ => Some(a.clone()),
    };
    let redline = compare(&Side::of_text("旧", &old), &Side::of_text("新", &new), Some(&moved));
    let names: Vec<String> = redline
        .entries
        .iter()
        .filter(|e| matches!(e.place, Place::Provision { .. }))
        .map(|e| format!("{:?} {}", e.change, e.name("→")))
        .collect();
    assert_eq!(
        names,
        [
            "Deleted 第一条",
            "Changed 第二条 → 第一条",
            "Added 第二条",
            "Changed 第三条",
            "Changed 第四条",
            "Added 第四条之一",
            "Changed 第五条",
            "Added 第六条"
        ]
    );
}

fn policy(text: &str) -> Option<Policy> {
    Policy::from_text("办法.banfa", text, &banfa::no_includes).ok()
}

fn cases(name: &str) -> Vec<(PathBuf, String)> {
    let folder = folder().join(name).join("案例");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("cases").map(|e| e.expect("entry").path()).collect();
    paths.sort();
    paths.into_iter().map(|p| (p.clone(), std::fs::read_to_string(p).expect("a case"))).collect()
}

/// How many cases a file has, seen from outside.
fn documents(files: &[(PathBuf, String)]) -> usize {
    files.iter().map(|(_, text)| text.split("\n---\n").count()).sum()
}

/// No case is lost; nothing changes for a text beside itself; the other way round the same cases change; and for every
/// change there is a provision that made it.
fn effects_hold(old: &str, new: &str, files: &[(PathBuf, String)]) -> usize {
    let (Some(old_policy), Some(new_policy)) = (policy(old), policy(new)) else { return 0 };
    let (there, back) = (redline(old, new), redline(new, old));
    let found = impact(&old_policy, &new_policy, &there, files, None);
    assert_eq!(found.total(), documents(files));
    for case in &found.changed {
        for c in &case.conclusions {
            assert!(!c.causes.is_empty(), "nothing made {c:#?}");
            for cause in &c.causes {
                assert_ne!(there.entries[*cause].change, Change::Same, "{c:#?}");
            }
        }
    }
    let turned = impact(&new_policy, &old_policy, &back, files, None);
    let names = |i: &Impact| i.changed.iter().map(|c| c.case.clone()).collect::<Vec<_>>();
    assert_eq!(names(&found), names(&turned));
    assert_eq!(found.unreadable.len(), turned.unreadable.len());
    let same = impact(&old_policy, &old_policy, &redline(old, old), files, None);
    assert!(same.changed.is_empty());
    assert!(
        there.counts().changed + there.counts().added + there.counts().deleted > 0
            || found.changed.is_empty()
    );
    found.changed.len()
}

#[test]
fn of_the_cases_of_the_cases() {
    for name in ["各种改动", "改号", "款的分合"] {
        let (old, new) = case(name);
        assert!(effects_hold(&old, &new, &cases(name)) > 0, "{name}");
    }
}

/// One place of a policy changed, the cases tell which: the provision, the definition, the declaration.
#[test]
fn the_place_that_changed_is_the_cause() {
    let (old, _) = case("各种改动");
    for (was, is, conclusion, cause) in [
        ("迟还天数 30天以上", "迟还天数 20天以上", "处理", "第二条"),
        ("迟还次数 三次以上", "迟还次数 二次以上", "处理", "定义“累犯”"),
        ("默认 提醒", "默认 警告", "处理", "结论 读者.处理"),
        ("    污损。", "    污损 且 未 主动归还。", "赔偿", "第三条第二项"),
        ("主动归还 的，减轻", "未 主动归还 的，减轻", "减轻", "第五条"),
        ("适用于 本馆图书。", "适用于 未 本馆图书。", "处理", "第一条"),
        ("主动归还  是否", "主动归还  是否  未载明视为否", "减轻", "事实 读者.主动归还"),
        ("凡 读者，有下列情形之一的，", "凡 读者，未 主动归还，且有下列情形之一的，", "赔偿", "第三条"),
        ("；但 符合 第二条 的除外", "", "减轻", "第五条"),
    ] {
        let new = old.replace(was, is);
        assert_ne!(old, new, "{was}");
        let mut files = cases("各种改动");
        files.push((
            PathBuf::from("案例/少.yaml"),
            "案件: { 本馆图书: 是, 读者: [ { 姓名: 丙, 迟还天数: 40, 遗失: 是, 污损: 否 } ] }".to_owned(),
        ));
        files.push((PathBuf::from("案例/轻.yaml"), "案件: { 本馆图书: 是, 读者: [ { 姓名: 丁, 迟还天数: 1, 迟还次数: 1, 遗失: 是, 污损: 否, 主动归还: 是 }, { 姓名: 戊, 迟还天数: 1, 迟还次数: 1, 遗失: 是, 污损: 否 } ] }".to_owned()));
        let redline = redline(&old, &new);
        let (a, b) = (policy(&old).expect("compiles"), policy(&new).expect("compiles"));
        let found = impact(&a, &b, &redline, &files, None);
        let causes: Vec<String> = found
            .changed
            .iter()
            .flat_map(|c| &c.conclusions)
            .filter(|c| c.name == conclusion)
            .flat_map(|c| &c.causes)
            .map(|i| redline.entries[*i].name("→"))
            .collect();
        assert!(!causes.is_empty(), "{was}: no case changed");
        assert!(causes.iter().all(|c| c == cause), "{was}: {causes:?}");
    }
}

/// A corpus policy with a few characters, lines and articles exchanged, taken away or doubled.
fn edited() -> impl Strategy<Value = (String, String)> {
    let policies = ["各种改动/old.banfa", "各种改动/new.banfa", "款的分合/new.banfa"];
    let texts: Vec<String> =
        policies.iter().map(|p| std::fs::read_to_string(folder().join(p)).expect("a text")).collect();
    let edit = (0_usize..6, any::<prop::sample::Index>(), any::<prop::sample::Index>());
    (prop::sample::select(texts), prop::collection::vec(edit, 1..6)).prop_map(|(old, edits)| {
        let mut lines: Vec<String> = old.lines().map(str::to_owned).collect();
        for (kind, a, b) in edits {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            match kind {
                0 => lines.swap(a, b),
                1 => {
                    lines.remove(a);
                }
                2 => lines.insert(b, lines[a].clone()),
                3 => lines[a] = lines[a].replace('三', "二").replace("图书", "书刊"),
                4 => lines[a] = lines[a].chars().filter(|c| *c != '的').collect(),
                _ => lines[a] = lines[a].replace("，", "，经核实，"),
            }
            if lines.is_empty() {
                lines.push(String::new());
            }
        }
        (old, lines.join("\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_edited_texts((old, new) in edited()) {
        holds(&old, &new);
        effects_hold(&old, &new, &cases(if old.contains("分款") { "款的分合" } else { "各种改动" }));
    }

    #[test]
    fn of_any_texts(old in "[一二第条「」甲乙的，。\n ]{0,40}", new in "[一二第条「」甲乙的，。\n ]{0,40}") {
        let text = |inner: &str| format!("第一条「{}」\n", inner.replace(['「', '」'], ""));
        holds(&text(&old), &text(&new));
        holds(&old, &new);
    }
}
