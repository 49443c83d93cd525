//! Rows of JSON with facts of the bundled law, made up, and structs of the same facts for `serde_json` to read into.
use serde::Deserialize;
use std::fmt::Write as _;

/// A struct with facts and the writer of a row of them.
macro_rules! facts {
    ($name:ident, $list:ident, { $($field:ident $key:literal $ty:ident $values:expr),* $(,)? }, { $($child:ident $many:literal $of:ident),* $(,)? }) => {
        #[derive(Deserialize)]
        #[expect(dead_code, reason = "only read into")]
        pub struct $name<'a> {
            $(#[serde(rename = $key, borrow)] $field: Option<$ty<'a>>,)*
            $(#[serde(rename = $many, borrow)] $child: Vec<$of<'a>>,)*
        }
        pub const $list: &[(&str, &[&str])] = &[$(($key, $values)),*];
    };
}

/// One word.
pub type W<'a> = &'a str;
/// Several words.
pub type M<'a> = Vec<&'a str>;
/// A whole number.
#[derive(Deserialize)]
#[serde(transparent)]
#[expect(dead_code, reason = "only read into")]
pub struct N<'a>(i64, #[serde(skip)] std::marker::PhantomData<&'a ()>);

const TRUTH: &[&str] = &["\"是\"", "\"否\"", "\"否\"", "\"不明\""];
const DAYS: &[&str] =
    &["\"2025-03-02\"", "\"2025-11-20\"", "\"2026-01-15\"", "\"2026-02-28\"", "\"2024-12-31\""];

facts!(Office, OFFICE, {
    a "名称" W &["\"#市某局\""], b "参加该次执法" W TRUTH, c "为有关机关" W TRUTH,
}, {});
facts!(Person, PERSON, {
    a "姓名" W &["\"甲#\"", "\"乙#\"", "\"丙某#\""],
    b "身份" M &["[\"承办人\"]", "[\"审核人\"]", "[\"批准人\",\"负责人\"]"],
    c "自行作出决定" W TRUTH, d "弄虚作假" W TRUTH, e "徇私舞弊" W TRUTH, f "致使审核失当" W TRUTH,
    g "所提意见" W &["\"正确\"", "\"错误\"", "\"未提出\""], h "所起作用" W &["\"主要作用\"", "\"次要作用\""],
    i "明知继续状态" W TRUTH, j "干扰调查" W TRUTH,
}, {});
facts!(Facts, ROOT, {
    a0 "属于本省" W TRUTH,
    a1 "实施主体" W &["\"行政机关\"", "\"法律法规授权组织\"", "\"受委托组织\""],
    a2 "具有行政执法职能" W TRUTH, a3 "具有公共事务职能" W TRUTH, a4 "依法受委托执法" W TRUTH,
    a5 "行为类别" M &["[\"行政处罚\"]", "[\"行政许可\",\"行政检查\"]"],
    a6 "行为发生日期" W DAYS, a7 "本次行为性质" W &["\"违法\"", "\"明显不当\""], a8 "核查日期" W DAYS,
    a9 "许可申请符合法定条件" W TRUTH, b0 "受理情况" W &["\"已受理\"", "\"不予受理\""],
    b1 "依法应当公示材料" W TRUTH, b2 "已在办公场所公示" W TRUTH, b3 "依法应当公开信息" W TRUTH,
    b4 "已公开信息" W TRUTH, b5 "依法应当告知申请人" W TRUTH, b6 "已告知申请人" W TRUTH,
    b7 "许可法定期限" W &["\"20个工作日\"", "\"15日\"", "\"三个月\""],
    b8 "许可受理日期" W DAYS, b9 "许可决定日期" W DAYS, c0 "许可应当听证" W TRUTH, c1 "许可已听证" W TRUTH,
    c2 "检查有法定依据" W TRUTH, c3 "检查有法定职权" W TRUTH, c4 "检查超越事项权限" W TRUTH,
    c5 "检查目的" W &["\"依法监管\"", "\"牟取利益\""], c6 "检查开始日期" W DAYS, c7 "检查结束日期" W DAYS,
    c8 "强制有法定职权" W TRUTH, c9 "强制超越法定职权" W TRUTH, d0 "强制有程序规定" W TRUTH,
    d1 "强制依照法定程序" W TRUTH, d2 "已实施处罚" W TRUTH, d3 "处罚有法定依据" W TRUTH, d4 "处罚有事实依据" W TRUTH,
    d5 "罚款次数" N &["1", "2", "3", "12"], d6 "处罚种类" M &["[\"罚款\"]", "[\"罚款\",\"没收财物\"]"],
    d7 "罚没单据" W &["\"法定部门制发单据\"", "\"未开具\""], d8 "处罚应当告知" W TRUTH, d9 "处罚已告知" W TRUTH,
    e0 "应当经过审核审批" W TRUTH, e1 "经承办人拟办" W TRUTH, e2 "经审核人审核" W TRUTH, e3 "经批准人批准" W TRUTH,
    e4 "执法方式" W &["\"单独执法\"", "\"联合执法\""], e5 "性质程度" W &["\"轻微\"", "\"一般\"", "\"恶劣\""],
    e6 "危害程度" W &["\"不大\"", "\"较大\""], e7 "社会影响较大" W TRUTH, e8 "发生不可抗力" W TRUTH,
}, { persons "人员" Person, offices "行政执法机关" Office });

/// A row.
#[derive(Deserialize)]
#[expect(dead_code, reason = "only read into")]
pub struct Row<'a> {
    #[serde(rename = "案例")]
    name: &'a str,
    #[serde(rename = "认定日期")]
    date: &'a str,
    #[serde(rename = "案件", borrow)]
    facts: Facts<'a>,
}

/// So many rows, one a line, each with keys in an order of its own or all in the same.
pub fn rows(count: usize, shuffled: bool) -> String {
    let mut random = fastrand::Rng::with_seed(7);
    let mut out = String::new();
    for number in 0..count {
        let mut inner = pairs(ROOT, number, shuffled, &mut random);
        let persons: Vec<String> =
            (0..3).map(|_| object(&pairs(PERSON, number, shuffled, &mut random))).collect();
        inner.push(format!("\"人员\":[{}]", persons.join(",")));
        inner.push(format!("\"行政执法机关\":[{}]", object(&pairs(OFFICE, number, shuffled, &mut random))));
        if shuffled {
            random.shuffle(&mut inner);
        }
        writeln!(
            out,
            "{{\"案例\":\"第{number}案\",\"认定日期\":\"2026-03-02\",\"案件\":{}}}",
            object(&inner)
        )
        .expect("memory");
    }
    out
}

fn pairs(
    facts: &[(&str, &[&str])],
    number: usize,
    shuffled: bool,
    random: &mut fastrand::Rng,
) -> Vec<String> {
    let mut pairs: Vec<String> = facts
        .iter()
        .map(|(key, values)| {
            let value = values[random.usize(..values.len())].replace('#', &number.to_string());
            format!("\"{key}\":{value}")
        })
        .collect();
    if shuffled {
        random.shuffle(&mut pairs);
    }
    pairs
}

fn object(pairs: &[String]) -> String {
    format!("{{{}}}", pairs.join(","))
}
