//! B03xx: types of expressions, attributes and values.
use crate::base::Span;
use crate::diag::Diagnostic;
use crate::syntax::ast::Name;

/// B0301: values that cannot be compared.
pub fn incomparable(span: Span, [left, right]: [&str; 2]) -> Diagnostic {
    Diagnostic::error("B0301", format!("{left}与{right}不能比较"))
        .label(span, "两边的类型不同")
        .help("两边应当是同一类型；取值相同的枚举，用“枚举 名称：……。”声明一次，两处都用它")
}

/// B0302: units differ.
pub fn unit_mismatch(span: Span, left: &str, right: &str) -> Diagnostic {
    Diagnostic::error("B0302", format!("单位不一致：一边是“{left}”，一边是“{right}”"))
        .label(span, "单位不同")
        .help("改用同一单位，或者在声明中改正单位")
}

/// B0303: a condition is wanted.
pub fn not_a_condition(span: Span, got: &str, example: &str) -> Diagnostic {
    Diagnostic::error("B0303", format!("这里需要条件，而这是{got}"))
        .label(span, format!("是{got}"))
        .help(format!("写明怎样才算成立，如“{example}”"))
}

/// B0304: a value is wanted.
pub fn condition_as_value(span: Span, need: &str) -> Diagnostic {
    Diagnostic::error("B0304", format!("这里需要{need}，而这是条件"))
        .label(span, "只有是、否两种结果")
        .help("条件写在“……的，”之前；这里写数、日期、金额或者取值")
}

/// B0305: money and a bare number.
pub fn money_mismatch(span: Span, [left, right]: [&str; 2], number: Option<String>) -> Diagnostic {
    let out = Diagnostic::error("B0305", format!("{left}与{right}不能混用"))
        .label(span, "金额要写明“元”或者“万元”");
    match number {
        Some(number) => out.help(format!("写作“{number}元”")).fix(span, format!("{number}元")),
        None => out.help("金额写作“100元”“二万元”；不是金额的，在声明中改为整数或者小数"),
    }
}

/// B0306: 为 on a 多选.
pub fn multi_needs_includes(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error("B0306", format!("“{name}”是多选，不能用“为”"))
        .label(span, "多选可以同时有几个取值")
        .help(format!("改写为“{name} 包括 ……”"))
}

/// B0307: 包括 on a single value.
pub fn single_needs_is(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error("B0307", format!("“{name}”只有一个取值，不能用“包括”"))
        .label(span, "不是多选")
        .help(format!("改写为“{name} 为 ……”；可以同时有几个取值的，在声明中写“多选”"))
}

/// B0308: default of another type.
pub fn bad_default(span: Span, name: &str, ty: &str, declared: Span) -> Diagnostic {
    Diagnostic::error("B0308", format!("“{name}”的默认值与它的类型不符"))
        .label(span, format!("应当是{ty}的值"))
        .label(declared, format!("声明为{ty}"))
        .help("默认值应当是该类型的一个固定的值")
}

/// B0308: facts have no default.
pub fn default_on_fact(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("B0308", format!("事实“{name}”不能有默认值"))
        .label(span, "只有结论可以有默认值")
        .help("没有填写的事实是不明；是否类的可以写“未载明视为否”")
}

/// B0309: attribute and type do not go together.
pub fn attribute(word: &str, need: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("B0309", format!("“{word}”只能用于{need}的事实，“{name}”不是"))
        .label(span, "不适用于这个类型")
        .help(format!("删去“{word}”，或者改正“{name}”的类型"))
}

/// B0309: an attribute of facts on a conclusion.
pub fn attribute_of_facts(word: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("B0309", format!("“{word}”只能用于事实，“{name}”是结论"))
        .label(span, "不适用于结论")
        .help(format!("删去“{word}”"))
}

/// B0310: nothing is more or less.
pub fn unordered(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("B0310", format!("{what}没有大小轻重之分，不能这样比较"))
        .label(span, "只能用“为”“不为”“为……之一”")
        .help("有轻重之分的枚举，声明时写“由轻到重”，如“枚举 名称（由轻到重）：……。”")
}

/// B0311: a date where a period is wanted or the reverse.
pub fn date_and_period(span: Span, [left, right]: [&str; 2]) -> Diagnostic {
    Diagnostic::error("B0311", format!("{left}与{right}不能混用"))
        .label(span, "一边是某一天，一边是一段时间")
        .help("求两个日期相隔多久，写“自 甲日 至 乙日 的 日数”；求某日之后若干日，写“甲日 之后 三日”或者“自 甲日 起 三日”")
}

/// B0311: one date less another.
pub fn dates_subtracted(span: Span, operator: &str) -> Diagnostic {
    Diagnostic::error("B0311", format!("两个日期不能相{operator}"))
        .label(span, "得出的不是日期，也不是期间")
        .help("求两个日期相隔多久，写“自 甲日 至 乙日 的 日数”，也可以求工作日数、月数、年数")
}

/// B0312: periods are not longer or shorter without a calendar.
pub fn periods_unordered(span: Span) -> Diagnostic {
    Diagnostic::error("B0312", "两个期间不能比长短，一个月与三十日孰长取决于从哪一天起算")
        .label(span, "期间只能比较是否相同")
        .help("比较日期，如“自 甲日 至 乙日 的 日数 超过 三十日”，或者“乙日 晚于 甲日 之后 一个月”")
}

/// B0313: a text compared with a constant.
pub fn text_constant(span: Span) -> Diagnostic {
    Diagnostic::warning("B0313", "把文本同固定的文字比较，差一个字就不成立")
        .label(span, "")
        .help("取值有限的，改用枚举：“名称  为 甲、乙 之一”")
}

/// B0314: a list where a value is wanted.
pub fn list_as_value(name: &Name, entity: &str, one: bool) -> Diagnostic {
    let out = Diagnostic::error("B0314", format!("“{}”包含若干内容，不能当作一个值", name.text))
        .label(name.span, "是实体");
    if one {
        return out.help(format!("写明用它的哪一项，如“{} 之 名称”", name.text));
    }
    out.help(format!("写“有 …… 的 {entity}”“{entity} 中 …… 的 次数”或者“全部 {entity} 满足 ……”"))
}

/// B0316: an operand of the wrong type.
pub fn wrong_operand(span: Span, operator: &str, need: &str, got: &str) -> Diagnostic {
    Diagnostic::error("B0316", format!("“{operator}”需要{need}，而这是{got}"))
        .label(span, format!("是{got}"))
        .help("改正这一项，或者改正它在声明中的类型")
}

/// B0317: the value given does not fit the conclusion.
pub fn wrong_value(span: Span, name: &str, need: &str, got: &str, declared: Span) -> Diagnostic {
    let help = if need.starts_with("整数") && got.starts_with("小数") {
        "写明怎样取整，如“四舍五入（……，0）”；或者把结论声明为小数"
    } else {
        "改正这里的值，或者改正结论在声明中的类型"
    };
    Diagnostic::error("B0317", format!("“{name}”是{need}，不能为{got}"))
        .label(span, format!("是{got}"))
        .label(declared, format!("声明为{need}"))
        .help(help)
}

/// B0318: 义务 as a fact.
pub fn not_for_facts(name: &Name, ty: Span) -> Diagnostic {
    Diagnostic::error("B0318", format!("事实“{}”不能是义务", name.text))
        .label(ty, "义务由条文得出")
        .help("改在“结论”之下声明；履行的日期声明为日期类的事实")
}

/// B0318: a list as a conclusion.
pub fn not_for_conclusions(name: &Name, ty: Span) -> Diagnostic {
    Diagnostic::error("B0318", format!("结论“{}”不能是“多个”或者“一个”实体", name.text))
        .label(ty, "实体由案件的事实给出")
        .help("改在“事实”之下声明；可以同时有几个取值的结论，用“多选”")
}

/// B0319: one third has no decimal.
pub fn inexact_ratio(span: Span, ratio: &str) -> Diagnostic {
    Diagnostic::error("B0319", format!("“{ratio}”不能化成有限小数"))
        .label(span, "除不尽")
        .help(format!("写“…… 的 {ratio}”并写明怎样取舍，或者“甲 占 乙 {ratio} 以上”"))
}

/// B0320: 应当认定 on something that is not 是否.
pub fn affirm_non_truth(name: &Name, ty: &str, declared: Span) -> Diagnostic {
    Diagnostic::error("B0320", format!("“认定”只能用于是否类的结论，“{}”是{ty}", name.text))
        .label(name.span, format!("是{ty}"))
        .label(declared, "声明在这里")
        .help(format!("写“{} 应当 为 ……”", name.text))
}

/// B0321: a duty clause on another type, or the reverse.
pub fn duty_mismatch(name: &Name, ty: &str, declared: Span) -> Diagnostic {
    let (message, help) = if ty == "义务" {
        (
            format!("“{}”是义务，不能直接给它取值", name.text),
            format!("写“{} 应当 自 …… 起 …… 内 履行，履行日为 ……”", name.text),
        )
    } else {
        (
            format!("“{}”是{ty}，不是义务，没有履行的期限", name.text),
            format!("在“结论”之下写“{}  义务”", name.text),
        )
    };
    Diagnostic::error("B0321", message).label(name.span, "").label(declared, format!("声明为{ty}")).help(help)
}

/// B0322: both sides are the same.
pub fn compared_with_itself(span: Span, other_of: Option<&str>) -> Diagnostic {
    let out = Diagnostic::warning("B0322", "比较的两边是同一内容，结果总是一样").label(span, "同自身比较");
    match other_of {
        Some(entity) => {
            out.help(format!("“其他 {entity}”的条件之内，名称都指那一个“其他 {entity}”，指不到原来的那一个"))
        }
        None => out.help("检查两边的名称"),
    }
}

/// B0323: 为……之一, 包括 on something that is no enumeration.
pub fn needs_enum(span: Span, operator: &str, got: &str) -> Diagnostic {
    Diagnostic::error("B0323", format!("“{operator}”只能用于枚举，而这是{got}"))
        .label(span, format!("是{got}"))
        .help("数和日期用“在 …… 至 …… 之间”或者“以上”“以下”；是否类的直接写名称")
}

/// B0324: a choice of names for something that is no enumeration.
pub fn choice_needs_enum(span: Span, name: &str, ty: &str, declared: Span) -> Diagnostic {
    Diagnostic::error("B0324", format!("“{name}”是{ty}，不能在几个取值之间选择"))
        .label(span, "几个取值")
        .label(declared, format!("声明为{ty}"))
        .help("只有枚举和多选的结论可以写“甲 或者 乙”“甲、乙 之一”")
}

/// B0325: caps where there is nothing to cap.
pub fn caps_need_amount(span: Span, name: &str, ty: &str) -> Diagnostic {
    Diagnostic::error("B0325", format!("“{name}”是{ty}，没有“不得超过”“不得低于”可言"))
        .label(span, "上下限")
        .help("上下限只用于数、金额和日期")
}
