//! The provisions of a summary: all of the statute in order, each as it is cited, with its counts.
use super::schema::ConclusionSlots;
use super::summary::{Parts, Provision, ProvisionFor};
use crate::base::numeral::to_chinese;
use crate::batch::Part;
use crate::hir::{HeadingLevel, ProvisionId, RuleId};
use crate::report::cite::rule_address;
use std::collections::BTreeSet;

impl Parts<'_> {
    /// Every provision in order, then what is cited and not there.
    pub(super) fn provisions(&self) -> Vec<Provision> {
        let mut out = Vec::new();
        for (at, provision) in self.hir.provisions.iter().enumerate() {
            let id = ProvisionId(u32::try_from(at).unwrap_or(u32::MAX));
            let here = self.hir.rules.iter().enumerate().filter(|(_, r)| r.provision == id);
            let cites: BTreeSet<(u32, String)> = here
                .filter(|(_, r)| !r.consequences.is_empty())
                .filter_map(|(at, _)| {
                    let cite = rule_address(self.hir, RuleId(u32::try_from(at).ok()?));
                    Some((self.words.cites.get(&cite)?, cite))
                })
                .collect();
            let base = Provision {
                address: provision.address.to_string(),
                heading: self.heading(at),
                depth: provision.address.parts.len().saturating_sub(1),
                text: provision.text.as_ref().map(|(text, _)| text.clone()).unwrap_or_default(),
                known: true,
                ..Provision::default()
            };
            if !cites.iter().any(|(_, cite)| *cite == base.address) {
                out.push(base.clone());
            }
            for (cite, address) in cites {
                let own = address == base.address;
                let shown = if own {
                    base.clone()
                } else {
                    Provision { heading: None, text: String::new(), ..base.clone() }
                };
                out.push(self.counted(cite, Provision { address, decides: true, ..shown }));
            }
        }
        let strange = (0..).zip(self.words.cites.list()).skip(self.words.cites.known);
        out.extend(strange.map(|(cite, address)| {
            self.counted(
                cite,
                Provision { address: address.to_string(), decides: true, ..Provision::default() },
            )
        }));
        out
    }

    fn heading(&self, before: usize) -> Option<String> {
        let here = self.hir.headings.iter().filter(|h| h.before as usize == before);
        let names: Vec<String> = here
            .map(|h| {
                let unit = if h.level == HeadingLevel::Chapter { "章" } else { "节" };
                format!("第{}{unit}　{}", to_chinese(u64::from(h.number)), h.title)
            })
            .collect();
        (!names.is_empty()).then(|| names.join("　"))
    }

    /// With its counts: of the rules that are cited so.
    fn counted(&self, cite: u32, provision: Provision) -> Provision {
        let rules = self.hir.rules.iter().enumerate().filter(|(at, r)| {
            !r.consequences.is_empty()
                && rule_address(self.hir, RuleId(u32::try_from(*at).unwrap_or(u32::MAX))) == provision.address
        });
        let (mut entities, mut about) = (BTreeSet::new(), BTreeSet::new());
        for (_, rule) in rules {
            entities.insert(rule.entity.index());
            about.extend(rule.consequences.iter().map(|c| c.conclusion));
        }
        let slots: Vec<_> = self.words.schema.conclusions.iter().enumerate().collect();
        let told = |c: &ConclusionSlots| {
            [Part::Basis, Part::Options, Part::Defeated].iter().any(|p| self.has(c, *p))
        };
        let concerned = || slots.iter().filter(|(_, c)| about.contains(&c.id) || !provision.known);
        let tells = concerned().any(|(_, c)| told(c));
        let at = cite as usize;
        let of = slots.iter().filter_map(|(index, c)| {
            let counts = *self.tally.conclusions.get(*index)?.standings.get(at)?;
            counts.iter().any(|n| *n > 0).then(|| ProvisionFor { conclusion: self.name(c.id), counts })
        });
        Provision {
            partial: tells && provision.known && concerned().any(|(_, c)| !told(c)),
            rows: entities.iter().filter_map(|e| self.tally.rows.get(*e)).sum(),
            counts: tells.then(|| self.tally.standings.get(at).copied().unwrap_or_default()),
            of: of.collect(),
            ..provision
        }
    }
}
