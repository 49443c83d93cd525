//! One operation of an amending decision: its head, and what it gives.
use super::failure::word_of;
use super::kids::{Kids, Node};
use super::{Builder, kids_of};
use crate::base::{Address, PartKind, Span, numeral};
use crate::syntax::ast::{
    Claim, HeadingAddress, Level, Operation, OperationKind, Payload, Place, PlaceKind, Position, Target,
    WordChange,
};
use crate::syntax::chunk::{Chunk, is_blank};
use crate::syntax::errors::decision as errors;
use crate::syntax::grammar::{Grammar, Rule};
use pest::Parser;

/// Where in the text of a chunk the rest of an operation stands, and where the chunk ends in the file.
#[derive(Clone, Copy)]
struct Given {
    start: usize,
    end: usize,
}

impl Builder<'_> {
    /// `一、…`; `end` is where the next chunk of the file begins.
    pub fn operation(&mut self, chunk: &Chunk, end: usize) -> Option<Operation> {
        let span = self.whole(chunk);
        let digits = chunk.text.trim_start_matches(is_blank).split('、').next().unwrap_or("");
        let number = numeral::parse_integer(digits).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let label_end = chunk.text.find('、').map_or(0, |at| at + '、'.len_utf8());
        let start = chunk.text.len() - chunk.text.trim_start_matches(is_blank).len();
        let label = self.at(start, label_end);
        let mut operation = Operation {
            number,
            label,
            kind: OperationKind::Broken,
            claim: None,
            effective: None,
            head: span,
            span,
        };
        match Grammar::parse(Rule::chunk_operation, &chunk.text) {
            Ok(pairs) => {
                let node = kids_of(pairs)?.find(|n| !matches!(n.as_rule(), Rule::op_label | Rule::EOI))?;
                self.read_operation(node, &chunk.text, end, &mut operation);
            }
            Err(error) => match self.commonly_missed(chunk, label_end) {
                Some(diag) => self.diags.push(diag),
                None => self.failure(&error, &chunk.text),
            },
        }
        Some(operation)
    }

    /// What drafters leave out.
    fn commonly_missed(&self, chunk: &Chunk, label_end: usize) -> Option<crate::diag::Diagnostic> {
        let rest = chunk.text.get(label_end..)?;
        let head = rest.split(['：', ':', '。', '\n']).next().unwrap_or(rest).trim_end_matches(is_blank);
        let at = self.at(label_end, label_end + head.len());
        let has = |words: &[&str]| words.iter().any(|w| head.contains(w));
        if !has(&["修改为", "删去", "删除", "废止", "增加"]) {
            return Some(errors::no_operation(at));
        }
        if head.contains(['“', '”', '"']) && !head.contains('「') {
            return Some(errors::wrong_quotes(at));
        }
        let counted = ["一条", "一款", "一项", "一目", "一章", "一节", "条", "款", "项", "目"];
        let added = head.split("增加").nth(1)?;
        (counted.iter().any(|w| added.contains(w)) && !added.contains("作为") && !added.contains('「'))
            .then(|| errors::no_label(at))
    }

    fn read_operation(&mut self, node: Node<'_>, text: &str, end: usize, operation: &mut Operation) {
        let rule = node.as_rule();
        let kids = Kids::of(node);
        let given = kids.clone().find(|n| matches!(n.as_rule(), Rule::op_given | Rule::op_declaration));
        if let Some(given) = &given {
            let head = text.get(..given.as_span().start()).unwrap_or("").trim_end_matches(is_blank);
            operation.head = self.at(0, head.len());
            operation.head.start = operation.span.start;
        }
        if let Some(claim) = kids.clone().find(|n| n.as_rule() == Rule::claim) {
            operation.claim = self.claim(claim, rule);
        }
        let given = given.map(|n| Given { start: n.as_span().start(), end: end.saturating_sub(self.base) });
        let kind = match rule {
            Rule::op_uniform => self.uniform(kids),
            Rule::op_delete => self.deletion(kids, text, given),
            Rule::op_declare => self.declare(kids, text, given),
            Rule::op_fields => self.added_fields(kids, text, given),
            Rule::op_insert => self.insertion(kids, text, given, operation.head),
            Rule::op_values => self.added_values(kids),
            Rule::op_rename => self.rename(kids),
            Rule::op_words => self.words(kids),
            Rule::op_clause => self.new_clause(kids, text, given),
            Rule::op_redeclare => self.redeclare(kids, text, given),
            _ => self.replacement(kids, text, given, operation.head),
        };
        operation.kind = kind.unwrap_or(OperationKind::Broken);
    }

    fn claim(&mut self, node: Node<'_>, rule: Rule) -> Option<(Claim, Span)> {
        let word = Kids::of(node).seek(Rule::k_claim)?;
        let span = self.span(&word);
        let claim = match word.as_str() {
            "条款不变" => Claim::TextOnly,
            "原文不变" => Claim::ClauseOnly,
            "条款一并修改" => Claim::NamesToo,
            _ => Claim::Compared,
        };
        let fits = match claim {
            Claim::TextOnly | Claim::Compared => {
                matches!(rule, Rule::op_words | Rule::op_uniform | Rule::op_replace | Rule::op_delete)
            }
            Claim::ClauseOnly => matches!(rule, Rule::op_replace | Rule::op_clause),
            Claim::NamesToo => matches!(rule, Rule::op_words | Rule::op_uniform),
        };
        if !fits {
            self.diags.push(errors::idle_claim(span, word.as_str()));
            return None;
        }
        Some((claim, span))
    }

    // ------------------------------------------------------------ places

    fn place(&mut self, node: Node<'_>) -> Option<Place> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let first = kids.next()?;
        let kind = if first.as_rule() == Rule::op_heading {
            PlaceKind::Heading(self.heading_address(first)?)
        } else {
            let from = self.own_address(&first)?;
            match kids.seek(Rule::address) {
                Some(last) => PlaceKind::Range(from, self.own_address(&last)?),
                None => PlaceKind::Provision(from),
            }
        };
        Some(Place { kind, span })
    }

    fn own_address(&mut self, node: &Node<'_>) -> Option<Address> {
        let address = self.address(node)?;
        if !address.law.is_empty() || node.as_str().starts_with("本条") {
            let at = self.span(node);
            self.diags.push(errors::misfit(
                at,
                "修改决定只能修改所写明的那一部规范",
                "条款项直接写“第一条第二项”，前面不写《》，也不写“本条”",
            ));
            return None;
        }
        Some(address)
    }

    fn heading_address(&mut self, node: Node<'_>) -> Option<HeadingAddress> {
        let mut found = HeadingAddress { chapter: 0, section: None };
        for label in Kids::of(node).filter(|n| n.as_rule() == Rule::heading_label) {
            let (number, _) = self.label_number(&label, PartKind::Article);
            if label.as_str().ends_with('章') && found.section.is_none() {
                found.chapter = number;
            } else {
                found.section = Some(number);
            }
        }
        (found.chapter > 0 || found.section.is_some()).then_some(found)
    }

    fn target(&mut self, node: Node<'_>) -> Option<Target> {
        let inner = Kids::of(node).next()?;
        match inner.as_rule() {
            Rule::op_place => self.place(inner).map(Target::Place),
            _ => self.declared(inner),
        }
    }

    fn declared(&mut self, node: Node<'_>) -> Option<Target> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let word = kids.next()?;
        let mut names: Vec<_> = kids.filter(|n| n.as_rule() == Rule::name).map(|n| self.name(&n)).collect();
        Some(match word.as_rule() {
            Rule::k_enum => Target::Enum(names.pop()?),
            Rule::k_term => {
                let name = names.pop()?;
                Target::Definition { entity: names.pop(), name }
            }
            rule => {
                let rest = names.split_off(names.len().min(1));
                let conclusions = rule == Rule::k_conclusions;
                Target::Fields { conclusions, entity: names.pop()?, names: rest, span }
            }
        })
    }

    fn position(&mut self, node: Node<'_>) -> Option<Position> {
        let mut targets = Vec::new();
        let mut beside = None;
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::op_target => targets.push(self.target(kid)?),
                Rule::k_beside => beside = Some(kid.as_str().ends_with('前')),
                _ => {}
            }
        }
        let last = targets.pop()?;
        Some(match (targets.pop(), beside) {
            (Some(first), _) => Position::Between(first, last),
            (None, Some(true)) => Position::Before(last),
            (None, Some(false)) => Position::After(last),
            (None, None) => Position::In(last),
        })
    }

    // ------------------------------------------------------------ operations

    fn uniform(&mut self, kids: Kids<'_>) -> Option<OperationKind> {
        let mut texts = kids.filter(|n| n.as_rule() == Rule::text);
        let from = self.text(&texts.next()?);
        let to = WordChange::Replace(self.text(&texts.next()?));
        Some(OperationKind::Words { places: Vec::new(), from, to })
    }

    fn words(&mut self, kids: Kids<'_>) -> Option<OperationKind> {
        let (mut places, mut texts, mut beside) = (Vec::new(), Vec::new(), None);
        for kid in kids {
            match kid.as_rule() {
                Rule::op_places => {
                    for place in Kids::of(kid).filter(|n| n.as_rule() == Rule::op_place) {
                        places.push(self.place(place)?);
                    }
                }
                Rule::text => texts.push(self.text(&kid)),
                Rule::k_beside => beside = Some(kid.as_str().ends_with('前')),
                _ => {}
            }
        }
        let to = texts.pop()?;
        let to = match beside {
            None => WordChange::Replace(to),
            Some(true) => WordChange::Before(to),
            Some(false) => WordChange::After(to),
        };
        Some(OperationKind::Words { places, from: texts.pop()?, to })
    }

    fn deletion(&mut self, kids: Kids<'_>, text: &str, given: Option<Given>) -> Option<OperationKind> {
        let (mut targets, mut from, mut repeal) = (Vec::new(), None, false);
        for kid in kids {
            match kid.as_rule() {
                Rule::k_delete => repeal = kid.as_str() == "废止",
                Rule::op_target => targets.push(self.target(kid)?),
                Rule::text => from = Some(self.text(&kid)),
                Rule::k_outside => {
                    let with = self.outside(kid.as_str(), text, given?)?;
                    for item in with.items {
                        if let crate::syntax::ast::TopItem::Statement(statement) = item {
                            targets.push(Target::Statement(Box::new(statement)));
                        }
                    }
                }
                _ => {}
            }
        }
        let Some(from) = from else { return Some(OperationKind::Delete { targets, repeal }) };
        let mut places = Vec::new();
        for target in targets {
            let Target::Place(place) = target else {
                let help = "声明用“修改为：”重写";
                self.diags.push(errors::misfit(target.span(), "只能从条文中删去文字", help));
                return None;
            };
            places.push(place);
        }
        Some(OperationKind::Words { places, from, to: WordChange::Delete })
    }

    fn rename(&mut self, mut kids: Kids<'_>) -> Option<OperationKind> {
        let heading = kids.seek(Rule::op_heading)?;
        let span = self.span(&heading);
        let kind = PlaceKind::Heading(self.heading_address(heading)?);
        let title = self.text(&kids.seek(Rule::text)?);
        Some(OperationKind::Rename { target: Place { kind, span }, title })
    }

    fn replacement(
        &mut self,
        kids: Kids<'_>,
        text: &str,
        given: Option<Given>,
        head: Span,
    ) -> Option<OperationKind> {
        let mut places = Vec::new();
        for kid in kids.filter(|n| n.as_rule() == Rule::op_place) {
            places.push(self.place(kid)?);
        }
        let mut places = places.into_iter();
        let (target, becomes) = (places.next()?, places.next());
        let level = level_of(&target)?;
        let with = self.provisions(level, text, given?)?;
        self.fits(&with, level, 1, head).then_some(OperationKind::Replace { target, becomes, with })
    }

    fn insertion(
        &mut self,
        kids: Kids<'_>,
        text: &str,
        given: Option<Given>,
        head: Span,
    ) -> Option<OperationKind> {
        let (mut position, mut counted, mut labels) = (None, None, Vec::new());
        for kid in kids {
            match kid.as_rule() {
                Rule::op_position => position = Some(self.position(kid)?),
                Rule::op_count => {
                    let word = kid.as_str();
                    let digits = word.trim_end_matches(['条', '款', '项', '目', '章', '节']);
                    let count = numeral::parse_integer(digits).and_then(|n| usize::try_from(n).ok())?;
                    counted = Some((level_named(word)?, count, self.span(&kid)));
                }
                Rule::op_place => labels.extend(self.spread(kid)?),
                _ => {}
            }
        }
        let (level, count, at) = counted?;
        if count != labels.len() {
            let message = format!("说的是增加 {count} 个，写了 {} 个序号", labels.len());
            self.diags.push(errors::misfit(
                at,
                message,
                "每增加一个写一个序号，例如“增加二条，作为 第四条、第五条：”",
            ));
            return None;
        }
        if let Some(odd) = labels.iter().find(|label| level_of(label) != Some(level)) {
            let help = "“增加一条”作为第几条，“增加一项”作为第几项";
            self.diags.push(errors::misfit(odd.span, "序号与所增加的不是同一级", help));
            return None;
        }
        let with = self.provisions(level, text, given?)?;
        let position = position?;
        self.fits(&with, level, count, head).then_some(OperationKind::Insert {
            position,
            level,
            labels,
            with,
        })
    }

    /// 第四条至第六条 are three labels.
    fn spread(&mut self, node: Node<'_>) -> Option<Vec<Place>> {
        let place = self.place(node)?;
        let PlaceKind::Range(from, to) = &place.kind else { return Some(vec![place]) };
        let (low, high) = (from.last()?, to.last()?);
        let plain = low.sub == 0 && high.sub == 0 && low.kind == high.kind;
        if !plain || high.number <= low.number || high.number - low.number > 1000 {
            self.diags.push(errors::misfit(place.span, "不是一串连续的序号", "写作“第四条至第六条”"));
            return None;
        }
        let one = |number: u32| {
            let mut address = from.clone();
            if let Some(last) = address.parts.last_mut() {
                last.number = number;
            }
            Place { kind: PlaceKind::Provision(address), span: place.span }
        };
        Some((low.number..=high.number).map(one).collect())
    }

    fn new_clause(&mut self, mut kids: Kids<'_>, text: &str, given: Option<Given>) -> Option<OperationKind> {
        let target = self.place(kids.seek(Rule::op_place)?)?;
        if !matches!(target.kind, PlaceKind::Provision(_)) {
            self.diags.push(errors::misfit(target.span, "只有条款项目才有条款", "写明是哪一条、款、项"));
            return None;
        }
        let with = self.provisions(Level::Part(PartKind::Item), text, given?)?;
        if let Some(part) = with.parts.first() {
            let help = "连同原文一起修改的，写作“第一条第二项 修改为：”";
            self.diags.push(errors::misfit(part.label, "这里只能写条款，不能写款、项、目", help));
            return None;
        }
        Some(OperationKind::Clause { target, with })
    }

    fn added_fields(&mut self, kids: Kids<'_>, text: &str, given: Option<Given>) -> Option<OperationKind> {
        let (mut target, mut before) = (None, false);
        for kid in kids {
            match kid.as_rule() {
                Rule::op_declared => target = self.declared(kid),
                Rule::k_beside => before = kid.as_str().ends_with('前'),
                _ => {}
            }
        }
        let target = target?;
        let Target::Fields { names, .. } = &target else {
            let help = "写作“事实 甲 的 乙 后增加：”";
            self.diags.push(errors::misfit(target.span(), "只有事实和结论才能增加字段", help));
            return None;
        };
        if names.len() != 1 {
            let help = "写作“事实 甲 的 乙 后增加：”";
            self.diags.push(errors::misfit(target.span(), "没有写明加在哪一个字段之前或者之后", help));
            return None;
        }
        let with = self.fields_given(&target, text, given?)?;
        let position = if before { Position::Before(target) } else { Position::After(target) };
        Some(OperationKind::AddFields { position, with })
    }

    fn added_values(&mut self, mut kids: Kids<'_>) -> Option<OperationKind> {
        let name = kids.seek(Rule::name)?;
        let name = self.name(&name);
        kids.seek(Rule::k_add)?;
        let values = self.names(&mut kids);
        let span = values.first()?.span.to(values.last()?.span);
        Some(OperationKind::AddValues { name, values, span })
    }

    fn declare(&mut self, kids: Kids<'_>, text: &str, given: Option<Given>) -> Option<OperationKind> {
        let (mut position, mut with) = (None, None);
        for kid in kids {
            match kid.as_rule() {
                Rule::op_position => position = Some(self.position(kid)?),
                Rule::k_outside => with = self.outside(kid.as_str(), text, given?),
                Rule::op_declaration => with = self.declaration_given(text, given?),
                _ => {}
            }
        }
        Some(OperationKind::Declare { position, with: with? })
    }

    fn redeclare(&mut self, mut kids: Kids<'_>, text: &str, given: Option<Given>) -> Option<OperationKind> {
        let target = self.declared(kids.seek(Rule::op_declared)?)?;
        let with: Payload = match &target {
            Target::Enum(name) => self.values_given(&name.clone(), text, given?)?,
            Target::Definition { .. } => self.outside("定义", text, given?)?,
            Target::Fields { names, .. } if names.len() > 1 => {
                let help = "写作“事实 甲 的 乙 修改为：”，一次一个字段";
                self.diags.push(errors::misfit(target.span(), "没有写明修改哪一个字段", help));
                return None;
            }
            Target::Fields { .. } => self.fields_given(&target, text, given?)?,
            Target::Place(_) | Target::Statement(_) => return None,
        };
        Some(OperationKind::Redeclare { target, with })
    }

    /// Whether what is given is of the level and number said, with nothing besides.
    fn fits(&mut self, with: &Payload, level: Level, count: usize, head: Span) -> bool {
        let (found, odd) = super::given::count(with, level);
        let word = super::given::word(level);
        let diag = if let Some(at) = odd {
            errors::misfit(at, format!("这里只能写{word}"), "一项修改只写它所说的那一级，别的另写一项")
        } else if found == 0 {
            errors::misfit(head, format!("没有写出{word}的内容"), "在“：”之后写出修改后或者增加的条文")
        } else if found != count {
            let help = "写出的个数与所说的一致，别的另写一项";
            errors::misfit(head, format!("说的是 {count} {word}，写出的是 {found} {word}"), help)
        } else {
            return true;
        };
        self.diags.push(diag);
        false
    }

    /// The text of what is given with its base set, for the functions of [`super::given`].
    fn provisions(&mut self, level: Level, text: &str, given: Given) -> Option<Payload> {
        match level {
            Level::Chapter | Level::Section | Level::Part(PartKind::Article) => {
                Some(self.articles_given(given.start, given.end))
            }
            Level::Part(_) => self.parts_given(text.get(given.start..)?, given.start),
        }
    }

    fn outside(&mut self, word: &str, text: &str, given: Given) -> Option<Payload> {
        self.outside_given(word, text.get(given.start..)?, given.start)
    }

    fn declaration_given(&mut self, text: &str, given: Given) -> Option<Payload> {
        let rest = text.get(given.start..)?;
        let rule = if word_of(rest) == "枚举" { Rule::chunk_enum } else { Rule::chunk_fields };
        self.block_given(rule, rest, given.start)
    }

    fn fields_given(&mut self, target: &Target, text: &str, given: Given) -> Option<Payload> {
        self.fields_below(target, text.get(given.start..)?, given.start)
    }

    fn values_given(&mut self, name: &crate::syntax::ast::Name, text: &str, given: Given) -> Option<Payload> {
        self.values_of(name, text.get(given.start..)?, given.start)
    }
}

/// The level a place stands on.
fn level_of(place: &Place) -> Option<Level> {
    match &place.kind {
        PlaceKind::Provision(address) => address.last().map(|p| Level::Part(p.kind)),
        PlaceKind::Range(..) => None,
        PlaceKind::Heading(heading) => {
            Some(if heading.section.is_some() { Level::Section } else { Level::Chapter })
        }
    }
}

fn level_named(word: &str) -> Option<Level> {
    Some(match word.chars().last()? {
        '章' => Level::Chapter,
        '节' => Level::Section,
        '条' => Level::Part(PartKind::Article),
        '款' => Level::Part(PartKind::Paragraph),
        '项' => Level::Part(PartKind::Item),
        '目' => Level::Part(PartKind::SubItem),
        _ => return None,
    })
}
