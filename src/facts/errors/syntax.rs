//! Findings about the notation: what the parsers of YAML, JSON and TOML refuse, said in Chinese.
use super::shown;
use crate::base::Span;
use crate::diag::Diagnostic;
use crate::facts::tree::MAX_DEPTH;

/// What a parser says, how we say it, and what to do.
type Wording = (&'static str, &'static str, &'static str);

/// Parts of the YAML parser's messages; the first that occurs is taken.
const YAML: &[Wording] = &[
    ("found tabs", "缩进用了制表符", "缩进只用空格"),
    ("tab", "此处不能用制表符", "缩进只用空格，把制表符换成空格"),
    ("unexpected end of stream", "引号没有结束", "在文字末尾补上同样的引号"),
    ("unexpected document indicator", "引号没有结束就遇到“---”", "在文字末尾补上同样的引号"),
    ("invalid trailing content after double-quoted", "引号后面还有内容", "整个值都放进引号，或去掉引号"),
    ("simple key expect", "这一行缺少冒号，或缩进不对", "键后写半角冒号和一个空格；同一层的键对齐"),
    (
        "mapping values are not allowed",
        "此处不应再有“: ”，或缩进不对",
        "一行只写一个键；值里有“: ”时整个值加引号",
    ),
    ("illegal placement of ':'", "冒号的位置不对", "键后写半角冒号和一个空格"),
    ("mapping keys are not allowed", "此处不能写键", "检查缩进，同一层的键对齐"),
    (
        "did not find expected key",
        "缩进与上面的键不一致，或缺少冒号",
        "同一层的键左边对齐，键后写半角冒号和空格",
    ),
    (
        "did not find expected '-'",
        "列表里的这一行没有“- ”，或缩进不一致",
        "同一列表的各项左边对齐，都以“- ”起头",
    ),
    ("block sequence entries are not allowed", "此处不能写“- ”开头的项", "列表另起一行，比它的键多缩进两格"),
    ("expected ',' or '}'", "花括号里缺少逗号或右括号", "各项之间用半角逗号，末尾补“}”"),
    ("expected ',' or ']'", "方括号里缺少逗号或右括号", "各项之间用半角逗号，末尾补“]”"),
    ("misplaced bracket", "多了一个右括号", "删去它，或在前面补上左括号"),
    ("node content", "此处缺少值，或括号没有合上", "补上值或右括号；多余的逗号删去"),
    ("flow construct", "括号里的内容缩进不够", "括号里换行时，比括号所在的键多缩进几格"),
    ("unknown escape", "双引号里的反斜杠后面不是转义", "改用单引号，或把反斜杠写成 \\\\"),
    ("hexadecimal", "转义的十六进制位数不足", "\\x 后两位、\\u 后四位、\\U 后八位"),
    ("Unicode character escape", "转义不是一个字符", "直接写出这个字"),
    ("plain scalar cannot start with", "“-”后面缺少空格", "列表项写成“- 甲”"),
    ("unexpected character", "值不能以这个符号起头", "把整个值放进引号"),
    ("byte order mark", "文件中间有字节序标记", "删去它"),
    ("unprintable", "有不可显示的控制字符", "删去它，或放进双引号写成转义"),
    ("block scalar", "“|”或“>”引出的文字写法不对", "文字另起一行，各行缩进一致"),
    ("directive", "“%”开头的指令有误", "案例不需要指令，删去这一行"),
    ("document end", "文档结束标记后面有内容", "“...”独占一行"),
    ("document start", "文档之间缺少“---”", "多个案例之间写一行“---”"),
    ("tag", "标签写法有误", "案例不需要标签，删去“!”及其后的名称"),
    ("anchor", "锚点或别名写法有误", "案例不用锚点和别名；以“&”“*”起头的文字加引号"),
    ("indentation", "缩进不对", "同一层左边对齐，下一层多缩进两格"),
    ("comment", "注释的位置不对", "“#”前要有空格，文字当中不插注释"),
];

/// YAML that cannot be parsed; `near` is what stands before the place on its line, and the line above.
pub(in crate::facts) fn yaml(at: Span, info: &str, near: &str) -> Diagnostic {
    if info.contains("recursion limit") {
        return too_deep(at);
    }
    if info.contains("unknown anchor") {
        return alias(at);
    }
    let (message, help) = YAML
        .iter()
        .find(|(part, ..)| info.contains(part))
        .map_or(("写法有误", "检查这一行和上一行的缩进、冒号与引号"), |(_, message, help)| (message, help));
    let help = if near.contains('：') {
        "冒号要用半角“:”，后面空一格；全角“：”不算"
    } else {
        help
    };
    Diagnostic::error("B0501", format!("不是有效的 YAML：{message}")).label(at, "").help(help)
}

/// JSON that cannot be parsed.
pub(in crate::facts) fn json(at: Span, message: &str, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("B0502", format!("不是有效的 JSON：{message}")).label(at, "").help(help))
}

/// Parts of the TOML parser's messages; the first that occurs is taken.
const TOML: &[Wording] = &[
    (
        "invalid unquoted key",
        "汉字的键没有加引号",
        "TOML 的键有汉字时要写在半角双引号里，如 \"姓名\" = \"甲\"",
    ),
    ("string values must be quoted", "文字没有加引号", "文字写在半角双引号里，如 \"甲\""),
    ("unclosed table", "表头的方括号没有合上", "写成 [\"案件\"]"),
    ("unclosed array table", "表头的方括号没有合上", "写成 [[\"案件\".\"人员\"]]"),
    ("unclosed inline table", "花括号没有合上", "补上“}”"),
    ("unclosed array", "方括号没有合上", "补上“]”"),
    ("missing comma", "两项之间缺少逗号", "在前一项后面加半角逗号"),
    ("extra comma", "多了一个逗号", "删去它"),
    ("missing assignment", "键后面缺少“=”", "写成 \"键\" = 值"),
    ("key with no value", "键后面缺少“=”和值", "写成 \"键\" = 值"),
    ("missing value", "缺少值", "写上值；还不知道的写 \"不明\""),
    ("extra `=`", "多了一个“=”", "删去它"),
    ("unexpected `=`", "此处不应有“=”", "数组里只写值"),
    ("integer number overflowed", "整数太大", "写在双引号里"),
    ("floating-point number overflowed", "小数太大", "写在双引号里"),
    ("leading zero", "数不能以 0 起头", "去掉前面的 0，或写在双引号里"),
    ("only go between digits", "数里的下划线位置不对", "去掉下划线"),
    ("sign", "数的正负号有误", "检查正负号"),
    ("radix", "数的进制写法有误", "写十进制的数"),
    ("escape", "反斜杠后面不是转义", "改用单引号，或把反斜杠写成 \\\\"),
    ("unicode value", "转义的位数不足", "\\u 后四位、\\U 后八位"),
    ("missing opening quote", "文字缺少起始引号", "文字写在半角双引号里"),
    ("basic string", "文字的引号没有结束，或有控制字符", "在文字末尾补上双引号"),
    ("literal string", "文字的引号没有结束，或有控制字符", "在文字末尾补上单引号"),
    ("carriage return", "换行符不完整", "用普通的换行保存文件"),
    ("comment", "注释的位置或内容不对", "注释以“#”起头，里面没有控制字符"),
    ("key", "键的写法有误", "键写在半角双引号里，如 \"姓名\" = \"甲\""),
    ("content", "一行结束后还有内容", "每行只写一个键"),
];

/// TOML that cannot be parsed; `text` is what stands at the place.
pub(in crate::facts) fn toml(at: Span, info: &str, text: &str) -> Diagnostic {
    let info =
        if text.is_empty() && info.contains("string values must be quoted") { "missing value" } else { info };
    if info.contains("recursion limit") || info.contains("recurse further") {
        return too_deep(at);
    }
    let (message, help) = TOML
        .iter()
        .find(|(part, ..)| info.contains(part))
        .map_or(("写法有误", "检查这一行的引号、“=”与括号"), |(_, message, help)| {
            (message, help)
        });
    Diagnostic::error("B0503", format!("不是有效的 TOML：{message}")).label(at, "").help(help)
}

/// More levels than are read.
pub(in crate::facts) fn too_deep(at: Span) -> Diagnostic {
    Diagnostic::error("B0504", format!("嵌套过深，超过 {MAX_DEPTH} 层"))
        .label(at, "到这里为止")
        .help("检查括号是否漏了合上")
}

/// Nothing but blanks and comments.
pub(in crate::facts) fn empty(at: Span) -> Diagnostic {
    Diagnostic::error("B0505", "案例是空的").label(at, "").help("写上案例的事实；可以用空白案例作底稿")
}

/// One case was asked for.
pub(in crate::facts) fn one_document(at: Span, count: usize) -> Diagnostic {
    Diagnostic::error("B0506", format!("此处只能有一个案例，文件里有 {count} 个"))
        .label(at, "第二个案例从这里开始")
        .help("把多余的案例移到别的文件")
}

/// YAML aliases: a short file could stand for an endless one.
pub(in crate::facts) fn alias(at: Span) -> Diagnostic {
    Diagnostic::error("B0507", "案例不能用 YAML 的别名")
        .label(at, "")
        .help("把内容写出来；多个案例共用的部分放进一个文件，用“基础”引用；以“*”起头的文字加引号")
}

/// YAML tags other than the standard ones.
pub(in crate::facts) fn tag(at: Span) -> Diagnostic {
    Diagnostic::error("B0507", "案例不能用 YAML 的自定义标签")
        .label(at, "")
        .help("删去标签；以“!”起头的文字加引号")
}

/// Offsets are 32 bits wide.
pub(in crate::facts) fn too_large(at: Span) -> Diagnostic {
    Diagnostic::error("B0508", "文件太大，超过 4 GB").label(at, "").help("分成几个文件")
}

/// A list or map where a key must be.
pub(in crate::facts) fn key_not_text(at: Span) -> Diagnostic {
    Diagnostic::error("B0515", "键应当是文字").label(at, "这里是列表或映射").help("键写事实的名称")
}

/// A key that is there twice.
pub(in crate::facts) fn duplicate_key(at: Span, first: Option<Span>, key: &str) -> Diagnostic {
    let found = Diagnostic::error("B0511", format!("键“{}”重复", shown(key))).label(at, "第二次写在这里");
    let found = match first {
        Some(first) => found.label(first, "第一次写在这里"),
        None => found,
    };
    found.help("只留一个；若是不同的人或物，写成列表的两项")
}
