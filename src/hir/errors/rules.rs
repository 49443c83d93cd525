//! B04xx: rules, lists, 但书, priorities, cycles, and what has no effect.
use crate::base::{Address, Span};
use crate::diag::Diagnostic;
use crate::syntax::ast::Name;

/// Joins the steps of a cycle, coming back to the first.
fn round_trip(steps: &[(String, Span)]) -> String {
    let mut names: Vec<&str> = steps.iter().take(12).map(|(n, _)| n.as_str()).collect();
    if steps.len() > names.len() {
        names.push("……");
    }
    names.extend(steps.first().map(|(n, _)| n.as_str()));
    names.join(" → ")
}

/// B0401: what is computed from itself.
pub fn cyclic(steps: &[(String, Span)]) -> Diagnostic {
    let mut out = Diagnostic::error("B0401", format!("循环定义：{}", round_trip(steps)));
    for (index, (name, span)) in steps.iter().take(6).enumerate() {
        let next = steps.get(index + 1).or(steps.first()).map_or("", |(n, _)| n.as_str());
        out = out.label(
            *span,
            if next == name { format!("{name}取决于自身") } else { format!("{name}取决于{next}") },
        );
    }
    out.help("断开其中一步：条件中改用事实，或者另立一个结论")
}

/// B0402: priorities lead round.
pub fn priority_cycle(rules: &[String], spans: &[Span]) -> Diagnostic {
    let mut names: Vec<&str> = rules.iter().take(12).map(String::as_str).collect();
    names.extend(rules.first().map(String::as_str));
    let mut out = Diagnostic::error("B0402", format!("优先关系成环：{}", names.join(" 优先于 ")));
    let mut shown: Vec<Span> = Vec::new();
    for &span in spans.iter().take(6) {
        if !shown.contains(&span) {
            shown.push(span);
            out = out.label(span, "这里规定了优先");
        }
    }
    out.help("删去其中一处“优先于”或者“除……另有规定外”")
}

/// B0403: two statements of opposite priority.
pub fn opposite_priorities(a: &str, b: &str, first: Span, second: Span) -> Diagnostic {
    let out = Diagnostic::error("B0403", format!("优先关系互相矛盾：{a}优先于{b}，{b}又优先于{a}"))
        .label(first, "一处这样规定");
    let out = if second == first { out } else { out.label(second, "另一处相反") };
    out.help("删去其中一处")
}

/// B0404: nothing to have priority in.
pub fn priority_without_effect(span: Span) -> Diagnostic {
    Diagnostic::warning("B0404", "优先的双方没有共同的结论，这一优先不起作用")
        .label(span, "")
        .help("检查条文的编号；两处对同一结论作出规定时，优先才有意义")
}

/// B0404: a side without rules.
pub fn priority_without_rules(span: Span, address: &Address) -> Diagnostic {
    Diagnostic::warning("B0404", format!("{address}没有得出结论的规定，这一优先不起作用"))
        .label(span, "")
        .help("检查条文的编号")
}

/// B0405: 可以 never defeats 应当.
pub fn permission_above_duty(span: Span) -> Diagnostic {
    Diagnostic::warning("B0405", "优先的一方只是“可以”，另一方是“应当”或者“不得”，这一优先不起作用")
        .label(span, "")
        .help("“可以”只增加一个选项，不排除“应当”；要排除的，写“……的除外”")
}

/// B0406: a provision that refers to itself.
pub fn refers_to_itself(span: Span, word: &str, address: &Address) -> Diagnostic {
    Diagnostic::error("B0406", format!("{address}不能就自身而言“{word}”"))
        .label(span, format!("{address}包括这里"))
        .help("写明另一条文，或者本条的另一款、另一项")
}

/// B0407: the conclusion belongs to another entity than the rule.
pub fn wrong_scope(name: &Name, owner: &str, here: &str, below: bool, declared: Span) -> Diagnostic {
    let help = if below {
        format!("以“凡 {owner}”开头，或者写“全部 {owner} {} 应当 为 ……”", name.text)
    } else {
        format!("去掉“凡 {here}”，把条件写成“有 …… 的 {here} 的，{} ……”", name.text)
    };
    Diagnostic::error("B0407", format!("“{}”属于“{owner}”，而这里就“{here}”作出规定", name.text))
        .label(name.span, format!("不是“{here}”的内容"))
        .label(declared, format!("声明在“{owner}”之下"))
        .help(help)
}

/// B0408: an item of conditions without one.
pub fn item_without_condition(address: &Address, span: Span, leaf: bool) -> Diagnostic {
    let help = if leaf {
        "在该项之下写明条件；各项各有后果的，上文改写为“按下列规定：”"
    } else {
        "在该项之下写“有下列情形之一的：”或者“同时符合下列条件的：”，说明各目之间的关系"
    };
    Diagnostic::error("B0408", format!("{address}没有写明条件")).label(span, "属于上文所列的情形").help(help)
}

/// B0409: a list rule without items.
pub fn list_without_items(span: Span) -> Diagnostic {
    Diagnostic::error("B0409", "这里引出列举，下面却没有列出任何一项")
        .label(span, "下面没有（一）（二）……")
        .help("逐项写出情形，如“（一）「……」 条件；”")
}

/// B0410: conditions that nothing introduces.
pub fn condition_without_list(span: Span) -> Diagnostic {
    Diagnostic::error("B0410", "这里只有条件，没有后果，上文也没有引出列举")
        .label(span, "条件成立了又怎样？")
        .help("上文写“有下列情形之一的，…… 应当 为 ……：”，或者在这里写“…… 的，…… 应当 为 ……。”")
}

/// B0411: 但 with nothing before it.
pub fn proviso_without_rule(span: Span) -> Diagnostic {
    Diagnostic::error("B0411", "但书之前没有可以排除的规定")
        .label(span, "但书")
        .help("但书写在有后果的规定之后")
}

/// B0411: 但…除外 without saying when.
pub fn proviso_without_condition(span: Span) -> Diagnostic {
    Diagnostic::error("B0411", "但书没有写明在什么情形下除外")
        .label(span, "缺少条件")
        .help("写“但 …… 的除外”")
}

/// B0412: nothing gives the conclusion.
pub fn never_given(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("B0412", format!("没有条文得出结论“{name}”"))
        .label(span, "声明在这里")
        .help("写出得出它的条文，或者删去它")
}

/// B0413: values nothing gives.
pub fn values_never_given(name: &str, values: &[String], span: Span) -> Diagnostic {
    let listed: Vec<&str> = values.iter().take(8).map(String::as_str).collect();
    let rest = if values.len() > listed.len() { "等" } else { "" };
    Diagnostic::warning("B0413", format!("没有条文使“{name}”为“{}”{rest}", listed.join("”“")))
        .label(span, "声明在这里")
        .help("补上条文，或者删去用不到的取值")
}

/// B0414: the condition is never met.
pub fn never_applies(address: &Address, span: Span) -> Diagnostic {
    Diagnostic::warning("B0414", format!("{address}的条件不可能成立，这一规定永远不适用"))
        .label(span, "条件恒为否")
        .help("检查条件：同一内容不能同时为两个取值；“且”是否应为“或者”")
}

/// B0415: 依照 something that gives nothing.
pub fn nothing_to_copy(span: Span, address: &Address) -> Diagnostic {
    Diagnostic::error("B0415", format!("{address}没有可以依照的结论"))
        .label(span, "依照它得不出什么")
        .help("检查条文的编号；被依照的条文应当有“应当”“可以”或者“不得”的规定")
}

/// B0415: 符合 something that states no condition.
pub fn nothing_to_meet(span: Span, address: &Address) -> Diagnostic {
    Diagnostic::error("B0415", format!("{address}没有可以符合的条件"))
        .label(span, "无从判断是否符合")
        .help("检查条文的编号；被引用的条文应当写明条件")
}

/// B0416: 依照 leads round.
pub fn copies_cyclic(steps: &[(String, Span)]) -> Diagnostic {
    let mut out = Diagnostic::error("B0416", format!("依照成环：{}", round_trip(steps)));
    for (name, span) in steps.iter().take(6) {
        out = out.label(*span, format!("{name}依照别处"));
    }
    out.help("断开其中一处，直接写出结论")
}

/// B0417: 依照 of 依照 grows beyond bounds.
pub fn too_many_copies(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error("B0417", format!("“依照”展开后的规定超过 {limit} 条"))
        .label(span, "到这里超出")
        .help("缩小所依照的条文范围，如写明第几款、第几项")
}

/// B0417: too many pairs of priority.
pub fn too_many_priorities(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error("B0417", format!("优先关系展开后超过 {limit} 对"))
        .label(span, "")
        .help("缩小“优先于”和“除……另有规定外”所指的条文范围")
}

/// B0418: 但 after 但 without end.
pub fn proviso_too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error("B0418", format!("但书套但书超过 {limit} 层"))
        .label(span, "到这里超出")
        .help("分成几款来写")
}

/// B0419: a bare condition under 按下列规定.
pub fn condition_under_each(span: Span) -> Diagnostic {
    Diagnostic::error("B0419", "“按下列规定”之下的各项应当有各自的后果，这里只有条件")
        .label(span, "缺少后果")
        .help("写“…… 的，…… 应当 为 ……；”，或者上文改写为“有下列情形之一的，……：”")
}

/// B0420: both the rule and its 但书 introduce a list.
pub fn two_lists(proviso: Span, list: Span) -> Diagnostic {
    Diagnostic::error("B0420", "主文和但书都引出列举，分不清各项属于哪一个")
        .label(proviso, "但书引出列举")
        .label(list, "主文引出列举")
        .help("把但书的情形用“或者”写成一个条件，或者另写一款")
}

/// B0421: an item with several conditions.
pub fn several_conditions(span: Span) -> Diagnostic {
    Diagnostic::error("B0421", "一项之中有几个条件，分不清是同时具备还是具备其一")
        .label(span, "又一个条件")
        .help("用“且”或者“或者”连成一个条件，或者分成几项")
}

/// B0422: 凡 X or 全部 X that does not lie within what the rule is about.
pub fn scope_not_within(span: Span, inner: &str, outer: &str) -> Diagnostic {
    Diagnostic::error("B0422", format!("“{inner}”不包含在“{outer}”之中，这里不能就它作出规定"))
        .label(span, format!("上文就“{outer}”而言"))
        .help(format!("去掉上文的“凡 {outer}”，或者另写一款"))
}

/// B0423: the provision is about an entity out of view.
pub fn provision_out_of_view(span: Span, address: &Address, owner: &str, here: &str) -> Diagnostic {
    Diagnostic::error("B0423", format!("{address}就“{owner}”作出规定，在“{here}”的范围内不能直接引用"))
        .label(span, format!("这里就“{here}”而言"))
        .help(format!("以“凡 {owner}”开头，或者写“有 （符合 ……） 的 {owner}”“全部 …… 的 {owner} 依照 ……”"))
}

/// B0425: 按下列规定 where conditions are wanted.
pub fn each_within_conditions(span: Span) -> Diagnostic {
    Diagnostic::error("B0425", "这一项应当写条件，“按下列规定”引出的却是各有后果的规定")
        .label(span, "上文列举的是情形")
        .help("改写为“有下列情形之一的：”或者“同时符合下列条件的：”")
}

/// B0426: 第八条至第三条.
pub fn bad_range(from: &Address, to: &Address, span: Span) -> Diagnostic {
    Diagnostic::error("B0426", format!("“{from}至{to}”不成范围"))
        .label(span, "起止不在同一层，或者前后颠倒")
        .help("起止应当是同一部法、同一条或者同一款之下的同一层，编号由小到大")
}

/// B0427: a comparison of truths within a comparison of truths.
pub fn nested_equivalence(span: Span) -> Diagnostic {
    Diagnostic::error("B0427", "是否类内容的比较不能套用")
        .label(span, "比较之中又有比较")
        .help("用“本办法所称……，是指……”给里面的条件下定义，再来比较")
}
