//! Statements of provisions to rules: premises, lists of items, what each makes.
use super::consequences::Site;
use super::errors::{names as errors, rules as rule_errors};
use super::lowering::{Lowering, ROOT, Scope, Stated, StatedCondition};
use super::model::{EntityId, Exception, ExprId, ListKind, ProvisionId, ScopeClause};
use super::priorities::{Group, GroupKind, Side};
use super::provisos::{Override, Plan};
use crate::base::Span;
use crate::syntax::ast::{self, StatementKind, TopItem};

/// What a list rule hands down to its items.
#[derive(Clone, Debug, Default)]
pub(super) struct Inherit {
    /// 凡 X of the list rule.
    entity: Option<EntityId>,
    /// Conditions of the list rule, for 按下列规定.
    premise: Vec<ExprId>,
    /// Exceptions of the list rule, for 按下列规定.
    exceptions: Vec<Exception>,
    /// 除…另有规定外 of the list rule, for 按下列规定.
    groups: Vec<usize>,
    /// Kind of the list, if there is one.
    list: Option<ListKind>,
}

/// The condition of an item, or of one sub-item of an item that has a list itself.
#[derive(Clone, Debug)]
pub(super) struct ItemPart<'a> {
    /// Which provision states it.
    pub provision: ProvisionId,
    /// Condition.
    pub cond: ExprId,
    /// Its own 但…除外.
    pub exceptions: Vec<Exception>,
    /// Its own 但 with consequences.
    pub overrides: Vec<Override<'a>>,
}

impl<'a> Lowering<'a> {
    /// Lowers scope clauses, then all rules and priorities, article by article.
    pub fn lower_statements(&mut self) {
        let scopes = self.lower_scopes();
        for placed in self.placed.clone() {
            let TopItem::Statement(statement) = placed.item else { continue };
            match &statement.kind {
                StatementKind::Priority { higher, lower } => {
                    self.state_priority(higher, lower, Scope::new(ROOT, None, placed.law), statement.span);
                }
                // Rules outside any article have been reported by the parser.
                StatementKind::Rule(_)
                | StatementKind::Condition { .. }
                | StatementKind::Definition(_)
                | StatementKind::Scope(_) => {}
            }
        }
        for law in 0..self.laws.len() {
            let premise = if law == 0 { Vec::new() } else { scopes.get(law).cloned().unwrap_or_default() };
            let inherit = Inherit { premise, ..Inherit::default() };
            for article in self.places.articles.get(law).cloned().unwrap_or_default() {
                self.lower_provision(article, &inherit);
            }
        }
    }

    /// 适用于: of the law itself into the program, of other laws (by law) for the premises of their rules.
    fn lower_scopes(&mut self) -> Vec<Vec<ExprId>> {
        let mut clauses: Vec<(usize, Option<ProvisionId>, &'a ast::Expr)> = Vec::new();
        for placed in &self.placed {
            if let TopItem::Statement(ast::Statement { kind: StatementKind::Scope(cond), .. }) = placed.item {
                clauses.push((placed.law, None, cond));
            }
        }
        for (index, tree) in self.places.trees.iter().enumerate() {
            let id = ProvisionId(u32::try_from(index).unwrap_or(u32::MAX));
            for statement in tree.iter().flat_map(|t| &t.statements) {
                if let StatementKind::Scope(cond) = &statement.kind {
                    clauses.push((self.law_of(id), Some(id), cond));
                }
            }
        }
        let mut of_laws = vec![Vec::new(); self.laws.len()];
        for (law, provision, cond) in clauses {
            let cond = self.lower_cond(cond, Scope::new(ROOT, provision, law));
            if law == 0 {
                self.hir.scope.push(ScopeClause { cond, provision });
            } else if let Some(conds) = of_laws.get_mut(law) {
                conds.push(cond);
            }
        }
        of_laws
    }

    /// Recursion: at most 条 款 项 目.
    fn lower_provision(&mut self, id: ProvisionId, inherit: &Inherit) {
        let Some(tree) = self.places.trees.get(id.index()).copied().flatten() else { return };
        let mut hand = Inherit { premise: self.law_premise(id, inherit), ..Inherit::default() };
        let mut children_done = false;
        for statement in &tree.statements {
            match &statement.kind {
                StatementKind::Rule(rule) if is_nested_list(rule, inherit.list) => {
                    hand = Inherit { list: inherit.list, entity: inherit.entity, ..Inherit::default() };
                }
                StatementKind::Rule(rule) => {
                    let (next, done) = self.lower_rule(id, rule, inherit, statement.span, children_done);
                    if rule.list.is_some() || rule.proviso.as_ref().is_some_and(|p| proviso_list(p)) {
                        hand = next;
                    }
                    children_done |= done;
                }
                StatementKind::Condition { cond, .. } => match inherit.list {
                    Some(ListKind::Any | ListKind::All) => {}
                    Some(ListKind::Each) => self.report(rule_errors::condition_under_each(cond.span)),
                    None => self.report(rule_errors::condition_without_list(cond.span)),
                },
                StatementKind::Priority { higher, lower } => {
                    let at = Scope::new(ROOT, Some(id), self.law_of(id));
                    self.state_priority(higher, lower, at, statement.span);
                }
                StatementKind::Definition(_) | StatementKind::Scope(_) => {}
            }
        }
        if !children_done {
            for child in self.places.children_of(id).to_vec() {
                self.lower_provision(child, &hand);
            }
        }
    }

    /// The premise that comes from another law's scope clause passes to all levels.
    fn law_premise(&self, id: ProvisionId, inherit: &Inherit) -> Vec<ExprId> {
        if self.law_of(id) == 0 || inherit.list.is_some() { Vec::new() } else { inherit.premise.clone() }
    }

    /// One rule; gives what its items inherit and whether they have been lowered already.
    fn lower_rule(
        &mut self,
        id: ProvisionId,
        rule: &'a ast::Rule,
        inherit: &Inherit,
        span: Span,
        children_done: bool,
    ) -> (Inherit, bool) {
        let entity = self.rule_entity(rule, inherit);
        let at = Scope { guard: true, ..Scope::new(entity, Some(id), self.law_of(id)) };
        let each_above = inherit.list == Some(ListKind::Each) || inherit.list.is_none();
        let (mut premise, mut exceptions, mut groups) = if each_above {
            (inherit.premise.clone(), inherit.exceptions.clone(), inherit.groups.clone())
        } else {
            (Vec::new(), Vec::new(), Vec::new())
        };
        groups.extend(self.except_group(&rule.except, at, span));
        let own = rule.premise.as_ref().map(|p| self.lower_cond(p, at));
        // In an item of 按下列规定 the rule's own condition is the item's: 依照 keeps it.
        let item: Vec<ExprId> = if inherit.list == Some(ListKind::Each) && rule.list.is_none() {
            own.into_iter().collect()
        } else {
            premise.extend(own);
            Vec::new()
        };

        let mut plan = Plan::default();
        if let Some(proviso) = &rule.proviso {
            self.check_proviso_lists(rule, proviso);
            let of_proviso = self.plan_proviso(proviso, id, at, &[], None, &mut plan);
            exceptions.extend(of_proviso);
        }
        let inherited = if each_above { inherit.exceptions.clone() } else { Vec::new() };
        let site = Site { provision: id, entity, premise, item, exceptions, inherited, groups, span };
        let mut all_items: Vec<ExprId> = Vec::new();
        let mut made = Side::default();
        let mut children_lowered = false;
        let kind = rule.list.as_ref().map(|l| l.kind);
        let mut hand = Inherit { entity: Some(entity), list: kind, ..Inherit::default() };
        match (&rule.list, kind) {
            (None, _) | (_, None) => {
                made.add(self.make_rules(&site, &rule.consequences));
                if plan.lists_items {
                    hand.list = Some(ListKind::Any);
                }
            }
            (Some(list), Some(ListKind::Any)) => {
                all_items = self.make_any(&site, rule, list.span, at, &mut made);
            }
            (Some(list), Some(ListKind::All)) => {
                all_items = self.make_all(&site, rule, list.span, at, &mut made);
            }
            (Some(list), Some(ListKind::Each)) => {
                hand.premise.clone_from(&site.premise);
                hand.exceptions.clone_from(&site.exceptions);
                hand.groups.clone_from(&site.groups);
                children_lowered = self.make_each(&site, rule, list.span, &hand, children_done, &mut made);
            }
        }
        self.make_overrides(&site, &all_items, &plan.overrides, &made);
        (hand, children_lowered)
    }

    /// 凡 X, else what the list rule above says, else the root.
    fn rule_entity(&mut self, rule: &ast::Rule, inherit: &Inherit) -> EntityId {
        let above = inherit.entity.unwrap_or(ROOT);
        let Some(name) = &rule.each else { return above };
        let Some(&entity) = self.names.entities.get(&name.text) else {
            let near = super::types::nearest(&name.text, self.hir.entities.iter().map(|e| e.name.as_str()));
            self.report(errors::unknown_entity(name, near.as_deref()));
            // Going on with the entity that was meant spares the drafter what would only follow from this.
            return near.and_then(|n| self.names.entities.get(&n)).copied().unwrap_or(above);
        };
        if self.is_within(entity, above) {
            return entity;
        }
        let (inner, outer) = (self.entity_name(entity).to_owned(), self.entity_name(above).to_owned());
        self.report(rule_errors::scope_not_within(name.span, &inner, &outer));
        entity
    }

    /// 除第X条另有规定外
    fn except_group(&mut self, except: &[ast::Reference], at: Scope, span: Span) -> Option<usize> {
        if except.is_empty() {
            return None;
        }
        let provisions = self.resolve_references(except, at);
        if let Some(&own) =
            provisions.iter().find(|&&t| at.provision.is_some_and(|p| self.places.covers(t, p)))
        {
            let address = self.address(own);
            self.report(rule_errors::refers_to_itself(span, "除……另有规定外", &address));
            return None;
        }
        let span = except.iter().map(|r| r.span).reduce(Span::to).unwrap_or(span);
        let high = Side { provisions, ..Side::default() };
        self.groups.push(Group { high, low: Side::default(), kind: GroupKind::Except, span });
        Some(self.groups.len() - 1)
    }

    /// 有下列情形之一的: a rule for each item.
    fn make_any(
        &mut self,
        site: &Site,
        rule: &'a ast::Rule,
        list: Span,
        at: Scope,
        made: &mut Side,
    ) -> Vec<ExprId> {
        let mut holds = Vec::new();
        for part in self.item_parts(site.provision, list, at) {
            let mut exceptions = site.exceptions.clone();
            exceptions.extend(part.exceptions.iter().cloned());
            let of_item = Site {
                provision: part.provision,
                item: vec![part.cond],
                exceptions,
                span: self.provision_span(part.provision),
                ..site.clone()
            };
            let here = self.make_rules(&of_item, &rule.consequences);
            let base = Site { item: Vec::new(), ..of_item };
            self.make_overrides(&base, &[part.cond], &part.overrides, &here);
            made.add(here);
            holds.push(self.unless(part.cond, &part.exceptions, list));
        }
        vec![self.any_of(&holds, list)]
    }

    /// 同时符合下列条件的: one rule over all items.
    fn make_all(
        &mut self,
        site: &Site,
        rule: &'a ast::Rule,
        list: Span,
        at: Scope,
        made: &mut Side,
    ) -> Vec<ExprId> {
        let parts = self.item_parts_grouped(site.provision, list, at);
        let mut item = Vec::new();
        let mut overrides = Vec::new();
        for group in parts {
            let mut holds = Vec::new();
            for part in group {
                self.conditions.push(StatedCondition {
                    provision: part.provision,
                    what: Stated::Expr(part.cond),
                    within: Some(site.provision),
                });
                holds.push(self.unless(part.cond, &part.exceptions, list));
                overrides.extend(part.overrides);
            }
            item.push(self.any_of(&holds, list));
        }
        let whole = Site { item: item.clone(), ..site.clone() };
        let here = self.make_rules(&whole, &rule.consequences);
        self.make_overrides(site, &item, &overrides, &here);
        made.add(here);
        item
    }

    /// 按下列规定: items are rules of their own under this premise.
    fn make_each(
        &mut self,
        site: &Site,
        rule: &'a ast::Rule,
        list: Span,
        hand: &Inherit,
        children_done: bool,
        made: &mut Side,
    ) -> bool {
        if !rule.consequences.is_empty() {
            made.add(self.make_rules(site, &rule.consequences));
        }
        let items = self.places.items_of(site.provision);
        if items.is_empty() {
            self.report(rule_errors::list_without_items(list));
        }
        if children_done {
            return true;
        }
        let (rules, copies) = (self.hir.rules.len(), self.copies.len());
        for child in self.places.children_of(site.provision).to_vec() {
            self.lower_provision(child, hand);
        }
        made.add(Side::between(rules..self.hir.rules.len(), copies..self.copies.len()));
        true
    }

    /// Conditions of the items below a list rule; an item with a list of its own may give several.
    pub fn item_parts(&mut self, holder: ProvisionId, list: Span, at: Scope) -> Vec<ItemPart<'a>> {
        self.item_parts_grouped(holder, list, at).into_iter().flatten().collect()
    }

    fn item_parts_grouped(&mut self, holder: ProvisionId, list: Span, at: Scope) -> Vec<Vec<ItemPart<'a>>> {
        let items = self.places.items_of(holder);
        if items.is_empty() {
            self.report(rule_errors::list_without_items(list));
        }
        items.into_iter().map(|item| self.item_condition(item, at)).collect()
    }

    /// The condition of one item. Recursion: an item within an item, no deeper than 目.
    fn item_condition(&mut self, item: ProvisionId, at: Scope) -> Vec<ItemPart<'a>> {
        let Some(tree) = self.places.trees.get(item.index()).copied().flatten() else { return Vec::new() };
        let at = Scope { provision: Some(item), ..at };
        let mut out: Vec<ItemPart<'a>> = Vec::new();
        let mut stated = 0;
        for statement in &tree.statements {
            match &statement.kind {
                StatementKind::Condition { cond, proviso } => {
                    stated += 1;
                    let cond = self.lower_cond(cond, at);
                    let mut plan = Plan::default();
                    let exceptions = match proviso {
                        Some(p) => self.plan_proviso(p, item, at, &[], None, &mut plan),
                        None => Vec::new(),
                    };
                    out.push(ItemPart { provision: item, cond, exceptions, overrides: plan.overrides });
                }
                StatementKind::Rule(rule) if is_nested_list(rule, Some(ListKind::Any)) => {
                    stated += 1;
                    out.extend(self.nested_list(item, rule, at));
                }
                StatementKind::Rule(_)
                | StatementKind::Definition(_)
                | StatementKind::Priority { .. }
                | StatementKind::Scope(_) => {}
            }
            if stated > 1 {
                self.report(rule_errors::several_conditions(statement.span));
                stated = 1;
            }
        }
        if out.is_empty() && stated == 0 {
            let address = self.address(item);
            self.report(rule_errors::item_without_condition(&address, tree.label, tree.children.is_empty()));
        }
        let holds: Vec<ExprId> = out.iter().map(|p| p.cond).collect();
        if !holds.is_empty() {
            let whole = self.any_of(&holds, tree.label);
            self.state_condition(item, whole);
        }
        out
    }

    /// A list within an item.
    fn nested_list(&mut self, item: ProvisionId, rule: &'a ast::Rule, at: Scope) -> Vec<ItemPart<'a>> {
        let Some(list) = &rule.list else { return Vec::new() };
        let premise = rule.premise.as_ref().map(|p| self.lower_cond(p, at));
        let mut plan = Plan::default();
        let extra = match &rule.proviso {
            Some(p) => self.plan_proviso(p, item, at, &[], None, &mut plan),
            None => Vec::new(),
        };
        let parts = self.item_parts(item, list.span, at);
        if list.kind == ListKind::Any {
            self.reject_overrides(&plan.overrides);
        }
        match list.kind {
            ListKind::Any => {
                let with = |work: &mut Self, mut part: ItemPart<'a>| {
                    let both: Vec<ExprId> = premise.into_iter().chain([part.cond]).collect();
                    part.cond = work.all_of(&both, list.span);
                    part.exceptions.extend(extra.iter().cloned());
                    part
                };
                parts.into_iter().map(|part| with(self, part)).collect()
            }
            ListKind::All => {
                let mut conds: Vec<ExprId> = premise.into_iter().collect();
                for part in &parts {
                    conds.push(self.unless(part.cond, &part.exceptions, list.span));
                    self.conditions.push(StatedCondition {
                        provision: part.provision,
                        what: Stated::Expr(part.cond),
                        within: Some(item),
                    });
                }
                let cond = self.all_of(&conds, list.span);
                vec![ItemPart { provision: item, cond, exceptions: extra, overrides: plan.overrides }]
            }
            ListKind::Each => {
                self.report(rule_errors::each_within_conditions(list.span));
                Vec::new()
            }
        }
    }

    /// Records the condition a provision states, once.
    pub fn state_condition(&mut self, provision: ProvisionId, cond: ExprId) {
        if let Some(p) = self.hir.provisions.get_mut(provision.index())
            && p.condition.is_none()
        {
            p.condition = Some(cond);
        }
    }

    /// Computes whom the rules of each provision are about, from the text alone.
    pub fn declare_bases(&mut self) {
        let count = self.hir.provisions.len();
        let mut bases = vec![ROOT; count];
        let mut handed: Vec<Option<EntityId>> = vec![None; count];
        for index in 0..count {
            let parent = self.hir.provisions.get(index).and_then(|p| p.parent);
            let from_above = parent.and_then(|p| handed.get(p.index()).copied().flatten());
            let own = from_above.unwrap_or(ROOT);
            let mut base = own;
            if let Some(tree) = self.places.trees.get(index).copied().flatten() {
                for statement in &tree.statements {
                    let StatementKind::Rule(rule) = &statement.kind else { continue };
                    let each = rule.each.as_ref().and_then(|n| self.names.entities.get(&n.text)).copied();
                    let entity = each.unwrap_or(own);
                    base = self.deeper(base, entity);
                    if (rule.list.is_some() || rule.proviso.as_ref().is_some_and(|p| proviso_list(p)))
                        && let Some(slot) = handed.get_mut(index)
                    {
                        *slot = Some(entity);
                    }
                }
            } else if let Some(parent) = parent {
                base = bases.get(parent.index()).copied().unwrap_or(ROOT);
            }
            if let Some(slot) = bases.get_mut(index) {
                *slot = base;
            }
        }
        self.places.bases = bases;
    }

    /// The deepest entity that rules at or below a provision are about.
    pub fn base_entity_below(&self, id: ProvisionId) -> EntityId {
        let bases = self.places.below(id).filter_map(|i| self.places.bases.get(i as usize).copied());
        bases.fold(ROOT, |deepest, base| self.deeper(deepest, base))
    }
}

/// A list without consequences inside an item: part of the item's condition.
fn is_nested_list(rule: &ast::Rule, above: Option<ListKind>) -> bool {
    matches!(above, Some(ListKind::Any | ListKind::All))
        && rule.list.is_some()
        && rule.consequences.is_empty()
}

/// Whether some 但书 of the chain lists exceptions.
pub(super) fn proviso_list(proviso: &ast::Proviso) -> bool {
    let mut at = Some(proviso);
    while let Some(p) = at {
        if p.list.is_some() {
            return true;
        }
        at = p.inner.as_deref();
    }
    false
}
