//! Citations after the provisions they name: in clauses, verbatim text, notes and questions.
use super::base::{Base, Region};
use super::cite::{Anchor, Cite, Step, scan};
use super::plan::{Edit, Fate, Plan};
use super::settle::{Kin, Settled};
use super::{errors, visit};
use crate::base::{Address, Part, PartKind};
use crate::diag::Diagnostic;
use crate::syntax::ast::{AttrKind, HeadingAddress, Reference, ReferenceTarget, Statement, Text, TopItem};
use std::collections::BTreeMap;

/// A citation of several provisions in a row.
pub struct RangeCite {
    /// Where it stands before.
    pub at: Region,
    /// What it is part of.
    pub place: String,
    /// Its ends before.
    pub old: (Address, Address),
    /// Its ends afterwards.
    pub new: (Address, Address),
}

/// What following found.
#[derive(Default)]
pub struct Followed {
    /// New words for citations.
    pub edits: Vec<Edit>,
    /// Citations of what is gone: provision, place, what it is part of, whether in a note.
    pub dangling: Vec<(usize, Region, String, bool)>,
    /// Ranges, to be compared afterwards.
    pub ranges: Vec<RangeCite>,
    /// Errors.
    pub errors: Vec<Diagnostic>,
}

/// Where words stand.
#[derive(Clone, Copy)]
struct Here<'s> {
    file: usize,
    node: Option<usize>,
    location: Option<&'s Address>,
    /// 释 or 问: no law.
    note: bool,
}

/// Questions and notes of fields, with the name of the field.
pub fn asked<'a>(base: &Base<'a>) -> Vec<(usize, &'a str, &'a Text)> {
    let mut found = Vec::new();
    for (file, tree) in base.trees.iter().enumerate() {
        for item in &tree.items {
            let fields = match item {
                TopItem::Facts(block) => &block.fields,
                TopItem::Conclusions(block) => &block.fields,
                TopItem::Include(_)
                | TopItem::Enum(_)
                | TopItem::Heading(_)
                | TopItem::Article(_)
                | TopItem::Statement(_) => continue,
            };
            for field in fields {
                for attr in &field.attrs {
                    match &attr.kind {
                        AttrKind::Ask(text) | AttrKind::Note(text) => {
                            found.push((file, field.name.text.as_str(), text));
                        }
                        AttrKind::Judgement
                        | AttrKind::Default(_)
                        | AttrKind::AbsentIsFalse
                        | AttrKind::Label => {}
                    }
                }
            }
        }
    }
    found
}

/// Follows citations.
pub struct Follower<'p, 'a> {
    plan: &'p Plan<'a>,
    settled: &'p Settled,
    /// What was found.
    pub found: Followed,
}

impl<'p, 'a> Follower<'p, 'a> {
    /// With where everything is afterwards.
    pub fn new(plan: &'p Plan<'a>, settled: &'p Settled) -> Self {
        Self { plan, settled, found: Followed::default() }
    }

    /// Everything that stays.
    pub fn all(&mut self) {
        for (node, fate) in self.plan.fates.iter().enumerate() {
            if matches!(fate, Fate::Kept) {
                self.node(node, self.plan.clauses.contains_key(&node));
            }
        }
        for (head, found) in self.plan.base.heads.iter().enumerate() {
            let kept = matches!(self.plan.head_fates.get(head), Some(Fate::Kept));
            if kept && !self.plan.renamed.contains_key(&head) {
                let here = Here { file: found.file, node: None, location: None, note: false };
                self.text(&found.tree.title, here, &found.address.to_string());
            }
        }
        for (file, tree) in self.plan.base.trees.iter().enumerate() {
            for item in &tree.items {
                if let TopItem::Statement(statement) = item {
                    let here = Here { file, node: None, location: None, note: false };
                    self.statement(statement, here, "条文之外的语句");
                }
            }
        }
        for (file, field, text) in asked(self.plan.base) {
            let here = Here { file, node: None, location: None, note: true };
            self.text(text, here, field);
        }
        self.drop_taken();
    }

    /// Text, notes and clause of one provision, as if it stayed.
    pub fn node(&mut self, node: usize, without_clause: bool) {
        let Some(found) = self.plan.base.nodes.get(node) else { return };
        let settled = self.settled;
        let Some(location) = settled.location(node) else { return };
        let here = Here { file: found.file, node: Some(node), location: Some(location), note: false };
        let place = found.address.to_string();
        if let Some(text) = &found.tree.text {
            self.text(text, here, &place);
        }
        for note in &found.tree.notes {
            self.text(note, Here { note: true, ..here }, &place);
        }
        if !without_clause {
            for statement in &found.tree.statements {
                self.statement(statement, here, &place);
            }
        }
    }

    /// What stands in declarations that an operation has taken is no longer there.
    fn drop_taken(&mut self) {
        let taken = &self.plan.taken;
        let free = |r: Region| !taken.iter().any(|(t, _)| t.overlaps(r));
        self.found.edits.retain(|e| free(e.region));
        self.found.dangling.retain(|(_, r, _, _)| free(*r));
        self.found.ranges.retain(|c| free(c.at));
    }

    // ------------------------------------------------------------ clauses

    fn statement(&mut self, statement: &'a Statement, here: Here<'_>, place: &str) {
        let mut references = Vec::new();
        visit::references(statement, &mut |r| references.push(r));
        for reference in references {
            self.reference(reference, here, place);
        }
    }

    fn reference(&mut self, reference: &Reference, here: Here<'_>, place: &str) {
        let region = Base::bytes(here.file, reference.span);
        let text = match &reference.target {
            ReferenceTarget::This(_) => None,
            ReferenceTarget::Address(address) => {
                self.cited(address, here, region, place).and_then(|s| s.changed())
            }
            ReferenceTarget::Range(from, to) => {
                let (low, high) =
                    (self.cited(from, here, region, place), self.cited(to, here, region, place));
                let (Some(low), Some(high)) = (low, high) else { return };
                self.found.ranges.push(RangeCite {
                    at: region,
                    place: place.to_owned(),
                    old: (low.old.clone(), high.old.clone()),
                    new: (low.new.clone(), high.new.clone()),
                });
                let same = low.same && high.same;
                (!same).then(|| format!("{}至{}", low.shown, high.shown))
            }
            ReferenceTarget::Previous(kind) => match self.previous(*kind, 1, here) {
                Some(Previous::Same(_) | Previous::Nothing) | None => None,
                Some(Previous::Gone(node)) => {
                    self.found.dangling.push((node, region, format!("{place}的条款"), here.note));
                    None
                }
                Some(Previous::Moved(_, address)) => Some(steps(&shown(&address, *kind, here))),
            },
        };
        if let Some(text) = text {
            let own = self.plan.base.slice(region);
            let lead = prefix(own, &text);
            self.found.edits.push(Edit { region, text: format!("{lead}{text}"), rank: 0 });
        }
    }

    /// An address as written in a clause, followed.
    fn cited(&mut self, address: &Address, here: Here<'_>, region: Region, place: &str) -> Option<Cited> {
        if !address.law.is_empty() && !self.plan.base.names.contains(&address.law.as_str()) {
            return None;
        }
        let (node, suffix, unnumbered) = self.resolve(here.node, &address.parts)?;
        let Some(new) = self.new_address(node, &suffix, unnumbered) else {
            self.found.dangling.push((node, region, format!("{place}的条款"), here.note));
            return None;
        };
        let first = address.parts.first()?.kind;
        let mut shown = if first == PartKind::Article { new.parts.clone() } else { shown(&new, first, here) };
        if unnumbered && !shown.iter().any(|p| p.kind == PartKind::Paragraph) {
            let at = shown.iter().position(|p| p.kind > PartKind::Paragraph).unwrap_or(shown.len());
            shown.insert(at, Part::new(PartKind::Paragraph, 1));
        }
        let mut old = self.plan.base.nodes.get(node)?.address.clone();
        old.parts.extend(&suffix);
        let same = shown == address.parts;
        let law = address.law.clone();
        Some(Cited { shown: Address { law, parts: shown }, same, old, new })
    }

    /// The provision an address as written names, what follows it in 但书, and whether 第一款 stands for an article
    /// without 款.
    fn resolve(&self, at: Option<usize>, parts: &[Part]) -> Option<(usize, Vec<Part>, bool)> {
        let base = self.plan.base;
        let first = parts.first()?.kind;
        let above = match first {
            PartKind::Article => None,
            PartKind::Paragraph => Some(base.enclosing(at?, PartKind::Article)?),
            PartKind::Item => Some(base.enclosing(at?, PartKind::Paragraph)?),
            PartKind::SubItem => Some(base.enclosing(at?, PartKind::Item)?),
            PartKind::Proviso => Some(at?),
        };
        let mut full = match above {
            Some(above) => base.nodes.get(above)?.address.clone(),
            None => Address::default(),
        };
        full.parts.extend(parts);
        self.locate(&full)
    }

    fn locate(&self, full: &Address) -> Option<(usize, Vec<Part>, bool)> {
        let base = self.plan.base;
        let cut = full.parts.iter().position(|p| p.kind == PartKind::Proviso).unwrap_or(full.parts.len());
        let (host, suffix) = full.parts.split_at(cut);
        let host = Address { law: String::new(), parts: host.to_vec() };
        let node = base.find_cited(&host)?;
        let unnumbered = base.nodes.get(node)?.address != host;
        Some((node, suffix.to_vec(), unnumbered))
    }

    fn new_address(&self, node: usize, suffix: &[Part], unnumbered: bool) -> Option<Address> {
        let body = if unnumbered || !suffix.is_empty() { self.settled.bodies.get(&node) } else { None };
        let mut new = body.or_else(|| self.settled.addresses.get(node)?.as_ref())?.clone();
        new.parts.extend(suffix);
        Some(new)
    }

    /// What 前条, 前款, 前项 means, before and afterwards.
    fn previous(&self, kind: PartKind, count: usize, here: Here<'_>) -> Option<Previous> {
        let base = self.plan.base;
        let own = base.enclosing(here.node?, kind)?;
        let kin = base.siblings(own);
        let at = kin.iter().position(|&k| k == own)?;
        let Some(meant) = at.checked_sub(count).and_then(|i| kin.get(i..at)) else {
            return Some(Previous::Nothing);
        };
        let first = *meant.first()?;
        if let Some(gone) =
            meant.iter().copied().find(|&n| self.settled.addresses.get(n).is_some_and(Option::is_none))
        {
            return Some(Previous::Gone(gone));
        }
        let address = self.settled.addresses.get(first)?.clone()?;
        if kind == PartKind::Paragraph && self.settled.bodies.contains_key(&own) {
            return Some(Previous::Moved(first, address));
        }
        let found = base.nodes.get(own)?;
        let same = match self.settled.kin.get(&(found.parent, found.tree.kind)) {
            None => true,
            Some(now) => {
                let at = now.iter().position(|&k| k == Kin::Old(own))?;
                let before = at.checked_sub(count).and_then(|i| now.get(i..at)).unwrap_or_default();
                before.iter().eq(meant.iter().map(|&n| Kin::Old(n)).collect::<Vec<_>>().iter())
            }
        };
        Some(if same { Previous::Same(first) } else { Previous::Moved(first, address) })
    }

    // ------------------------------------------------------------ words

    fn text(&mut self, text: &Text, here: Here<'_>, place: &str) {
        let start = text.span.start as usize;
        let mut last: Option<Told> = None;
        for cite in scan(&text.text, &self.plan.base.names) {
            let region = Region { file: here.file, start: start + cite.start, end: start + cite.end };
            let told =
                if self.worded(region) { None } else { self.cite(&cite, region, here, place, last.as_ref()) };
            if let (true, Some(low), Some(high)) = (cite.through, &last, &told) {
                let at = Region { start: low.region.start, ..region };
                self.found.ranges.push(RangeCite {
                    at,
                    place: place.to_owned(),
                    old: (low.old.clone(), high.old.clone()),
                    new: (low.new.clone(), high.new.clone()),
                });
            }
            last = told;
        }
    }

    /// Whether an operation changes words there: then it says what is meant.
    fn worded(&self, region: Region) -> bool {
        let words = &self.plan.words;
        let at = words.partition_point(|(r, _)| (r.file, r.start) < (region.file, region.end));
        let before = words.get(..at).unwrap_or_default();
        before.iter().rev().take(1).any(|(r, _)| r.overlaps(region))
    }

    fn cite(
        &mut self,
        cite: &Cite,
        region: Region,
        here: Here<'_>,
        place: &str,
        last: Option<&Told>,
    ) -> Option<Told> {
        let parts: Vec<Part> = cite.steps.iter().map(|s| s.part).collect();
        let first = parts.first().map_or(PartKind::Article, |p| p.kind);
        let (node, suffix, unnumbered, prefix) = match cite.anchor {
            Anchor::Other => return None,
            Anchor::Chapter => {
                self.chapter(cite, region, place);
                return None;
            }
            Anchor::Previous(kind, count) => {
                return self.previous_in_text(cite, kind, count, region, here, place);
            }
            Anchor::Law => {
                let (node, suffix, unnumbered) = self.resolve(None, &parts)?;
                (node, suffix, unnumbered, Some(Address::default()))
            }
            Anchor::Here => {
                let (node, suffix, unnumbered) = self.resolve(here.node, &parts)?;
                (node, suffix, unnumbered, here.location.and_then(|l| above(l, first)))
            }
            Anchor::This(kind) => {
                let own = self.plan.base.enclosing(here.node?, kind)?;
                let mut full = self.plan.base.nodes.get(own)?.address.clone();
                full.parts.extend(&parts);
                let (node, suffix, unnumbered) = self.locate(&full)?;
                let within = here.location.and_then(|l| l.up_to(kind).or_else(|| Some(l.article())));
                (node, suffix, unnumbered, within)
            }
            Anchor::Same => {
                let last = last?;
                let mut full = cut(&last.old, first);
                full.parts.extend(&parts);
                let (node, suffix, unnumbered) = self.locate(&full)?;
                (node, suffix, unnumbered, Some(cut(&last.new, first)))
            }
        };
        let Some(new) = self.new_address(node, &suffix, unnumbered) else {
            self.found.dangling.push((node, region, in_text(place, here), here.note));
            return None;
        };
        let mut shown =
            match prefix.and_then(|p| new.parts.strip_prefix(p.parts.as_slice()).map(<[Part]>::to_vec)) {
                Some(rest) if !rest.is_empty() => rest,
                Some(_) | None => new.parts.clone(),
            };
        if unnumbered && !shown.iter().any(|p| p.kind == PartKind::Paragraph) {
            let at = shown.iter().position(|p| p.kind > PartKind::Paragraph).unwrap_or(shown.len());
            shown.insert(at, Part::new(PartKind::Paragraph, 1));
        }
        if shown != parts {
            self.found.edits.push(Edit { region, text: styled(&shown, &cite.steps), rank: 0 });
        }
        let mut old = self.plan.base.nodes.get(node)?.address.clone();
        old.parts.extend(&suffix);
        Some(Told { region, old, new })
    }

    fn chapter(&mut self, cite: &Cite, region: Region, place: &str) {
        let Some(step) = cite.steps.first() else { return };
        let old = HeadingAddress { chapter: step.part.number, section: None };
        if self.plan.base.find_heading(old).is_none() {
            return;
        }
        match self.settled.renumbering.follow_heading(old) {
            Some(new) if new == old => {}
            Some(new) => {
                let text = step.render(Part { number: new.chapter, ..step.part }).replacen('条', "章", 1);
                self.found.edits.push(Edit { region, text, rank: 0 });
            }
            None => {
                let span = self.plan.base.span(region);
                let op = self
                    .plan
                    .base
                    .find_heading(old)
                    .and_then(|h| self.plan.head_fates.get(h).and_then(|f| f.op()));
                let at = op.map_or(self.plan.decision.title.span, |op| self.plan.op_span(op));
                let places = [(span, place.to_owned())];
                self.found.errors.push(errors::dangling(at, &old.to_string(), &places));
            }
        }
    }

    /// 前款第一项 in verbatim text: the step below may move, 前款 itself must go on meaning what it meant.
    fn previous_in_text(
        &mut self,
        cite: &Cite,
        kind: PartKind,
        count: u32,
        region: Region,
        here: Here<'_>,
        place: &str,
    ) -> Option<Told> {
        let meant = self.previous(kind, count as usize, here)?;
        let (node, moved) = match meant {
            Previous::Nothing => return None,
            Previous::Gone(node) => {
                self.found.dangling.push((node, region, in_text(place, here), here.note));
                return None;
            }
            Previous::Same(node) => (node, false),
            Previous::Moved(node, _) => (node, true),
        };
        let old = self.plan.base.nodes.get(node)?.address.clone();
        let mut full = old.clone();
        full.parts.extend(cite.steps.iter().map(|s| s.part));
        let (inner, suffix, unnumbered) = self.locate(&full)?;
        let Some(new) = self.new_address(inner, &suffix, unnumbered) else {
            self.found.dangling.push((inner, region, in_text(place, here), here.note));
            return None;
        };
        let above = self.settled.addresses.get(node)?.clone()?;
        if moved {
            self.previous_moved(region, here, place, &new, kind, count);
        } else if !cite.steps.is_empty()
            && let Some(rest) = new.parts.strip_prefix(above.parts.as_slice())
            && !rest.iter().copied().eq(cite.steps.iter().map(|s| s.part))
        {
            let word = self.plan.base.slice(region).find('第').unwrap_or(0);
            let at = Region { start: region.start + word, ..region };
            self.found.edits.push(Edit { region: at, text: styled(rest, &cite.steps), rank: 0 });
        }
        Some(Told { region, old: full, new })
    }

    fn previous_moved(
        &mut self,
        region: Region,
        here: Here<'_>,
        place: &str,
        new: &Address,
        kind: PartKind,
        count: u32,
    ) {
        let words_now = steps(&shown(new, kind, here));
        if here.note && count == 1 {
            self.found.edits.push(Edit { region, text: words_now, rank: 0 });
            return;
        }
        let words = self.plan.base.slice(region);
        let at = self.plan.base.span(region);
        let op = self.plan.decision.title.span;
        self.found.errors.push(errors::previous_moves(at, words, place, &words_now, op));
    }

    /// Citations of what is gone, one error for each provision; those in notes are warnings.
    pub fn dangling(&mut self) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        let base = self.plan.base;
        let mut by_target: BTreeMap<usize, Vec<(crate::base::Span, String)>> = BTreeMap::new();
        let mut notes = Vec::new();
        for (node, region, place, note) in &self.found.dangling {
            let Some(found) = base.nodes.get(*node) else { continue };
            let span = base.span(*region);
            if *note {
                notes.push(errors::note_dangles(span, place, &found.address.to_string()));
            } else {
                by_target.entry(*node).or_default().push((span, place.clone()));
            }
        }
        let errors = by_target
            .into_iter()
            .filter_map(|(node, mut places)| {
                places.sort();
                places.dedup();
                let op = self.plan.fates.get(node).and_then(|f| f.op());
                let at = op.map_or(self.plan.decision.title.span, |op| self.plan.op_span(op));
                let found = base.nodes.get(node)?;
                Some(errors::dangling(at, &found.address.to_string(), &places))
            })
            .collect();
        (errors, notes)
    }
}

struct Cited {
    shown: Address,
    same: bool,
    old: Address,
    new: Address,
}

impl Cited {
    fn changed(&self) -> Option<String> {
        (!self.same).then(|| self.shown.to_string())
    }
}

/// A citation in words, found.
struct Told {
    region: Region,
    old: Address,
    new: Address,
}

enum Previous {
    /// There is none.
    Nothing,
    /// It goes on meaning the same; the first of those meant.
    Same(usize),
    /// One of those meant is gone.
    Gone(usize),
    /// Something else stands there now; the first of those meant, and its address.
    Moved(usize, Address),
}

/// Where a citation stands, for those that lead nowhere.
fn in_text(place: &str, here: Here<'_>) -> String {
    if here.note { place.to_owned() } else { format!("{place}的原文") }
}

/// What the reader counts from: 第二款 from the article, 第一项 from the 款 or the article without 款.
fn above(location: &Address, kind: PartKind) -> Option<Address> {
    match kind {
        PartKind::Article => Some(Address::default()),
        PartKind::Paragraph => Some(location.article()),
        PartKind::Item => location.up_to(PartKind::Paragraph).or_else(|| Some(location.article())),
        PartKind::SubItem => location.up_to(PartKind::Item),
        PartKind::Proviso => Some(location.clone()),
    }
}

/// The steps to write where the reader counts from `location`: from `kind` down if that leads there.
fn shown(new: &Address, kind: PartKind, here: Here<'_>) -> Vec<Part> {
    let above = here.location.and_then(|l| above(l, kind));
    match above.and_then(|a| new.parts.strip_prefix(a.parts.as_slice())) {
        Some([first, rest @ ..]) if first.kind == kind => [&[*first], rest].concat(),
        Some(_) | None => new.parts.clone(),
    }
}

/// The address without its steps from `kind` down.
fn cut(address: &Address, kind: PartKind) -> Address {
    let parts = address.parts.iter().copied().take_while(|p| p.kind < kind).collect();
    Address { law: String::new(), parts }
}

fn steps(parts: &[Part]) -> String {
    parts.iter().map(ToString::to_string).collect()
}

/// 本条 before steps below the article stays.
fn prefix(own: &str, text: &str) -> &'static str {
    let below = !text.contains('条');
    if own.starts_with("本条") && below { "本条" } else { "" }
}

/// Steps in the style of those they take the place of.
fn styled(parts: &[Part], like: &[Step]) -> String {
    let style = |part: &Part| like.iter().find(|s| s.part.kind == part.kind).or_else(|| like.first());
    let one = |part: &Part| match style(part) {
        Some(step) => {
            let round = step.round && step.part.kind == part.kind;
            Step { round, ..step.clone() }.render(*part)
        }
        None => part.to_string(),
    };
    parts.iter().map(one).collect()
}
