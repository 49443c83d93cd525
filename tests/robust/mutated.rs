//! Policies and cases as they come from a hurried hand: the bundled ones with something cut, doubled, swapped, put in.
use super::support::{compile_with, descriptions, rounds, run_all};
use banfa::diag::Diagnostic;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A policy and a case of it.
struct Pair {
    folder: PathBuf,
    policy: String,
    case: String,
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn first_case(folder: &Path) -> Option<PathBuf> {
    let mut below: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.filter_map(|e| e.ok().map(|e| e.path())).collect();
    below.sort();
    below
        .iter()
        .find(|p| p.extension().is_some_and(|e| e == "yaml"))
        .cloned()
        .or_else(|| below.iter().find_map(|p| first_case(p)))
}

/// The neutral policies that pin the language.
static SMALL: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/ok");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("cases")
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "banfa") && p.with_extension("yaml").is_file())
        .collect();
    files.sort();
    assert!(files.len() > 30);
    files
        .iter()
        .map(|p| Pair { folder: folder.clone(), policy: read(p), case: read(&p.with_extension("yaml")) })
        .collect()
});

/// The bundled laws.
static LAWS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut laws = Vec::new();
    for folder in std::fs::read_dir(root).expect("policies").filter_map(|e| e.ok().map(|e| e.path())) {
        let case = first_case(&folder.join("案例"));
        for file in std::fs::read_dir(&folder).into_iter().flatten().filter_map(|e| e.ok().map(|e| e.path()))
        {
            if let (true, Some(case)) = (file.extension().is_some_and(|e| e == "banfa"), &case) {
                laws.push(Pair { folder: folder.clone(), policy: read(&file), case: read(case) });
            }
        }
    }
    assert!(laws.len() >= 2);
    laws.sort_by(|a, b| a.folder.cmp(&b.folder));
    laws
});

/// One change; numbers say where, relative to the length of the text.
#[derive(Clone, Debug)]
enum Change {
    Cut(u16),
    DropChars(u16, u8),
    DropLine(u16),
    DoubleLine(u16),
    SwapLines(u16, u16),
    DropWord(u16),
    DoubleWord(u16),
    SwapWords(u16, u16),
    Insert(u16, String),
    Repeat(u16, u8),
}

const PIECES: [&str; 62] = [
    "（",
    "）",
    "「",
    "」",
    "，",
    "；",
    "。",
    "：",
    "、",
    "的",
    " ",
    "\n",
    "\r",
    "\t",
    "\0",
    "--",
    "【",
    "】",
    "【待补】",
    "第一条",
    "第二条",
    "第一款",
    "（一）",
    "1.",
    "第九条之一",
    "本条",
    "前款",
    "且",
    "或者",
    "未 ",
    "有 ",
    "无 ",
    "全部 ",
    "任一 ",
    "中 ",
    "之 ",
    "为 ",
    "包括 ",
    "应当 ",
    "可以 ",
    "不得 ",
    "应当认定 ",
    "；但 ",
    "的除外",
    "除",
    "另有规定外",
    "优先于 ",
    "依照 ",
    "视为 ",
    "推定 ",
    "凡 ",
    "自 ",
    "起 ",
    "三次以上",
    "百分之三",
    "2026年2月30日",
    "99999999999999999999",
    "有下列情形之一的",
    "事实 ",
    "结论 ",
    "本规则所称 ",
    "适用于 ",
];

fn change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![
        8 => (0..PIECES.len()).prop_map(|i| PIECES[i].to_owned()),
        1 => "\\PC{1,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![
        1 => any::<u16>().prop_map(Change::Cut),
        2 => (any::<u16>(), 1_u8..6).prop_map(|(a, n)| Change::DropChars(a, n)),
        2 => any::<u16>().prop_map(Change::DropLine),
        2 => any::<u16>().prop_map(Change::DoubleLine),
        2 => (any::<u16>(), any::<u16>()).prop_map(|(a, b)| Change::SwapLines(a, b)),
        2 => any::<u16>().prop_map(Change::DropWord),
        1 => any::<u16>().prop_map(Change::DoubleWord),
        2 => (any::<u16>(), any::<u16>()).prop_map(|(a, b)| Change::SwapWords(a, b)),
        5 => (any::<u16>(), piece).prop_map(|(a, p)| Change::Insert(a, p)),
        1 => (any::<u16>(), 2_u8..40).prop_map(|(a, n)| Change::Repeat(a, n)),
    ]
}

/// `at` of 65536 parts of `length`.
fn place(at: u16, length: usize) -> usize {
    length * usize::from(at) / 65_536
}

fn swap(text: &str, separator: char, a: u16, b: u16) -> String {
    let mut parts: Vec<&str> = text.split(separator).collect();
    let (a, b) = (place(a, parts.len()), place(b, parts.len()));
    parts.swap(a, b);
    parts.join(&separator.to_string())
}

/// Part `at` of the text `times` times; with 0, not at all.
fn again(text: &str, separator: char, at: u16, times: usize) -> String {
    let mut parts: Vec<&str> = text.split(separator).collect();
    let at = place(at, parts.len());
    let part = parts[at];
    parts.splice(at..=at, std::iter::repeat_n(part, times));
    parts.join(&separator.to_string())
}

fn changed(text: &str, change: &Change) -> String {
    let chars: Vec<char> = text.chars().collect();
    let spliced = |at: usize, dropped: usize, put: &str| -> String {
        let end = (at + dropped).min(chars.len());
        chars[..at].iter().copied().chain(put.chars()).chain(chars[end..].iter().copied()).collect()
    };
    match change {
        Change::Cut(at) => chars[..place(*at, chars.len())].iter().collect(),
        Change::DropChars(at, count) => spliced(place(*at, chars.len()), usize::from(*count), ""),
        Change::Insert(at, piece) => spliced(place(*at, chars.len()), 0, piece),
        Change::DropLine(at) => again(text, '\n', *at, 0),
        Change::DoubleLine(at) => again(text, '\n', *at, 2),
        Change::Repeat(at, times) => again(text, ' ', *at, usize::from(*times)),
        Change::DropWord(at) => again(text, ' ', *at, 0),
        Change::DoubleWord(at) => again(text, ' ', *at, 2),
        Change::SwapLines(a, b) => swap(text, '\n', *a, *b),
        Change::SwapWords(a, b) => swap(text, ' ', *a, *b),
    }
}

fn load_beside(folder: &Path) -> impl Fn(&Path) -> Result<String, Diagnostic> {
    let folder = folder.to_path_buf();
    move |path| banfa::files::read(&folder.join(path.strip_prefix("无").unwrap_or(path)))
}

/// All that can be done with a spoilt policy and a case.
fn use_both(folder: &Path, policy: &str, case: &str) {
    if let Ok(mut policy) = compile_with(policy, &load_beside(folder)) {
        descriptions(&mut policy);
        run_all(&mut policy, "案.yaml", case);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: rounds(600), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_policy_or_not(text in "\\PC{0,120}") {
        use_both(Path::new("无"), &text, &text);
    }

    #[test]
    fn any_bytes_are_a_policy_or_not(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        use_both(Path::new("无"), &text, &text);
    }

    #[test]
    fn pieces_are_a_policy_or_not(pieces in prop::collection::vec(0..PIECES.len(), 0..80)) {
        let text: String = pieces.iter().map(|i| PIECES[*i]).collect();
        use_both(Path::new("无"), &text, &text);
        use_both(Path::new("无"), &format!("规则「试验」\n事实 学生：\n  甲 是否\n结论 学生：\n  乙 是否\n第一条「一。」\n  {text}"), &text);
    }

    #[test]
    fn spoilt_policies(which in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..4)) {
        let pair = &SMALL[which.index(SMALL.len())];
        let policy = changes.iter().fold(pair.policy.clone(), |text, c| changed(&text, c));
        use_both(&pair.folder, &policy, &pair.case);
    }

    #[test]
    fn spoilt_cases(which in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..4)) {
        let pair = &SMALL[which.index(SMALL.len())];
        let case = changes.iter().fold(pair.case.clone(), |text, c| changed(&text, c));
        use_both(&pair.folder, &pair.policy, &case);
    }

    /// A case made for another policy.
    #[test]
    fn cases_of_others(one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let (policy, case) = (&SMALL[one.index(SMALL.len())], &SMALL[other.index(SMALL.len())]);
        use_both(&policy.folder, &policy.policy, &case.case);
        use_both(&policy.folder, &format!("{}\n{}", policy.policy, case.policy), &case.case);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: rounds(6), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spoilt_laws(which in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..3)) {
        let pair = &LAWS[which.index(LAWS.len())];
        let policy = changes.iter().fold(pair.policy.clone(), |text, c| changed(&text, c));
        use_both(&pair.folder, &policy, &pair.case);
    }

    #[test]
    fn spoilt_cases_of_laws(which in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..4)) {
        let pair = &LAWS[which.index(LAWS.len())];
        let case = changes.iter().fold(pair.case.clone(), |text, c| changed(&text, c));
        use_both(&pair.folder, &pair.policy, &case);
    }
}

/// A text without its end, then an article: places stay on characters.
#[test]
fn an_open_text_before_an_article() {
    for text in ["「\n第一条", "「\n 第一条", "「\n 第一条「", "「\r\n第一条，"] {
        use_both(Path::new("无"), text, text);
        use_both(
            Path::new("无"),
            &format!(
                "规则「试验」\n事实 学生：\n  甲 是否\n结论 学生：\n  乙 是否\n第一条「一。」\n  {text}"
            ),
            text,
        );
    }
}
