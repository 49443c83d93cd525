//! The errors of syntax, B01xx: for each its sentence, place, advice and fix, together.
pub mod decision;

use super::chunk::NESTING_LIMIT;
use crate::base::Span;
use crate::diag::Diagnostic;

/// What stands where something else was expected, for [`unexpected`].
pub struct Found<'a> {
    /// Place.
    pub at: Span,
    /// Its words; empty where nothing follows.
    pub text: &'a str,
}

/// Words of everyday language or of other notations, and the keyword probably meant.
const SLIPS: [(&str, &str); 27] = [
    ("应该", "应当"),
    ("必须", "应当"),
    ("须", "应当"),
    ("可", "可以"),
    ("能够", "可以"),
    ("不能", "不得"),
    ("不可以", "不得"),
    ("不可", "不得"),
    ("禁止", "不得"),
    ("与", "且"),
    ("和", "且"),
    ("以及", "且"),
    ("而且", "且"),
    ("同时", "且"),
    ("或是", "或者"),
    ("不包含", "不包括"),
    ("包含", "包括"),
    ("含有", "包括"),
    ("大于等于", "不低于"),
    ("小于等于", "不超过"),
    ("乘", "乘以"),
    ("除", "除以"),
    ("加上", "加"),
    ("减去", "减"),
    ("没", "没有"),
    ("是指", "为"),
    ("应当是", "应当 为"),
];

/// Something else was expected here.
pub fn unexpected(found: &Found<'_>, expected: &str) -> Diagnostic {
    let text = found.text;
    let message = match (expected.is_empty(), text.is_empty()) {
        (true, true) => "此处尚未写完".to_owned(),
        (true, false) => format!("此处不能写“{text}”"),
        (false, true) => format!("此处应为{expected}，却没有下文"),
        (false, false) => format!("此处应为{expected}，却是“{text}”"),
    };
    let place = if text.is_empty() { "在这之后" } else { "从这里起读不懂" };
    let diag = Diagnostic::error("B0101", message).label(found.at, place);
    if let Some((_, meant)) = SLIPS.iter().find(|(slip, _)| *slip == text) {
        return diag.help(format!("是否指“{meant}”？")).fix(found.at, *meant);
    }
    match text.chars().next() {
        Some('“' | '”' | '"' | '\'') => diag.help("原文和文字用“「」”括起来"),
        Some('.') => diag.help("句末用“。”"),
        Some('=' | '＝') => diag.help("相等写作“为”或者“等于”"),
        Some('>' | '<' | '＞' | '＜' | '≥' | '≤') => diag.help("比较写作“超过”“不满”“以上”“以下”等"),
        Some('!' | '！') => diag.help("否定写作“未”"),
        _ => diag,
    }
}

/// A word after a type that is no attribute.
pub fn unknown_attribute(at: Span, word: &str, meant: Option<&str>) -> Diagnostic {
    let diag = Diagnostic::error("B0123", format!("没有“{word}”这种属性")).label(at, "");
    match meant {
        Some(meant) => diag.help(format!("是否指“{meant}”？")).fix(at, meant),
        None => diag.help("属性有：问「」、释「」、酌定、默认、未载明视为否、标识；下一个字段另起一行"),
    }
}

/// 事实 甲 without its colon.
pub fn missing_colon(at: Span) -> Diagnostic {
    Diagnostic::error("B0127", "实体的名称之后缺少“：”").label(at, "在这之后").fix(at, "：")
}

/// A field of which only the name is there.
pub fn missing_type(at: Span, name: &str) -> Diagnostic {
    Diagnostic::error("B0124", format!("“{name}”没有写明类型"))
        .label(at, "")
        .help("类型写在名称之后、同一行，例如“是否”“金额”“为 甲、乙 之一”")
}

/// A line of the title block that is no entry.
pub fn unknown_entry(at: Span, word: &str, meant: Option<&str>) -> Diagnostic {
    let diag = Diagnostic::error("B0125", format!("标题之下没有“{word}”这一项")).label(at, "");
    match meant {
        Some(meant) => diag.help(format!("是否指“{meant}”？")).fix(at, meant),
        None => diag.help("可写的有：制定机关、文号、公布日期、施行日期、版本、原文、简称、修正"),
    }
}

/// A keyword run into the word behind it.
pub fn joined_keyword(at: Span, keyword: &str, word: &str) -> Diagnostic {
    let rest = word.strip_prefix(keyword).unwrap_or(word);
    Diagnostic::error("B0126", format!("“{word}”连写，读成了一个名称"))
        .label(at, "")
        .help(format!("“{keyword}”之后空一格：“{keyword} {rest}”"))
        .fix(at, format!("{keyword} {rest}"))
}

/// Two conditions with nothing but a comma between them.
pub fn bare_comma(comma: Span) -> Diagnostic {
    Diagnostic::error("B0129", "两个条件之间没有“且”或者“或者”")
        .label(comma, "“，”不表示“且”")
        .help("条件之间用“且”或者“或者”连接")
        .fix(comma, " 且 ")
}

/// What probably lies behind an unexpected word; the advice to B0101. Places are offsets in the statement.
pub enum Slip<'a> {
    /// 甲 的应当…
    CommaAfterDe {
        /// Behind the 的.
        at: usize,
    },
    /// 如果 甲
    NoIf {
        /// The word.
        word: &'a str,
        /// Its place, with the blanks behind it.
        start: usize,
        /// End of these.
        end: usize,
    },
    /// 3 册
    SplitUnit {
        /// Digits.
        number: &'a str,
        /// Unit.
        unit: &'a str,
        /// The blanks between.
        start: usize,
        /// End of these.
        end: usize,
    },
    /// 1,000
    Thousands {
        /// The comma.
        start: usize,
        /// Its end.
        end: usize,
    },
    /// 前条第二款
    RelativeSteps,
    /// 馆员 的 工号
    FieldByDe {
        /// 馆员
        owner: &'a str,
        /// 工号
        field: &'a str,
    },
    /// A second rule after a comma.
    SecondRule,
}

impl Slip<'_> {
    /// Adds the advice; `place` turns offsets into places.
    pub fn advise(&self, diag: Diagnostic, place: impl Fn(usize, usize) -> Span) -> Diagnostic {
        match self {
            Self::CommaAfterDe { at } => {
                diag.help("前提写作“…… 的，”，“的”之后要有“，”").fix(place(*at, *at), "，")
            }
            Self::NoIf { word, start, end } => {
                diag.help(format!("不写“{word}”，直接写条件：“甲 的，……”")).fix(place(*start, *end), "")
            }
            Self::SplitUnit { number, unit, start, end } => {
                diag.help(format!("数与单位连写：“{number}{unit}”")).fix(place(*start, *end), "")
            }
            Self::Thousands { start, end } => diag.help("数字中间不加逗号").fix(place(*start, *end), ""),
            Self::RelativeSteps => diag.help("写出条号，例如“第八条第二款”"),
            Self::FieldByDe { owner, field } => {
                diag.help(format!("另一实体的事项写作“{owner} 之 {field}”；前提写作“…… 的，”"))
            }
            Self::SecondRule => diag.help("另一条规则另起一句：前一句用“。”结束"),
        }
    }
}

/// 「 without 」.
pub fn unclosed_text(open: Span) -> Diagnostic {
    Diagnostic::error("B0102", "“「”没有与之对应的“」”")
        .label(open, "从这里开始")
        .help("在文字的末尾加上“」”")
}

/// 「 within 「 」.
pub fn inner_bracket(inner: Span, open: Span) -> Diagnostic {
    Diagnostic::error("B0103", "「」之内不能再用“「”")
        .label(inner, "里面的“「”")
        .label(open, "外层从这里开始")
        .help("里层的引号写作“『』”")
        .fix(inner, "『")
}

/// （ without ）.
pub fn unclosed_paren(open: Span) -> Diagnostic {
    Diagnostic::error("B0104", "“（”没有与之对应的“）”")
        .label(open, "从这里开始")
        .help("在括起来的部分之后加上“）”")
}

/// ） without （.
pub fn stray_paren(close: Span) -> Diagnostic {
    Diagnostic::error("B0104", "“）”没有与之对应的“（”").label(close, "多出的括号").fix(close, "")
}

/// Nested too deep.
pub fn too_deep(at: Span) -> Diagnostic {
    Diagnostic::error("B0105", format!("嵌套超过 {NESTING_LIMIT} 层"))
        .label(at, "到这里为止")
        .help("用“本办法所称 甲，是指 ……。”把里层另立一个名称")
}

/// 且 and 或者 side by side.
pub fn mixed_chain(odd: Span, first: Span, whole: Span, fixed: String) -> Diagnostic {
    Diagnostic::error("B0106", "“且”与“或者”混用而没有括号，先后不明")
        .label(odd, "与前面的连接词不同")
        .label(first, "前面的连接词")
        .help(format!("用括号标明先后，例如：{fixed}"))
        .fix(whole, fixed)
}

/// No 。 or ； at the end of a statement, or no ： where a list follows.
pub fn missing_end(at: Span, list: bool) -> Diagnostic {
    let (message, mark) = if list {
        ("引出下列各项的句子缺少“：”", "：")
    } else {
        ("句末缺少“。”或者“；”", "。")
    };
    Diagnostic::error("B0107", message).label(at, "在这之后").fix(Span::new(at.file, at.end, at.end), mark)
}

/// A premise without 的.
pub fn missing_de(at: Span) -> Diagnostic {
    Diagnostic::error("B0108", "前提之后缺少“的”")
        .label(at, "在这之后")
        .help("前提写作“…… 的，”，其后才是结论")
        .fix(Span::new(at.file, at.end, at.end), " 的")
}

/// An unknown editorial mark.
pub fn unknown_mark(at: Span, mark: &str, meant: Option<&str>) -> Diagnostic {
    let diag = Diagnostic::error("B0109", format!("没有“【{mark}】”这种标注")).label(at, "");
    match meant {
        Some(meant) => diag.help(format!("是否指“【{meant}】”？")).fix(at, format!("【{meant}】")),
        None => diag.help("可用的标注：【条号推定】【文字补正】【待补】"),
    }
}

/// A number that is not written as numbers are written.
pub fn bad_number(at: Span, text: &str, meant: Option<String>) -> Diagnostic {
    let diag = Diagnostic::error("B0110", format!("“{text}”不是规范的数字写法")).label(at, "");
    match meant {
        Some(meant) => diag.help(format!("是否指“{meant}”？")).fix(at, meant),
        None => diag.help("写作“二百五十”“一百零五”“三点五”“105”等"),
    }
}

/// The number of a provision is not in its canonical form.
pub fn bad_label(at: Span, text: &str, meant: Option<String>) -> Diagnostic {
    let diag = Diagnostic::error("B0111", format!("“{text}”的序号写法不规范")).label(at, "");
    match meant {
        Some(meant) => diag.help(format!("写作“{meant}”")).fix(at, meant),
        None => diag.help("序号用汉字数字，例如“第一百零五条”“（十二）”"),
    }
}

/// A word that other languages call a type.
pub fn unknown_type(at: Span, word: &str, meant: &str) -> Diagnostic {
    Diagnostic::error("B0112", format!("没有“{word}”这种类型"))
        .label(at, "")
        .help(format!("是否指“{meant}”？类型有：是否、整数、小数、金额、日期、期间、文本、为 甲、乙 之一、多选、多个、一个、义务"))
        .fix(at, meant)
}

/// A keyword where a name is wanted.
pub fn keyword_as_name(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error("B0113", format!("“{word}”是关键词，不能用作名称"))
        .label(at, "此处应为名称")
        .help("换一个名称；名称里可以含有关键词，只是不能整个就是关键词")
}

/// A quantifier with more conditions behind it.
pub fn quantifier_in_chain(at: Span, fixed: Option<String>) -> Diagnostic {
    let diag = Diagnostic::error("B0114", "“有”“任一”“全部”与别的条件相连而没有括号，管到哪里不明")
        .label(at, "这一项");
    match fixed {
        Some(fixed) => diag.help(format!("用括号标明，例如：{fixed}")).fix(at, fixed),
        None => diag.help("给这一项加上括号，例如“（有 甲） 且 乙”；有条件的写作“有 甲 且 乙 的 丙”"),
    }
}

/// Division outside a rounding.
pub fn bare_division(at: Span, whole: Span, fixed: String) -> Diagnostic {
    Diagnostic::error("B0115", "除法没有写明怎样取整")
        .label(at, "可能除不尽")
        .help(format!("写作“{fixed}”，末尾是小数点后的位数；或者用“进一”“舍去”"))
        .fix(whole, fixed)
}

/// 修改决定 where a policy is read.
pub fn amending(at: Span) -> Diagnostic {
    Diagnostic::error("B0116", "修改决定不能写在规范的源文件里")
        .label(at, "")
        .help("修改决定单独成文件，放在办法旁的“修改”文件夹里")
}

/// A date the calendar does not have.
pub fn no_such_date(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error("B0117", format!("历法中没有“{text}”这一天")).label(at, "")
}

/// A provision without its text.
pub fn missing_text(at: Span, label: &str) -> Diagnostic {
    Diagnostic::error("B0118", format!("“{label}”没有原文"))
        .label(at, "")
        .help("在其后用「」写上原文；原文尚未取得的，标注【待补】")
}

/// A colon where no list was announced.
pub fn colon_without_list(at: Span) -> Diagnostic {
    Diagnostic::error("B0119", "“：”之前没有“有下列情形之一的”等引出各项的文字")
        .label(at, "")
        .help("没有下列各项的，句末用“。”")
}

/// A list without its colon.
pub fn list_without_colon(at: Span) -> Diagnostic {
    Diagnostic::error("B0119", "引出下列各项的句子应当以“：”结尾").label(at, "")
}

/// A rule that stands in no article.
pub fn outside_article(at: Span) -> Diagnostic {
    Diagnostic::error("B0120", "条文之外只能写定义、适用范围和优先关系")
        .label(at, "")
        .help("把它写在某一条之下")
}

/// A rule without a premise right after 甲 的，……；
pub fn premise_not_shared(at: Span, end: Span) -> Diagnostic {
    Diagnostic::warning("B0128", "这一句没有前提，任何情形下都适用")
        .label(at, "没有前提")
        .label(end, "“；”到此为止，前提管不到下一句")
        .help("与前一句同一前提的，用“，”相连；本来就没有前提的，前一句以“。”结束")
        .fix(end, "，")
}

/// A second title block, or one that is not the first thing in the file.
pub fn misplaced_header(at: Span) -> Diagnostic {
    Diagnostic::error("B0121", "标题应当在文件的最前面，且只有一个").label(at, "")
}

/// An item, 款 or 目 where there can be none.
pub fn misplaced_part(at: Span, label: &str, below: &str) -> Diagnostic {
    Diagnostic::error("B0122", format!("“{label}”应当写在{below}之下")).label(at, "")
}
