//! What a rule of the grammar is called when it was expected and did not come.
use crate::syntax::grammar::Rule;

/// How many alternatives a message lists.
const LISTED: usize = 5;

/// The expected things in Chinese, the more telling first: “名称、“为”或者“。””.
pub fn list(rules: &[Rule]) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut ranked: Vec<(u8, &str)> = rules.iter().filter_map(|&r| describe(r)).collect();
    ranked.sort_by_key(|&(rank, _)| rank);
    for (_, word) in ranked {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let more = words.len() > LISTED;
    words.truncate(LISTED);
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some(_) if more => format!("{}等", words.join("、")),
        Some((last, first)) => format!("{}或者{last}", first.join("、")),
    }
}

/// Rank (lower is listed first) and word; none for blanks and rules that say nothing to a reader.
fn describe(rule: Rule) -> Option<(u8, &'static str)> {
    declared(rule).or_else(|| spoken(rule)).or_else(|| structural(rule))
}

/// Keywords and punctuation.
fn spoken(rule: Rule) -> Option<(u8, &'static str)> {
    Some(match rule {
        Rule::end | Rule::period | Rule::semi => (2, "“。”"),
        Rule::comma => (3, "“，”"),
        Rule::dun => (4, "“、”"),
        Rule::colon => (4, "“：”"),
        Rule::lparen => (3, "“（”"),
        Rule::rparen => (1, "“）”"),
        Rule::de => (1, "“的”"),
        Rule::premise_end => (1, "“的，”"),
        Rule::k_and | Rule::k_or | Rule::chain_op => (2, "“且”“或者”"),
        Rule::and_joined | Rule::and_list => (5, "“且有下列情形之一的”"),
        Rule::k_not => (5, "“未”"),
        Rule::k_have | Rule::k_none | Rule::have => (5, "“有”“无”"),
        Rule::k_any | Rule::k_all | Rule::every => (5, "“任一”“全部”"),
        Rule::k_satisfy => (1, "“满足”"),
        Rule::k_is | Rule::k_is_not | Rule::equality => (2, "“为”"),
        Rule::k_include | Rule::k_exclude | Rule::membership => (4, "“包括”"),
        Rule::k_oneof => (3, "“之一”"),
        Rule::k_anyof => (4, "“单独或者合并”"),
        Rule::k_before => (3, "“之前”"),
        Rule::k_after => (3, "“之后”"),
        Rule::k_between => (1, "“之间”"),
        Rule::k_within => (1, "“内”"),
        Rule::k_to => (2, "“至”"),
        Rule::k_start => (1, "“起”"),
        Rule::k_measure => (1, "日数、工作日数、月数、年数或者周岁"),
        Rule::k_perform => (1, "“履行”"),
        Rule::k_perform_day => (1, "“履行日为”"),
        Rule::k_extend | Rule::extension => (3, "“延长”"),
        Rule::k_affirm => (2, "“认定”"),
        Rule::k_refer | Rule::refer => (4, "“依照”"),
        Rule::k_excluded => (2, "“除外”"),
        Rule::k_except_tail => (1, "“另有规定外”"),
        Rule::k_prevail => (3, "“优先于”"),
        Rule::k_means => (1, "“是指”"),
        Rule::k_but | Rule::proviso => (5, "“但”"),
        Rule::k_total => (3, "“之和”"),
        Rule::k_count => (3, "“次数”"),
        Rule::mode => (2, "“应当”“可以”“不得”"),
        Rule::k_plus | Rule::k_minus | Rule::k_times | Rule::k_over => (6, "“加”“减”“乘以”等运算"),
        Rule::k_of => (6, "“之”"),
        Rule::k_in => (6, "“中”"),
        _ => return None,
    })
}

/// Larger parts.
fn structural(rule: Rule) -> Option<(u8, &'static str)> {
    Some(match rule {
        Rule::name | Rule::value_name | Rule::whole | Rule::choice => (1, "名称"),
        Rule::quantity | Rule::times => (3, "数量"),
        Rule::ratio => (3, "比例"),
        Rule::date => (3, "日期"),
        Rule::text => (2, "“「」”括起来的文字"),
        Rule::cond | Rule::unary | Rule::comparison => (1, "条件"),
        Rule::sum | Rule::named | Rule::value => (1, "名称或者数值"),
        Rule::period_value => (1, "期间（如十日）"),
        Rule::cmp_word | Rule::cmp_suffix | Rule::range => (3, "“超过”“以上”等比较词"),
        Rule::at => (4, "“在”"),
        Rule::share => (6, "“占”"),
        Rule::portion => (6, "“的 百分之…”"),
        Rule::reference | Rule::references | Rule::address | Rule::this | Rule::previous => {
            (2, "条款项的序号")
        }
        Rule::list | Rule::list_any | Rule::list_all | Rule::list_each => (4, "“有下列情形之一的”"),
        Rule::consequence | Rule::consequences | Rule::about | Rule::affirm => (1, "结论"),
        Rule::duty => (4, "“自…起…内 履行”"),
        Rule::statement | Rule::clause | Rule::only_statement => (1, "规则或者条件"),
        _ => return None,
    })
}

/// Parts of declarations.
fn declared(rule: Rule) -> Option<(u8, &'static str)> {
    Some(match rule {
        Rule::type_expr | Rule::t_named => {
            (1, "类型（是否、整数、小数、金额、日期、期间、文本、为 甲、乙 之一 等）")
        }
        Rule::attr | Rule::attributes => (2, "属性（问、释、酌定、默认、未载明视为否、标识）"),
        Rule::unit_name => (1, "单位"),
        Rule::header_text | Rule::header_date => {
            (1, "制定机关、文号、公布日期、施行日期、版本、原文、简称或者修正")
        }
        Rule::decision_amends => (1, "“修改 办法「……」”"),
        Rule::decision_text | Rule::decision_date => (2, "制定机关、文号、公布日期、前次修改、版本"),
        Rule::decision_effective => (1, "“自……起施行”"),
        Rule::k_in_force => (1, "“起施行”"),
        Rule::op_place | Rule::op_places | Rule::op_target | Rule::op_position | Rule::op_heading => {
            (1, "章节或者条款项的序号")
        }
        Rule::op_declared => (3, "“事实”“结论”“枚举”“定义”"),
        Rule::op_count => (1, "“一条”“一款”“一项”等"),
        Rule::op_given => (2, "修改后的内容"),
        Rule::k_change => (1, "“修改为”"),
        Rule::k_delete => (2, "“删去”"),
        Rule::k_add => (2, "“增加”"),
        Rule::k_as => (1, "“作为”"),
        Rule::k_inside => (3, "“中的”"),
        Rule::k_beside => (3, "“前”“后”"),
        Rule::k_amid => (1, "“之间”"),
        Rule::k_outside | Rule::op_declaration => (3, "“定义”“适用范围”“优先关系”“事实”“结论”“枚举”"),
        Rule::k_claim | Rule::claim => (4, "“条款不变”“原文不变”“条款一并修改”"),
        Rule::op_number => (2, "“第……项”"),
        Rule::k_ordered => (2, "“由轻到重”"),
        Rule::field => (1, "字段（名称、类型、属性）"),
        Rule::EOI => (9, "这一段的结束"),
        _ => return None,
    })
}
