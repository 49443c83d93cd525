//! B02xx: names, entities, enumerations, provisions and references to them.
use crate::base::{Address, Span};
use crate::diag::Diagnostic;
use crate::syntax::ast::Name;

/// Adds 是否指“…” when there is something near.
fn near(diagnostic: Diagnostic, name: &Name, near: Option<&str>, otherwise: &str) -> Diagnostic {
    match near {
        Some(word) => diagnostic.help(format!("是否指“{word}”")).fix(name.span, word),
        None => diagnostic.help(otherwise),
    }
}

/// B0201: every entity is contained in another.
pub fn no_root<'a>(entities: impl Iterator<Item = &'a Name>) -> Diagnostic {
    let mut out = Diagnostic::error("B0201", "每个实体都包含在别的实体之中，没有一个可以作为全案的起点");
    for name in entities.take(4) {
        out = out.label(name.span, format!("“{}”包含在别的实体之中", name.text));
    }
    out.help("必须恰有一个实体（通常是“案件”）不算作任何“多个”或者“一个”字段的类型")
}

/// B0202: more than one entity that no other contains.
pub fn several_roots(second: &Name, first: &Name) -> Diagnostic {
    let message =
        format!("“{}”和“{}”都不包含在别的实体之中，分不清哪一个是全案的起点", first.text, second.text);
    Diagnostic::error("B0202", message)
        .label(second.span, "没有字段包含它")
        .label(first.span, "已以它为起点")
        .help(format!("在“事实 {}：”之下加一个字段，如“{}  多个 {}”", first.text, second.text, second.text))
}

/// B0203: nothing of that name.
pub fn unknown_name(name: &Name, near_word: Option<&str>) -> Diagnostic {
    let out =
        Diagnostic::error("B0203", format!("名称“{}”没有声明", name.text)).label(name.span, "没有这个名称");
    near(out, name, near_word, "在“事实”或者“结论”之下声明它，或者用“本办法所称……，是指……”下定义")
}

/// B0203: the name is a value of an enumeration, used where a condition or fact is wanted.
pub fn value_as_name(name: &Name, owners: &[String]) -> Diagnostic {
    let subject = owners.first().cloned().unwrap_or_default();
    Diagnostic::error("B0203", format!("“{}”是取值，不是事实、结论或者定义的名称", name.text))
        .label(name.span, format!("是“{}”的取值", owners.join("”“")))
        .help(format!("要说明是哪一事项的取值，如“{subject} 为 {}”", name.text))
}

/// B0204: the name may mean several things.
pub fn ambiguous(name: &Name, places: &[(String, Span)]) -> Diagnostic {
    let mut out = Diagnostic::error("B0204", format!("名称“{}”在这里有几种含义", name.text))
        .label(name.span, "不知指哪一个");
    for (what, span) in places {
        out = out.label(*span, what.clone());
    }
    out.help("给其中一个换个名称，或者在定义中写明实体：“本办法所称 实体 的 名称，是指……”")
}

/// B0205: declared before.
pub fn duplicate(name: &Name, first: Span) -> Diagnostic {
    Diagnostic::error("B0205", format!("“{}”重复声明", name.text))
        .label(name.span, "又一次声明")
        .label(first, "最先在这里声明")
        .help("删去其中一个，或者给它换个名称")
}

/// B0205: a second 标识.
pub fn second_label(again: Span, first: Span) -> Diagnostic {
    Diagnostic::error("B0205", "一个实体只能有一个“标识”")
        .label(again, "又一个标识")
        .label(first, "已有标识")
        .help("删去其中一个“标识”")
}

/// B0206: the enumeration has the value already.
pub fn duplicate_value(value: &Name, of: &str, first: Span) -> Diagnostic {
    Diagnostic::error("B0206", format!("“{of}”的取值“{}”重复", value.text))
        .label(value.span, "又一次列出")
        .label(first, "最先在这里列出")
        .help("删去重复的取值")
}

/// B0207: two provisions at one address.
pub fn duplicate_provision(address: &Address, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error("B0207", format!("{address}重复"))
        .label(again, "编号相同")
        .label(first, format!("已有{address}"))
        .help("改正其中一个的编号；插入的条文写作“第X条之一”")
}

/// B0208: numbers do not rise.
pub fn out_of_order(address: &Address, place: Span, before: &Address) -> Diagnostic {
    Diagnostic::warning("B0208", format!("{address}排在{before}之后"))
        .label(place, "编号小于前面的编号")
        .help("条款项应当按编号先后排列")
}

/// B0208: a number is left out.
pub fn skipped(address: &Address, place: Span, before: Option<&Address>) -> Diagnostic {
    let message = match before {
        Some(before) => format!("{before}之后就是{address}，中间的编号空缺"),
        None => format!("从{address}开始，前面的编号空缺"),
    };
    Diagnostic::warning("B0208", message)
        .label(place, "编号不连续")
        .help("空缺的条款项可以写上编号并标明【待补】")
}

/// B0209: no such entity.
pub fn unknown_entity(name: &Name, near_word: Option<&str>) -> Diagnostic {
    let out =
        Diagnostic::error("B0209", format!("实体“{}”没有声明", name.text)).label(name.span, "没有这个实体");
    near(out, name, near_word, &format!("用“事实 {}：”声明它的事实", name.text))
}

/// B0210: two fields hold the entity.
pub fn contained_twice(name: &Name, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error("B0210", format!("实体“{}”包含在两个字段之中", name.text))
        .label(again, "又一个字段")
        .label(first, "已由这个字段包含")
        .help("每个实体只能由一个字段包含；内容不同的，另立一个实体")
}

/// B0211: an entity contains itself.
pub fn recursive_entity(cycle: &[&Name]) -> Diagnostic {
    let mut names: Vec<&str> = cycle.iter().map(|n| n.text.as_str()).collect();
    names.extend(names.first().copied());
    let mut out = Diagnostic::error(
        "B0211",
        format!("实体循环包含：{}", names.iter().rev().copied().collect::<Vec<_>>().join(" 包含 ")),
    );
    for name in cycle.iter().take(4) {
        out = out.label(name.span, "");
    }
    out.help("实体只能逐层包含；去掉其中一个“多个”或者“一个”字段")
}

/// B0212: the enumeration has no such value.
pub fn unknown_value(name: &Name, of: &str, values: &[String], near_word: Option<&str>) -> Diagnostic {
    let out = Diagnostic::error("B0212", format!("“{of}”没有“{}”这个取值", name.text))
        .label(name.span, "没有这个取值");
    let listed: Vec<&str> = values.iter().take(8).map(String::as_str).collect();
    let rest = if values.len() > listed.len() { "等" } else { "" };
    near(out, name, near_word, &format!("可用的取值：{}{rest}", listed.join("、")))
}

/// B0213: a value of another enumeration.
pub fn value_of_other(name: &Name, of: &str, other: &str, values: &[String]) -> Diagnostic {
    let listed: Vec<&str> = values.iter().take(8).map(String::as_str).collect();
    Diagnostic::error("B0213", format!("“{}”是“{other}”的取值，不是“{of}”的取值", name.text))
        .label(name.span, format!("属于“{other}”"))
        .help(format!("“{of}”的取值：{}", listed.join("、")))
}

/// B0214: no such type.
pub fn unknown_type(name: &Name, is_entity: bool, near_word: Option<&str>) -> Diagnostic {
    let out = Diagnostic::error("B0214", format!("没有“{}”这个类型", name.text)).label(name.span, "不是类型");
    if is_entity {
        return out
            .help(format!("“{0}”是实体，写作“多个 {0}”或者“一个 {0}”", name.text))
            .fix(name.span, format!("多个 {}", name.text));
    }
    near(
        out,
        name,
        near_word,
        "类型有 是否、整数、小数、金额、日期、期间、文本、为……之一、多选、多个、一个 和声明了的枚举",
    )
}

/// B0215: the name belongs to an entity that is not in view.
pub fn out_of_view(name: &Name, owner: &str, here: &str, declared: Span) -> Diagnostic {
    Diagnostic::error("B0215", format!("“{}”是“{owner}”的内容，在“{here}”的范围内不能直接使用", name.text))
        .label(name.span, format!("这里就“{here}”而言"))
        .label(declared, format!("声明在“{owner}”之下"))
        .help(format!(
            "写“有 …… 的 {owner}”“全部 {owner} 满足 ……”“{owner} 中 …… 的 次数”，或者以“凡 {owner}”开头"
        ))
}

/// B0215: a definition mixes entities that do not lie within each other.
pub fn unrelated(name: &Name, owner: &str, other: &str) -> Diagnostic {
    Diagnostic::error("B0215", format!("定义同时用到“{owner}”和“{other}”的内容，二者互不包含"))
        .label(name.span, format!("属于“{owner}”"))
        .help("一个定义只能就一个实体及包含它的实体而言；其余的用“有 …… 的 ……”或者“…… 中 …… 的 次数”")
}

/// B0216: a fact where a conclusion is wanted.
pub fn fact_as_conclusion(name: &Name, declared: Span) -> Diagnostic {
    Diagnostic::error("B0216", format!("“{}”是事实，条文不能给它下结论", name.text))
        .label(name.span, "这里需要结论")
        .label(declared, "声明为事实")
        .help(format!("要由条文得出的，改在“结论”之下声明；要把事实视为某值的，写“视为 {} 为 ……”", name.text))
}

/// B0216: a defined term where a conclusion is wanted.
pub fn definition_as_conclusion(name: &Name, declared: Span) -> Diagnostic {
    Diagnostic::error("B0216", format!("“{}”是定义了的用语，条文不能给它下结论", name.text))
        .label(name.span, "这里需要结论")
        .label(declared, "定义在这里")
        .help("在“结论”之下另行声明")
}

/// B0217: 视为 on something that is no fact.
pub fn deem_non_fact(name: &Name, what: &str, declared: Span) -> Diagnostic {
    Diagnostic::error("B0217", format!("“{}”是{what}，只有事实才能“视为”或者“推定”", name.text))
        .label(name.span, "这里需要事实")
        .label(declared, format!("声明为{what}"))
        .help(format!("写“{} 应当 为 ……”或者“应当认定 {}”", name.text, name.text))
}

/// B0218: not a list.
pub fn not_a_list(name: &Name, what: &str, near_word: Option<&str>) -> Diagnostic {
    let out = Diagnostic::error("B0218", format!("“{}”{what}，不能逐个考察", name.text))
        .label(name.span, "这里需要实体或者“多个”字段");
    near(out, name, near_word, "“有……的”“全部……满足”“……中……的次数”只能用于“多个”或者“一个”的实体")
}

/// B0218: the list is there, but not within this entity.
pub fn list_out_of_view(name: &Name, holder: &str, here: &str) -> Diagnostic {
    Diagnostic::error(
        "B0218",
        format!("“{}”包含在“{holder}”之中，在“{here}”的范围内不能直接逐个考察", name.text),
    )
    .label(name.span, format!("这里就“{here}”而言"))
    .help(format!("先就“{holder}”而言，如“有 （有 …… 的 {}） 的 {holder}”", name.text))
}

/// B0219: no such provision.
pub fn unknown_provision(address: &str, place: Span, nearest: &[Address]) -> Diagnostic {
    let out = Diagnostic::error("B0219", format!("{address}不存在")).label(place, "没有这个条文");
    if nearest.is_empty() {
        return out.help("检查条、款、项的编号");
    }
    let listed: Vec<String> = nearest.iter().map(ToString::to_string).collect();
    out.help(format!("邻近的条文有{}", listed.join("、")))
}

/// B0220: no such law.
pub fn unknown_law(law: &str, place: Span, near_word: Option<&str>) -> Diagnostic {
    let out = Diagnostic::error("B0220", format!("没有引用《{law}》")).label(place, "不知是哪个文件");
    match near_word {
        Some(word) => out.help(format!("是否指《{word}》")),
        None => out.help("先写“引用「文件.banfa」”；《》内写该文件的名称或者简称"),
    }
}

/// B0221: 前款 and the like lead nowhere.
pub fn no_such_relative(word: &str, place: Span, why: &str) -> Diagnostic {
    Diagnostic::error("B0221", format!("“{word}”在这里无所指"))
        .label(place, why.to_owned())
        .help("写明条文的编号，如“第三条第一款”")
}

/// B0222: nothing reads the fact.
pub fn unused_fact(name: &str, place: Span) -> Diagnostic {
    Diagnostic::warning("B0222", format!("事实“{name}”没有条文用到"))
        .label(place, "声明在这里")
        .help("删去它，或者在条文的条件中使用它")
}

/// B0223: nothing reads the definition.
pub fn unused_definition(name: &str, place: Span) -> Diagnostic {
    Diagnostic::warning("B0223", format!("定义“{name}”没有条文用到"))
        .label(place, "定义在这里")
        .help("删去它，或者在条文的条件中使用它")
}

/// B0224: too many values.
pub fn too_many_values(name: &Name, count: usize, limit: usize) -> Diagnostic {
    Diagnostic::error("B0224", format!("“{}”有 {count} 个取值，最多 {limit} 个", name.text))
        .label(name.span, "取值过多")
        .help("把取值分成几个枚举")
}

/// B0225: X 之 Y where X has no parts.
pub fn no_such_part(whole: &Name, part: &Name, why: &str) -> Diagnostic {
    Diagnostic::error("B0225", format!("“{} 之 {}”不成立：{why}", whole.text, part.text))
        .label(whole.span.to(part.span), "")
        .help("“之”用于“一个”实体的字段，以及义务的“届满日”")
}

/// B0226: 其他 outside the entity itself.
pub fn other_outside(name: &Name) -> Diagnostic {
    Diagnostic::error("B0226", format!("这里不是就某一“{}”而言，说不上“其他 {}”", name.text, name.text))
        .label(name.span, "与哪一个相区别？")
        .help(format!("删去“其他”，或者以“凡 {}”开头", name.text))
}
