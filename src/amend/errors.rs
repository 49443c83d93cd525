//! What can be wrong with applying a decision, B0610–B0629: for each its sentence, places and advice, together.
use crate::base::Span;
use crate::diag::Diagnostic;

/// Nothing has this address.
pub fn not_there(at: Span, what: &str, near: &[String]) -> Diagnostic {
    let diag = Diagnostic::error("B0610", format!("所修改的规范没有“{what}”"))
        .label(at, "按这项决定施行之前的文本查找");
    if near.is_empty() {
        return diag.help("地址按修改之前的序号写");
    }
    diag.help(format!("这里有的是：{}；地址按修改之前的序号写", near.join("、")))
}

/// 但书 is part of the clause.
pub fn proviso(at: Span, what: &str) -> Diagnostic {
    Diagnostic::error("B0610", format!("“{what}”不能单独修改"))
        .label(at, "")
        .help("但书是条款的一部分：把它所在的条、款、项连同但书一起修改")
}

/// The base is another law.
pub fn another_law(at: Span, wanted: &str, found: &str) -> Diagnostic {
    Diagnostic::error("B0611", format!("修改决定修改的是“{wanted}”，这部规范是“{found}”"))
        .label(at, "")
        .help("种类、名称与规范的标题要一字不差")
}

/// The base is another version.
pub fn another_version(at: Span, wanted: &str, found: Option<&str>) -> Diagnostic {
    let found = found.map_or_else(|| "没有写明版本".to_owned(), |f| format!("的版本是“{f}”"));
    Diagnostic::error("B0611", format!("修改决定修改的是版本“{wanted}”，这部规范{found}")).label(at, "")
}

/// Two operations meet.
pub fn conflict(at: Span, other: Span, what: &str) -> Diagnostic {
    Diagnostic::error("B0612", format!("两项修改都动了“{what}”"))
        .label(at, "这一项")
        .label(other, "这一项也动了它，或者动了包含它、被它包含的部分")
        .help("合并为一项；先后修改的，分成两份修改决定")
}

/// Citations of what is deleted.
pub fn dangling(at: Span, what: &str, places: &[(Span, String)]) -> Diagnostic {
    let names: Vec<&str> = places.iter().map(|(_, name)| name.as_str()).collect();
    let mut diag = Diagnostic::error("B0613", format!("“{what}”不再有，却仍被引用：{}", names.join("、")))
        .label(at, "这一项使它不再有");
    for (span, name) in places {
        diag = diag.label(*span, format!("{name}引用了它"));
    }
    diag.help("在同一份修改决定中一并修改这些地方")
}

/// The verbatim text changed and the clause did not.
pub fn clause_unchanged(at: Span, what: &str) -> Diagnostic {
    Diagnostic::error("B0614", format!("“{what}”的原文变了，条款没有变"))
        .label(at, "")
        .help("条款也要变的，一并修改；确实不变的，写明“（条款不变）”")
}

/// The clause changed and the verbatim text did not.
pub fn text_unchanged(at: Span, what: &str) -> Diagnostic {
    Diagnostic::error("B0615", format!("“{what}”的条款变了，原文没有变"))
        .label(at, "")
        .help("原文也要变的，一并修改；确实不变的，写明“（原文不变）”")
}

/// The claim of an operation is not so.
pub fn claim_fails(at: Span, claim: &str, what: &str, changed: &str) -> Diagnostic {
    Diagnostic::error("B0616", format!("写明了“{claim}”，而“{what}”的{changed}变了"))
        .label(at, "")
        .help(format!("删去“{claim}”，或者改正写出的内容"))
}

/// The words are not in the text.
pub fn words_not_there(at: Span, words: &str, what: &str) -> Diagnostic {
    Diagnostic::error("B0617", format!("{what}的原文中没有“{words}”"))
        .label(at, "")
        .help("这里只查找「」之内的原文，一字不差才算；标点、空格也算")
}

/// The code of [`no_change`].
pub const NO_CHANGE: &str = "B0618";

/// Nothing would change.
pub fn no_change(at: Span, what: &str) -> Diagnostic {
    Diagnostic::error(NO_CHANGE, format!("“{what}”修改前后相同"))
        .label(at, "")
        .help("删去这一项，或者写出修改后的内容")
}

/// The number is another.
pub fn wrong_number(at: Span, found: &str, right: &str) -> Diagnostic {
    Diagnostic::error("B0619", format!("这里的序号应为“{right}”，却是“{found}”"))
        .label(at, "")
        .help("写出的条文用修改之后的序号")
        .fix(at, right)
}

/// The number is taken and nothing gives way.
pub fn taken(at: Span, found: &str, free: &str, order: &str) -> Diagnostic {
    Diagnostic::error("B0620", format!("已经有“{found}”"))
        .label(at, "")
        .help(format!("在末尾写“{order}顺序作相应调整。”使其后的顺延，或者作为“{free}”"))
}

/// A deletion leaves something that cannot stand alone.
pub fn left_over(at: Span, message: String, help: &str) -> Diagnostic {
    Diagnostic::error("B0621", message).label(at, "").help(help.to_owned())
}

/// 前条 in verbatim text would mean something else.
pub fn previous_moves(at: Span, words: &str, place: &str, meant: &str, op: Span) -> Diagnostic {
    Diagnostic::error("B0622", format!("{place}原文中的“{words}”修改之后不再指“{meant}”"))
        .label(op, "修改决定")
        .label(at, "原文在这里")
        .help(format!("加一项修改写明所指，例如：{place} 中的「{words}」修改为「{meant}」（条款不变）。"))
}

/// A range covers more or less than before.
pub fn range_changes(at: Span, words: &str, place: &str, gained: &[String], lost: &[String]) -> Diagnostic {
    let part = |word: &str, names: &[String]| {
        if names.is_empty() { None } else { Some(format!("{word}{}", names.join("、"))) }
    };
    let what: Vec<String> = [part("增加了", gained), part("减少了", lost)].into_iter().flatten().collect();
    Diagnostic::warning("B0623", format!("{place}引用的“{words}”{}", what.join("，")))
        .label(at, "引用在这里")
        .help("这一范围跟着变是否合适，请核对")
}

/// Notes and questions are not verbatim text.
pub fn left_in_notes(at: Span, words: &str, places: &[(Span, String)]) -> Diagnostic {
    let mut diag = Diagnostic::warning("B0624", format!("释、问中还有 {} 处“{words}”没有改", places.len()))
        .label(at, "");
    for (span, name) in places.iter().take(5) {
        diag = diag.label(*span, name.clone());
    }
    diag.help("修改决定只改原文和条款；释、问连同所在的条文或者字段一起写出来修改")
}

/// A note cites what is gone.
pub fn note_dangles(at: Span, place: &str, what: &str) -> Diagnostic {
    Diagnostic::warning("B0624", format!("{place}的释、问还提到“{what}”，它已不再有"))
        .label(at, "")
        .help("释、问连同所在的条文或者字段一起写出来修改")
}

/// A name that is in use.
pub fn name_in_use(at: Span, name: &str, there: Span) -> Diagnostic {
    Diagnostic::error("B0625", format!("“{name}”已经是另一个名称"))
        .label(at, "")
        .label(there, "已经用在这里")
        .help("统一修改会把两个名称混为一个；换一个没有用过的名称")
}

/// The parts do not make a text that can be read.
pub fn unreadable(at: Span, reason: &str) -> Diagnostic {
    Diagnostic::error("B0626", format!("修改之后的文本读不通：{reason}"))
        .label(at, "")
        .help("写出的条款放到所在的条文里也要通顺，例如各项的条款要与引出各项的句子相应")
}

/// No decision undoes it.
pub fn no_inverse(at: Span) -> Diagnostic {
    Diagnostic::error("B0627", "这项修改写不出恰好相反的修改决定").label(at, "")
}

/// 第一条 与 第三条 之间
pub fn not_adjacent(at: Span, low: &str, high: &str) -> Diagnostic {
    Diagnostic::error("B0610", format!("“{low}”与“{high}”不是前后相连的两条"))
        .label(at, "")
        .help("写明加在哪一条之前或者之后")
}

/// What is added cannot stand there.
pub fn wrong_anchor(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error("B0610", format!("不能在这里增加{word}"))
        .label(at, "")
        .help("“增加一项”写在哪一项之前或者之后，或者写在哪一条、哪一款；“增加一条”写在哪一条之前或者之后，或者写在哪一章")
}

/// An item in an article made of 款.
pub fn which_paragraph(at: Span, what: &str) -> Diagnostic {
    Diagnostic::error("B0610", format!("“{what}”分为几款，没有写明加在哪一款"))
        .label(at, "")
        .help(format!("写作“{what}第一款 增加一项，……”"))
}

/// Declared in several blocks.
pub fn several_blocks(at: Span, entity: &str) -> Diagnostic {
    Diagnostic::error("B0610", format!("“{entity}”分几处声明，不能整个修改"))
        .label(at, "")
        .help("写明修改哪一个字段")
}

/// A chapter with a number that is taken.
pub fn heading_taken(at: Span, found: &str) -> Diagnostic {
    Diagnostic::error("B0620", format!("已经有“{found}”"))
        .label(at, "")
        .help("在末尾写“条文顺序作相应调整。”使其后的顺延")
}
