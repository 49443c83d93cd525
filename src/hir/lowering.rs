//! The state of one lowering: the program so far, the indexes over it, what is still to be resolved.
use super::model::{
    Entity, EntityId, Exception, Expr, ExprId, ExprKind, FactId, Header, Hir, ProvisionId, RuleId, Type,
};
use super::names::Names;
use super::priorities::Group;
use super::provisions::Places;
use super::source::{self, Law, LoadedFile, Placed};
use super::usage::Used;
use crate::base::{Address, Span};
use crate::diag::{Diagnostic, tidy};
use crate::syntax::ast;

/// The root entity.
pub(super) const ROOT: EntityId = EntityId(0);

/// Deepest chain of 但书 within one clause.
pub(super) const PROVISO_LIMIT: usize = 64;

/// Everything known while lowering.
pub(super) struct Lowering<'a> {
    /// All top-level items in reading order.
    pub placed: Vec<Placed<'a>>,
    /// The laws among the files.
    pub laws: Vec<Law>,
    /// The program so far.
    pub hir: Hir,
    /// What is wrong.
    pub diags: Vec<Diagnostic>,
    /// Who is called what.
    pub names: Names,
    /// Provisions and their trees.
    pub places: Places<'a>,
    /// Definitions and their trees, parallel to `hir.definitions`.
    pub meanings: Vec<super::definitions::Meaning<'a>>,
    /// What has been referred to.
    pub used: Used,
    /// Parallel to `hir.rules`.
    pub made: Vec<Made>,
    /// 依照 clauses to be expanded once all rules stand.
    pub copies: Vec<super::copies::Copy>,
    /// 符合 expressions to be filled in once all rules stand.
    pub meets: Vec<PendingMeets>,
    /// What 符合 means for a provision.
    pub conditions: Vec<StatedCondition>,
    /// Priorities as stated.
    pub groups: Vec<Group>,
    /// Comparisons of truths, which use both sides twice.
    pub equivalences: Vec<ExprId>,
    /// The main file's title block.
    header: Option<&'a ast::Header>,
}

/// What is known of a rule beyond the program itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Made {
    /// The condition of its own item: what 依照 keeps of the guard.
    pub item: Option<ExprId>,
}

/// 符合 ADDR, not yet resolved.
#[derive(Clone, Debug)]
pub(super) struct PendingMeets {
    /// The expression.
    pub expr: ExprId,
    /// The provisions.
    pub targets: Vec<ProvisionId>,
}

/// A condition stated at a provision.
#[derive(Clone, Debug)]
pub(super) struct StatedCondition {
    /// Where.
    pub provision: ProvisionId,
    /// What.
    pub what: Stated,
    /// The provision whose rule already takes it in: 符合 that one leaves this out.
    pub within: Option<ProvisionId>,
}

/// Kinds of stated conditions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stated {
    /// A rule's guard.
    Rule(RuleId),
    /// An expression.
    Expr(ExprId),
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// Whose names are innermost.
    pub entity: EntityId,
    /// Provision, for relative references.
    pub provision: Option<ProvisionId>,
    /// The law, for references without 《》.
    pub law: usize,
    /// Inside the body of a quantifier over 其他 members.
    pub other: bool,
    /// A condition of a rule (so that 符合 may not lead back to its own provision).
    pub guard: bool,
}

impl Scope {
    /// A plain place.
    pub fn new(entity: EntityId, provision: Option<ProvisionId>, law: usize) -> Self {
        Self { entity, provision, law, other: false, guard: false }
    }

    /// The same place, another entity.
    pub fn of(self, entity: EntityId) -> Self {
        Self { entity, other: false, ..self }
    }
}

impl<'a> Lowering<'a> {
    /// Before anything is declared.
    pub fn new(files: &'a [LoadedFile]) -> Self {
        let (placed, laws) = source::arrange(files);
        Self {
            placed,
            laws,
            hir: Hir::default(),
            diags: Vec::new(),
            names: Names::default(),
            places: Places::default(),
            meanings: Vec::new(),
            used: Used::default(),
            made: Vec::new(),
            copies: Vec::new(),
            meets: Vec::new(),
            conditions: Vec::new(),
            groups: Vec::new(),
            equivalences: Vec::new(),
            header: files.first().and_then(|f| f.file.header.as_ref()),
        }
    }

    /// The program and its diagnostics.
    pub fn finish(mut self) -> (Hir, Vec<Diagnostic>) {
        self.hir.header = self.header.map(lower_header).unwrap_or_default();
        tidy(&mut self.diags);
        (self.hir, self.diags)
    }

    /// Records what is wrong.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diags.push(diagnostic);
    }

    /// A new expression.
    pub fn push(&mut self, kind: ExprKind, ty: Type, entity: EntityId, span: Span) -> ExprId {
        let id = ExprId(u32::try_from(self.hir.exprs.len()).unwrap_or(u32::MAX));
        self.hir.exprs.push(Expr { kind, ty, entity, span });
        id
    }

    /// A truth-typed expression.
    pub fn push_truth(&mut self, kind: ExprKind, entity: EntityId, span: Span) -> ExprId {
        self.push(kind, Type::Bool, entity, span)
    }

    /// Stands where something has been complained about.
    pub fn push_error(&mut self, span: Span) -> ExprId {
        self.push(ExprKind::Error, Type::Error, ROOT, span)
    }

    /// Type of an expression.
    pub fn ty(&self, id: ExprId) -> Type {
        self.hir.exprs.get(id.index()).map_or(Type::Error, |e| e.ty.clone())
    }

    /// Where an expression is computed.
    pub fn entity_of(&self, id: ExprId) -> EntityId {
        self.hir.exprs.get(id.index()).map_or(ROOT, |e| e.entity)
    }

    /// Place of an expression.
    pub fn span_of(&self, id: ExprId) -> Span {
        self.hir.exprs.get(id.index()).map(|e| e.span).unwrap_or_default()
    }

    /// An entity.
    pub fn entity(&self, id: EntityId) -> Option<&Entity> {
        self.hir.entities.get(id.index())
    }

    /// Name of an entity.
    pub fn entity_name(&self, id: EntityId) -> &str {
        self.entity(id).map_or("", |e| e.name.as_str())
    }

    /// The containing entity and field.
    pub fn parent_of(&self, id: EntityId) -> Option<(EntityId, FactId)> {
        self.entity(id).and_then(|e| e.parent)
    }

    /// Whether `inner` is `outer` or lies below it.
    pub fn is_within(&self, inner: EntityId, outer: EntityId) -> bool {
        let mut at = Some(inner);
        while let Some(entity) = at {
            if entity == outer {
                return true;
            }
            at = self.parent_of(entity).map(|(parent, _)| parent);
        }
        false
    }

    /// The deeper of two entities of one chain.
    pub fn deeper(&self, a: EntityId, b: EntityId) -> EntityId {
        let depth = |id| self.entity(id).map_or(0, |e| e.depth);
        if depth(b) > depth(a) { b } else { a }
    }

    /// Where an expression over `parts` is computed.
    pub fn join(&self, parts: &[ExprId]) -> EntityId {
        parts.iter().fold(ROOT, |deepest, &part| self.deeper(deepest, self.entity_of(part)))
    }

    /// 且 over the parts; 是 if there is none.
    pub fn all_of(&mut self, parts: &[ExprId], span: Span) -> ExprId {
        match parts {
            [] => self.push_truth(ExprKind::Bool(true), ROOT, span),
            [only] => *only,
            many => {
                let entity = self.join(many);
                self.push_truth(ExprKind::And(many.to_vec()), entity, span)
            }
        }
    }

    /// 或者 over the parts; 否 if there is none.
    pub fn any_of(&mut self, parts: &[ExprId], span: Span) -> ExprId {
        match parts {
            [] => self.push_truth(ExprKind::Bool(false), ROOT, span),
            [only] => *only,
            many => {
                let entity = self.join(many);
                self.push_truth(ExprKind::Or(many.to_vec()), entity, span)
            }
        }
    }

    /// 未
    pub fn not(&mut self, part: ExprId, span: Span) -> ExprId {
        let entity = self.entity_of(part);
        self.push_truth(ExprKind::Not(part), entity, span)
    }

    /// `cond` unless one of the exceptions applies, as an expression.
    pub fn unless(&mut self, cond: ExprId, exceptions: &[Exception], span: Span) -> ExprId {
        let mut parts = vec![cond];
        for exception in exceptions {
            let applies = self.unless(exception.cond, &exception.inner, span);
            parts.push(self.not(applies, span));
        }
        self.all_of(&parts, span)
    }

    /// Address of a provision.
    pub fn address(&self, id: ProvisionId) -> Address {
        self.hir.provisions.get(id.index()).map(|p| p.address.clone()).unwrap_or_default()
    }
}

/// The title block as the reader sees it.
fn lower_header(header: &ast::Header) -> Header {
    let text = |key| header.texts.iter().find(|(k, _)| *k == key).map(|(_, t)| t.text.clone());
    let date = |key| header.dates.iter().find(|(k, ..)| *k == key).map(|(_, d, _)| *d);
    let effective = date(ast::HeaderDateKey::Effective);
    let version = text(ast::HeaderKey::Version).or_else(|| effective.map(|date| date.to_string()));
    let amended: Vec<String> = header
        .texts
        .iter()
        .filter(|(key, _)| *key == ast::HeaderKey::Amended)
        .map(|(_, text)| text.text.clone())
        .collect();
    let version: Vec<String> =
        version.into_iter().chain(amended.last().map(|last| format!("{last}修正"))).collect();
    Header {
        title: header.title.text.clone(),
        short_title: text(ast::HeaderKey::ShortTitle).unwrap_or_default(),
        issuer: text(ast::HeaderKey::Issuer).unwrap_or_default(),
        number: text(ast::HeaderKey::Number).unwrap_or_default(),
        version: version.join("，"),
        amended,
        promulgated: date(ast::HeaderDateKey::Promulgated),
        effective,
        original: text(ast::HeaderKey::Original),
    }
}
