//! The outline as data; its members are those of `banfa list --format json`.
use crate::base::wording::fold;
use crate::hir::{Conclusion, Fact, Heading, HeadingLevel, Hir, MarkKind, Provision, Type};
use crate::report::value::{Texts, enum_of, type_words, value};
use serde::Serialize;
use std::collections::BTreeMap;

/// A law at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outline {
    /// The law itself.
    pub policy: OfLaw,
    /// Provisions and headings in order of text.
    pub provisions: Vec<ProvisionLine>,
    /// Headings, each before the provision of that index.
    pub headings: Vec<HeadingLine>,
    /// Facts and conclusions by entity.
    pub entities: Vec<EntityPart>,
}

/// The title block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OfLaw {
    /// 办法「…」
    pub title: String,
    /// 制定机关
    pub issuer: String,
    /// 文号
    pub number: String,
    /// 版本
    pub version: String,
    /// 公布日期, ISO
    pub promulgated: Option<String>,
    /// 施行日期, ISO
    pub effective: Option<String>,
}

/// 章 or 节.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeadingLine {
    /// 第一章, 第二节
    pub label: String,
    /// Title.
    pub title: String,
    /// 条号推定 …
    pub marks: Vec<&'static str>,
    /// Index of the first provision after it.
    pub before: usize,
}

/// A provision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvisionLine {
    /// Address.
    pub address: String,
    /// 条, 款, 项, 目, 但书
    pub kind: &'static str,
    /// Depth below the article.
    pub depth: usize,
    /// 条号推定, 文字补正, 待补
    pub marks: Vec<&'static str>,
    /// Verbatim text on one line.
    pub text: Option<String>,
    /// Rules at this address.
    pub rules: usize,
    /// 释
    pub notes: Vec<String>,
}

/// One entity's vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntityPart {
    /// Name.
    pub name: String,
    /// Containing entity; null for the root.
    pub parent: Option<String>,
    /// Facts.
    pub facts: Vec<FactLine>,
    /// Conclusions.
    pub conclusions: Vec<ConclusionLine>,
}

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactLine {
    /// Name.
    pub name: String,
    /// Type as declared.
    #[serde(rename = "type")]
    pub ty: String,
    /// Values of an enumeration.
    pub values: Vec<String>,
    /// 问
    pub ask: Option<String>,
    /// 释
    pub note: Option<String>,
    /// 酌定
    pub judgement: bool,
    /// 未载明视为否
    pub absent_is_false: bool,
    /// 标识
    pub label: bool,
}

/// A conclusion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConclusionLine {
    /// Name.
    pub name: String,
    /// Type as declared.
    #[serde(rename = "type")]
    pub ty: String,
    /// Values of an enumeration.
    pub values: Vec<String>,
    /// 默认
    pub default: Option<String>,
    /// 释
    pub note: Option<String>,
    /// Addresses of the provisions with a consequence on it, in order of text.
    pub basis: Vec<String>,
}

/// The outline of a law.
#[must_use]
pub fn outline(hir: &Hir) -> Outline {
    let header = &hir.header;
    let mut given: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for rule in &hir.rules {
        for consequence in &rule.consequences {
            let list = given.entry(consequence.conclusion.index()).or_default();
            let address = rule.address.to_string();
            if list.last() != Some(&address) {
                list.push(address);
            }
        }
    }
    Outline {
        policy: OfLaw {
            title: header.title.clone(),
            issuer: header.issuer.clone(),
            number: header.number.clone(),
            version: header.version.clone(),
            promulgated: header.promulgated.map(crate::base::Date::iso),
            effective: header.effective.map(crate::base::Date::iso),
        },
        provisions: hir.provisions.iter().map(|p| provision(hir, p)).collect(),
        headings: hir.headings.iter().map(heading).collect(),
        entities: hir
            .entities
            .iter()
            .map(|e| EntityPart {
                name: e.name.clone(),
                parent: e.parent.and_then(|(p, _)| hir.entities.get(p.index())).map(|p| p.name.clone()),
                facts: e
                    .facts
                    .iter()
                    .filter_map(|id| Some((hir.facts.get(id.index())?, e.label == Some(*id))))
                    .map(|(f, label)| fact(hir, f, label))
                    .collect(),
                conclusions: e
                    .conclusions
                    .iter()
                    .filter_map(|id| Some((hir.conclusions.get(id.index())?, given.remove(&id.index()))))
                    .map(|(c, basis)| conclusion(hir, c, basis.unwrap_or_default()))
                    .collect(),
            })
            .collect(),
    }
}

fn provision(hir: &Hir, p: &Provision) -> ProvisionLine {
    let mut depth = 0;
    let mut up = p.parent;
    while let Some(parent) = up.and_then(|id| hir.provisions.get(id.index())) {
        depth += 1;
        // Parents come before children; should that fail, the address bounds the walk.
        up = parent.parent.filter(|_| depth < p.address.parts.len());
    }
    ProvisionLine {
        address: p.address.to_string(),
        kind: p.kind.word(),
        depth,
        marks: marks(&p.marks),
        text: p.text.as_ref().map(|(text, _)| fold(text)),
        rules: p.rules.len(),
        notes: p.notes.iter().map(|n| fold(n)).collect(),
    }
}

fn heading(h: &Heading) -> HeadingLine {
    let unit = match h.level {
        HeadingLevel::Chapter => "章",
        HeadingLevel::Section => "节",
    };
    HeadingLine {
        label: format!("第{}{unit}", crate::base::numeral::to_chinese(u64::from(h.number))),
        title: h.title.clone(),
        marks: marks(&h.marks),
        before: h.before as usize,
    }
}

/// Editorial marks in words: 待补.
#[must_use]
pub fn marks(marks: &[MarkKind]) -> Vec<&'static str> {
    let word = |mark: &MarkKind| match mark {
        MarkKind::InferredNumber => "条号推定",
        MarkKind::RestoredText => "文字补正",
        MarkKind::Missing => "待补",
    };
    marks.iter().map(word).collect()
}

fn values(hir: &Hir, ty: &Type) -> Vec<String> {
    enum_of(ty).and_then(|e| hir.enums.get(e.index())).map(|e| e.values.clone()).unwrap_or_default()
}

fn fact(hir: &Hir, f: &Fact, label: bool) -> FactLine {
    FactLine {
        name: f.name.clone(),
        ty: type_words(hir, &f.ty),
        values: values(hir, &f.ty),
        ask: f.ask.clone(),
        note: f.note.clone(),
        judgement: f.judgement,
        absent_is_false: f.absent_is_false,
        label,
    }
}

fn conclusion(hir: &Hir, c: &Conclusion, basis: Vec<String>) -> ConclusionLine {
    let texts = Texts { case: &[], law: &hir.texts };
    ConclusionLine {
        name: c.name.clone(),
        ty: type_words(hir, &c.ty),
        values: values(hir, &c.ty),
        default: c.default.map(|d| value(hir, &c.ty, d, texts)),
        note: c.note.clone(),
        basis,
    }
}
