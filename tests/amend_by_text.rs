//! A law is amended by amending its text and nothing else: the bundled measure is edited here as its drafters would
//! edit it, provision and clause together, compiled again, and asked about the same people.
use banfa::diag::Diagnostic;
use banfa::policy::Policy;
use banfa::report::{Asked, View, json};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/贵州省行政执法过错责任追究办法")
}

/// The policy and the original it is compared with.
struct Law {
    policy: String,
    original: String,
}

impl Law {
    fn bundled() -> Self {
        let read = |name: &str| std::fs::read_to_string(folder().join(name)).expect("bundled");
        Self { policy: read("办法.banfa"), original: read("原文.txt") }
    }

    /// Replaces in the policy what must stand there exactly once.
    fn clause(mut self, old: &str, new: &str) -> Self {
        assert_eq!(self.policy.matches(old).count(), 1, "{old}");
        self.policy = self.policy.replace(old, new);
        self
    }

    /// Replaces words of the law, in the policy and in the original.
    fn words(mut self, old: &str, new: &str) -> Self {
        assert_eq!(self.original.matches(old).count(), 1, "{old}");
        self.original = self.original.replace(old, new);
        self.clause(old, new)
    }

    /// The amended law as written; the calendars and the original are handed over by the loader.
    fn compile(&self) -> Policy {
        let original = self.original.clone();
        let load = |path: &Path| -> Result<String, Diagnostic> {
            if path.ends_with("原文.txt") { Ok(original.clone()) } else { banfa::files::read(path) }
        };
        let name = folder().join("办法.banfa");
        Policy::from_text(&name.display().to_string(), &self.policy, &load)
            .unwrap_or_else(|refusal| panic!("{refusal}"))
    }
}

/// A case upon the bundled 基础/责任.yaml: one person whose liability is made out under 第十五条第二项.
fn case(further: &str) -> String {
    format!(
        "案例: 修订\n基础: ../基础/责任.yaml\n案件:\n  人员:\n    - 姓名: 甲\n      身份: [承办人]\n      自行作出决定: 否\n      \
         弄虚作假: 是\n      徇私舞弊: 否\n      依照审批内容实施: 是\n      所提意见: 正确\n      致使审核失当: 是\n      \
         致使批准失当: 否\n      明知继续状态: 否\n      积极采取纠正措施: 是\n      干扰调查: 否\n      阻碍调查: 否\n      \
         抗拒调查: 否\n      打击报复: 否\n      打击报复对象: []\n      发现过错行为: 否\n      年度考核不合格: 否\n      \
         涉嫌违反政纪: 否\n      涉嫌构成犯罪: 否\n{further}"
    )
}

const ONE_BEFORE: &str = "      前次过错:\n        - { 发生日期: 2025-11-20, 性质: 违法, 种类: 行政检查, 被追究责任: 否, 追究日期: 不适用 }\n";

/// The JSON of one conclusion about 甲.
fn conclusion(policy: &mut Policy, case: &str, name: &str) -> Value {
    let (cases, found) = policy.try_cases(&folder().join("案例/修订/案.yaml"), case, None);
    assert!(found.is_empty(), "{found:?}");
    let case = &cases.first().expect("a case").case;
    let outcome = policy.run(case, None);
    let view =
        View { program: policy.program(), sources: policy.sources(), case, run: &outcome.run, date: None };
    let result: Value =
        serde_json::from_str(&json::json_line(&view, &outcome.findings, &Asked::default())).expect("JSON");
    let conclusions = result["conclusions"].as_array().expect("conclusions");
    conclusions.iter().find(|c| c["label"] == "甲" && c["name"] == name).expect(name).clone()
}

fn shown(conclusion: &Value) -> String {
    serde_json::to_string_pretty(conclusion).expect("JSON")
}

/// Article 19 (2): a third time within a year becomes a second time.
#[test]
fn a_number_is_changed() {
    let amended = Law::bundled()
        .words("一年内发生三次以上行政执法过错行为", "一年内发生二次以上行政执法过错行为")
        .clause("近一年前次过错次数 两次以上", "近一年前次过错次数 一次以上");
    let case = case(ONE_BEFORE);
    let before = conclusion(&mut Law::bundled().compile(), &case, "情节");
    let after = conclusion(&mut amended.compile(), &case, "情节");
    assert_eq!(before["state"], "silent");
    assert_eq!((&after["state"], &after["values"][0]), (&"decided".into(), &"从重".into()));
    assert_eq!(after["basis"][0], "第十九条第二项");
    insta::assert_snapshot!("a_number_before", shown(&before));
    insta::assert_snapshot!("a_number_after", shown(&after));
}

/// Article 19 gains an item (5) on a fact that did not exist before.
#[test]
fn an_item_is_added() {
    let old = "打击报复 且 打击报复对象 包括 投诉人、检举人、控告人、责任追究承办人员 之一。\n";
    let text = "对投诉人、检举人、控告人或者责任追究承办人员打击报复的";
    let amended = Law::bundled()
        .clause(
            "  阻碍调查          是否",
            "  毁灭证据          是否  酌定 问「该人是否毁灭证据？」\n  阻碍调查          是否",
        )
        .words(&format!("{text}。"), &format!("{text}；"))
        .clause(
            old,
            &format!(
                "{}；\n  （五）「毁灭证据的。」\n    毁灭证据。\n",
                old.trim_end().trim_end_matches('。')
            ),
        );
    // In the original the item follows the fourth.
    let fourth = format!("（四）{text}；");
    assert_eq!(amended.original.matches(&fourth).count(), 1);
    let amended = Law {
        original: amended.original.replace(&fourth, &format!("{fourth}\n（五）毁灭证据的。")),
        ..amended
    };

    let unstated = case(ONE_BEFORE);
    let stated = case(&format!("{ONE_BEFORE}      毁灭证据: 是\n"));
    let before = conclusion(&mut Law::bundled().compile(), &unstated, "情节");
    let mut policy = amended.compile();
    let open = conclusion(&mut policy, &unstated, "情节");
    let after = conclusion(&mut policy, &stated, "情节");
    assert_eq!(before["state"], "silent");
    assert_eq!((&open["state"], &open["unknown"][0]["fact"]), (&"pending".into(), &"毁灭证据".into()));
    assert_eq!((&after["state"], &after["basis"][0]), (&"decided".into(), &"第十九条第五项".into()));
    insta::assert_snapshot!("an_item_open", shown(&open));
    insta::assert_snapshot!("an_item_after", shown(&after));
}

/// A new article 23-1 goes before article 15.
#[test]
fn an_article_is_inserted() {
    let words = "初次发生行政执法过错行为，积极采取纠正措施的，不承担行政执法过错责任。";
    let article = format!(
        "\n第二十三条之一「{words}」\n  凡 人员，积极采取纠正措施 且 无 被追究责任 的 前次过错 的，责任 应当 为 不承担。\n  \
         本条 优先于 第十五条。\n\n第二十四条\n"
    );
    let amended = Law::bundled().clause("\n第二十四条\n", &article);
    let at = amended.original.find("第二十四条　").expect("article 24");
    let (head, tail) = amended.original.split_at(at);
    let amended =
        Law { original: format!("{head}第二十三条之一　{words}\n\n{tail}"), policy: amended.policy };

    let case = case(ONE_BEFORE);
    let before = conclusion(&mut Law::bundled().compile(), &case, "责任");
    let after = conclusion(&mut amended.compile(), &case, "责任");
    assert_eq!((&before["values"][0], &before["basis"][0]), (&"承担".into(), &"第十五条第二项".into()));
    assert_eq!((&after["values"][0], &after["basis"][0]), (&"不承担".into(), &"第二十三条之一".into()));
    assert_eq!(after["defeated"][0]["address"], "第十五条第二项");
    insta::assert_snapshot!("an_article_before", shown(&before));
    insta::assert_snapshot!("an_article_after", shown(&after));
}
