//! 枚举, 事实, 结论: entities as a tree under one root, members with their types, slots and defaults.
use super::errors::names as errors;
use super::errors::types as type_errors;
use super::lowering::{Lowering, ROOT};
use super::model::{Conclusion, ConclusionId, Entity, EntityId, EnumDef, EnumId, Fact, FactId, Slot, Type};
use super::names::Member;
use crate::base::Span;
use crate::syntax::ast::{Attr, AttrKind, EnumDecl, Field, Name, TopItem, TypeExpr, TypeKind};
use std::collections::{HashMap, HashSet, VecDeque};

/// Values of one enumeration at most: they are kept as bits.
pub(super) const VALUE_LIMIT: usize = 64;

/// States of a 义务.
const DUTY_STATES: [&str; 3] = ["已履行", "未届满", "逾期"];

/// An entity before it has an id.
struct Draft<'a> {
    name: &'a Name,
    declared: bool,
    facts: Vec<&'a Field>,
    conclusions: Vec<&'a Field>,
    /// Containing draft and the field's place.
    parent: Option<(usize, &'a Field)>,
    /// It was part of a containment cycle, which has been reported.
    cyclic: bool,
}

impl<'a> Lowering<'a> {
    /// Fills enumerations, entities, facts and conclusions.
    pub fn declare_vocabulary(&mut self) {
        for placed in self.placed.clone() {
            if let TopItem::Enum(decl) = placed.item {
                self.declare_enum(decl);
            }
        }
        let mut drafts = self.collect_entities();
        self.contain_entities(&mut drafts);
        let order = self.order_entities(&drafts);
        self.declare_entities(&drafts, &order);
    }

    fn declare_enum(&mut self, decl: &EnumDecl) {
        if let Some(&first) = self.names.enums.get(&decl.name.text) {
            let place = self.hir.enums.get(first.index()).map(|e| e.span).unwrap_or_default();
            self.report(errors::duplicate(&decl.name, place));
            return;
        }
        let id = self.new_enum(&decl.name, decl.ordered, &decl.values);
        self.names.enums.insert(decl.name.text.clone(), id);
        self.names.all.push(decl.name.text.clone());
    }

    fn new_enum(&mut self, name: &Name, ordered: bool, values: &[Name]) -> EnumId {
        let id = EnumId(u32::try_from(self.hir.enums.len()).unwrap_or(u32::MAX));
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut kept = Vec::new();
        for value in values {
            match seen.get(value.text.as_str()) {
                Some(&first) => self.report(errors::duplicate_value(value, &name.text, first)),
                None => {
                    seen.insert(&value.text, value.span);
                    kept.push(value.text.clone());
                    self.names.values.entry(value.text.clone()).or_default().push(id);
                }
            }
        }
        if kept.len() > VALUE_LIMIT {
            self.report(errors::too_many_values(name, kept.len(), VALUE_LIMIT));
            kept.truncate(VALUE_LIMIT);
        }
        self.hir.enums.push(EnumDef { name: name.text.clone(), ordered, values: kept, span: name.span });
        id
    }

    fn collect_entities(&self) -> Vec<Draft<'a>> {
        let mut drafts: Vec<Draft<'a>> = Vec::new();
        let mut index: HashMap<&'a str, usize> = HashMap::new();
        let mut at = |drafts: &mut Vec<Draft<'a>>, name: &'a Name| {
            *index.entry(&name.text).or_insert_with(|| {
                drafts.push(Draft {
                    name,
                    declared: false,
                    facts: Vec::new(),
                    conclusions: Vec::new(),
                    parent: None,
                    cyclic: false,
                });
                drafts.len() - 1
            })
        };
        for placed in &self.placed {
            match placed.item {
                TopItem::Facts(block) => {
                    let i = at(&mut drafts, &block.entity);
                    if let Some(draft) = drafts.get_mut(i) {
                        draft.declared = true;
                        draft.facts.extend(&block.fields);
                    }
                }
                TopItem::Conclusions(block) => {
                    let i = at(&mut drafts, &block.entity);
                    if let Some(draft) = drafts.get_mut(i) {
                        draft.conclusions.extend(&block.fields);
                    }
                }
                TopItem::Include(_)
                | TopItem::Enum(_)
                | TopItem::Heading(_)
                | TopItem::Article(_)
                | TopItem::Statement(_) => {}
            }
        }
        drafts
    }

    /// Records who contains whom; each entity at most once.
    fn contain_entities(&mut self, drafts: &mut [Draft<'a>]) {
        let index: HashMap<&'a str, usize> =
            drafts.iter().enumerate().map(|(i, d)| (d.name.text.as_str(), i)).collect();
        let mut held: Vec<(usize, usize, &'a Field)> = Vec::new();
        for (holder, draft) in drafts.iter().enumerate() {
            for &field in &draft.facts {
                if let TypeKind::Many(name) | TypeKind::One(name) = &field.ty.kind {
                    match index.get(name.text.as_str()) {
                        Some(&member) => held.push((holder, member, field)),
                        None => {
                            let near = super::types::nearest(&name.text, index_names(drafts));
                            self.diags.push(errors::unknown_entity(name, near.as_deref()));
                        }
                    }
                }
            }
        }
        for (holder, member, field) in held {
            let Some(draft) = drafts.get_mut(member) else { continue };
            match draft.parent {
                Some((_, first)) => {
                    self.report(errors::contained_twice(draft.name, field.name.span, first.name.span));
                }
                None => draft.parent = Some((holder, field)),
            }
        }
        let no_root = !drafts.is_empty() && drafts.iter().all(|d| d.parent.is_some());
        if no_root {
            self.report(errors::no_root(drafts.iter().map(|d| d.name)));
        }
        self.break_containment_cycles(drafts, no_root);
    }

    fn break_containment_cycles(&mut self, drafts: &mut [Draft<'a>], reported: bool) {
        let mut state = vec![0_u8; drafts.len()];
        for start in 0..drafts.len() {
            let mut path = Vec::new();
            let mut at = Some(start);
            while let Some(i) = at {
                match state.get(i) {
                    Some(0) => {}
                    Some(1) => {
                        let cycle: Vec<&Name> = path
                            .iter()
                            .skip_while(|&&p| p != i)
                            .filter_map(|&p: &usize| drafts.get(p).map(|d| d.name))
                            .collect();
                        if !reported {
                            self.report(errors::recursive_entity(&cycle));
                        }
                        if let Some(draft) = drafts.get_mut(i) {
                            draft.parent = None;
                            draft.cyclic = true;
                        }
                        break;
                    }
                    Some(_) | None => break,
                }
                path.push(i);
                if let Some(s) = state.get_mut(i) {
                    *s = 1;
                }
                at = drafts.get(i).and_then(|d| d.parent).map(|(p, _)| p);
            }
            for i in path {
                if let Some(s) = state.get_mut(i) {
                    *s = 2;
                }
            }
        }
    }

    /// The root first, parents before children.
    fn order_entities(&mut self, drafts: &[Draft<'a>]) -> Vec<usize> {
        let roots: Vec<usize> =
            (0..drafts.len()).filter(|&i| drafts.get(i).is_some_and(|d| d.parent.is_none())).collect();
        let root = roots
            .iter()
            .copied()
            .find(|&i| drafts.get(i).is_some_and(|d| d.declared))
            .or(roots.first().copied());
        let Some(root) = root else { return Vec::new() };
        for &other in roots.iter().filter(|&&r| r != root) {
            let (Some(first), Some(draft)) = (drafts.get(root), drafts.get(other)) else { continue };
            if draft.cyclic {
                continue;
            }
            if draft.declared {
                self.report(errors::several_roots(draft.name, first.name));
            } else {
                let near = super::types::nearest(
                    &draft.name.text,
                    drafts.iter().filter(|d| d.declared).map(|d| d.name.text.as_str()),
                );
                self.report(errors::unknown_entity(draft.name, near.as_deref()));
            }
        }
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); drafts.len()];
        let mut by_field: HashMap<*const Field, usize> = HashMap::new();
        for (i, draft) in drafts.iter().enumerate() {
            if let Some((_, field)) = draft.parent {
                by_field.insert(std::ptr::from_ref(field), i);
            }
        }
        for (i, draft) in drafts.iter().enumerate() {
            let mine = draft.facts.iter().filter_map(|&f| by_field.get(&std::ptr::from_ref(f)).copied());
            if let Some(slot) = children.get_mut(i) {
                slot.extend(mine);
            }
        }
        let mut order = Vec::new();
        let mut queue: VecDeque<usize> =
            std::iter::once(root).chain(roots.into_iter().filter(|&r| r != root)).collect();
        while let Some(i) = queue.pop_front() {
            order.push(i);
            queue.extend(children.get(i).into_iter().flatten());
        }
        order
    }

    fn declare_entities(&mut self, drafts: &[Draft<'a>], order: &[usize]) {
        let ordered: Vec<&Draft<'a>> = order.iter().filter_map(|&i| drafts.get(i)).collect();
        for draft in &ordered {
            let id = EntityId(u32::try_from(self.hir.entities.len()).unwrap_or(u32::MAX));
            self.names.entities.insert(draft.name.text.clone(), id);
            self.names.all.push(draft.name.text.clone());
            self.hir.entities.push(new_entity(&draft.name.text));
        }
        if ordered.is_empty() {
            self.hir.entities.push(new_entity("案件"));
            self.names.entities.insert("案件".to_owned(), ROOT);
        }
        self.names.members = vec![HashMap::new(); self.hir.entities.len()];
        // Field of each contained entity, so that only the accepted one becomes its parent.
        let holders: HashSet<*const Field> =
            ordered.iter().filter_map(|d| d.parent).map(|(_, f)| std::ptr::from_ref(f)).collect();
        for (i, draft) in ordered.iter().enumerate() {
            let id = EntityId(u32::try_from(i).unwrap_or(u32::MAX));
            for field in &draft.facts {
                self.declare_fact(id, field, holders.contains(&std::ptr::from_ref::<Field>(field)));
            }
            for field in &draft.conclusions {
                self.declare_conclusion(id, field);
            }
        }
    }

    fn declare_fact(&mut self, entity: EntityId, field: &'a Field, holds: bool) {
        let id = FactId(u32::try_from(self.hir.facts.len()).unwrap_or(u32::MAX));
        if !self.add_member(entity, &field.name, Member::Fact(id)) {
            return;
        }
        let mut ty = self.lower_type(&field.name, &field.ty);
        if matches!(ty, Type::Duty(_)) {
            self.report(type_errors::not_for_facts(&field.name, field.ty.span));
            ty = Type::Error;
        }
        if let (true, Type::List(child) | Type::One(child)) = (holds, &ty) {
            let depth = self.entity(entity).map_or(0, |e| e.depth) + 1;
            if let Some(child) = self.hir.entities.get_mut(child.index()) {
                child.parent = Some((entity, id));
                child.depth = depth;
            }
        }
        let slot = self.new_slot(entity, &ty);
        let mut fact = Fact {
            name: field.name.text.clone(),
            entity,
            ty,
            slot,
            ask: None,
            note: None,
            judgement: false,
            absent_is_false: false,
            span: field.name.span,
        };
        for attr in &field.attrs {
            self.fact_attribute(&mut fact, id, attr);
        }
        self.hir.facts.push(fact);
        if let Some(e) = self.hir.entities.get_mut(entity.index()) {
            e.facts.push(id);
        }
    }

    fn fact_attribute(&mut self, fact: &mut Fact, id: FactId, attr: &Attr) {
        match &attr.kind {
            AttrKind::Ask(text) => fact.ask = Some(text.text.clone()),
            AttrKind::Note(text) => fact.note = Some(text.text.clone()),
            AttrKind::Judgement => {
                if matches!(fact.ty, Type::List(_) | Type::One(_)) {
                    self.report(type_errors::attribute("酌定", "实体以外", &fact.name, attr.span));
                }
                fact.judgement = true;
            }
            AttrKind::AbsentIsFalse => {
                if !matches!(fact.ty, Type::Bool | Type::Error) {
                    self.report(type_errors::attribute("未载明视为否", "是否类", &fact.name, attr.span));
                }
                fact.absent_is_false = true;
            }
            AttrKind::Label => {
                if !matches!(fact.ty, Type::Text | Type::Error) {
                    self.report(type_errors::attribute("标识", "文本类", &fact.name, attr.span));
                }
                let first = self.entity(fact.entity).and_then(|e| e.label);
                match first.and_then(|f| self.hir.facts.get(f.index())).map(|f| f.span) {
                    Some(place) => self.report(errors::second_label(attr.span, place)),
                    None => {
                        if let Some(e) = self.hir.entities.get_mut(fact.entity.index()) {
                            e.label = Some(id);
                        }
                    }
                }
            }
            AttrKind::Default(_) => self.report(type_errors::default_on_fact(&fact.name, attr.span)),
        }
    }

    fn declare_conclusion(&mut self, entity: EntityId, field: &'a Field) {
        let id = ConclusionId(u32::try_from(self.hir.conclusions.len()).unwrap_or(u32::MAX));
        if !self.add_member(entity, &field.name, Member::Conclusion(id)) {
            return;
        }
        let mut ty = self.lower_type(&field.name, &field.ty);
        if matches!(ty, Type::List(_) | Type::One(_)) {
            self.report(type_errors::not_for_conclusions(&field.name, field.ty.span));
            ty = Type::Error;
        }
        let mut conclusion = Conclusion {
            name: field.name.text.clone(),
            entity,
            ty,
            default: None,
            note: None,
            span: field.name.span,
        };
        for attr in &field.attrs {
            match &attr.kind {
                AttrKind::Ask(text) | AttrKind::Note(text) => conclusion.note = Some(text.text.clone()),
                AttrKind::Default(value) => conclusion.default = self.lower_default(&conclusion, value),
                AttrKind::Judgement => {
                    self.report(type_errors::attribute_of_facts("酌定", &conclusion.name, attr.span));
                }
                AttrKind::AbsentIsFalse => {
                    self.report(type_errors::attribute_of_facts("未载明视为否", &conclusion.name, attr.span));
                }
                AttrKind::Label => {
                    self.report(type_errors::attribute_of_facts("标识", &conclusion.name, attr.span));
                }
            }
        }
        self.hir.conclusions.push(conclusion);
        if let Some(e) = self.hir.entities.get_mut(entity.index()) {
            e.conclusions.push(id);
        }
    }

    /// Records a member; false (with a complaint) if the entity has one of that name.
    pub fn add_member(&mut self, entity: EntityId, name: &Name, member: Member) -> bool {
        if let Some(first) = self.names.own(entity, &name.text) {
            let place = self.member_span(first);
            self.report(errors::duplicate(name, place));
            return false;
        }
        if let Some(members) = self.names.members.get_mut(entity.index()) {
            members.insert(name.text.clone(), member);
        }
        let places = self.names.everywhere.entry(name.text.clone()).or_default();
        if places.is_empty() {
            self.names.all.push(name.text.clone());
        }
        places.push((entity, member));
        true
    }

    /// Where a member was declared.
    pub fn member_span(&self, member: Member) -> Span {
        let span = match member {
            Member::Fact(id) => self.hir.facts.get(id.index()).map(|f| f.span),
            Member::Conclusion(id) => self.hir.conclusions.get(id.index()).map(|c| c.span),
            Member::Definition(id) => self.hir.definitions.get(id.index()).map(|d| d.span),
        };
        span.unwrap_or_default()
    }

    fn new_slot(&mut self, entity: EntityId, ty: &Type) -> Slot {
        let Some(e) = self.hir.entities.get_mut(entity.index()) else { return Slot::Value(0) };
        let next = |counter: &mut u32| {
            *counter += 1;
            *counter - 1
        };
        match ty {
            Type::Bool => Slot::Truth(next(&mut e.truth_slots)),
            Type::List(_) | Type::One(_) => Slot::Child(next(&mut e.child_slots)),
            Type::Int(_)
            | Type::Decimal(_)
            | Type::Money
            | Type::Date
            | Type::Period
            | Type::Text
            | Type::Enum(_)
            | Type::Multi(_)
            | Type::Duty(_)
            | Type::Error => Slot::Value(next(&mut e.value_slots)),
        }
    }

    fn lower_type(&mut self, field: &Name, ty: &TypeExpr) -> Type {
        let unit = |name: &Option<Name>| name.as_ref().map(|n| n.text.clone()).unwrap_or_default();
        match &ty.kind {
            TypeKind::Bool => Type::Bool,
            TypeKind::Int(name) => number_type(unit(name), Type::Int),
            TypeKind::Decimal(name) => number_type(unit(name), Type::Decimal),
            TypeKind::Money => Type::Money,
            TypeKind::Date => Type::Date,
            TypeKind::Period => Type::Period,
            TypeKind::Text => Type::Text,
            TypeKind::Duty => Type::Duty(self.duty_enum(ty.span)),
            TypeKind::InlineEnum { ordered, values } => Type::Enum(self.new_enum(field, *ordered, values)),
            TypeKind::Multi(values) => match values.as_slice() {
                [only] if self.names.enums.contains_key(&only.text) => {
                    self.names.enums.get(&only.text).copied().map_or(Type::Error, Type::Multi)
                }
                _ => Type::Multi(self.new_enum(field, false, values)),
            },
            TypeKind::Named(name) => match self.names.enums.get(&name.text) {
                Some(&id) => Type::Enum(id),
                None => {
                    self.unknown_type(name);
                    Type::Error
                }
            },
            TypeKind::Many(name) => {
                self.names.entities.get(&name.text).map_or(Type::Error, |&e| Type::List(e))
            }
            TypeKind::One(name) => self.names.entities.get(&name.text).map_or(Type::Error, |&e| Type::One(e)),
        }
    }

    fn unknown_type(&mut self, name: &Name) {
        let is_entity = self.names.entities.contains_key(&name.text);
        let near = super::types::nearest(
            &name.text,
            self.hir.enums.iter().map(|e| e.name.as_str()).chain(super::types::TYPE_WORDS),
        );
        self.report(errors::unknown_type(name, is_entity, near.as_deref()));
    }

    fn duty_enum(&mut self, span: Span) -> EnumId {
        if let Some(id) = self.names.duty {
            return id;
        }
        let id = EnumId(u32::try_from(self.hir.enums.len()).unwrap_or(u32::MAX));
        let values = DUTY_STATES.map(str::to_owned).to_vec();
        self.hir.enums.push(EnumDef { name: "义务状态".to_owned(), ordered: false, values, span });
        self.names.duty = Some(id);
        id
    }
}

/// Names of all drafts.
fn index_names<'d>(drafts: &'d [Draft<'_>]) -> impl Iterator<Item = &'d str> {
    drafts.iter().map(|d| d.name.text.as_str())
}

/// 整数（元） is money.
fn number_type(unit: String, make: fn(String) -> Type) -> Type {
    if unit == "元" { Type::Money } else { make(unit) }
}

fn new_entity(name: &str) -> Entity {
    Entity {
        name: name.to_owned(),
        parent: None,
        depth: 0,
        facts: Vec::new(),
        conclusions: Vec::new(),
        label: None,
        truth_slots: 0,
        value_slots: 0,
        child_slots: 0,
    }
}
