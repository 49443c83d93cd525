//! The vocabulary of a lending library, built by hand: one of every type, two levels of lists, a 一个 entity.
use banfa::base::{Address, PartKind, Span};
use banfa::hir::{
    Conclusion, ConclusionId, Definition, Entity, EntityId, EnumDef, EnumId, ExprId, Fact, FactId, Hir,
    Provision, Slot, Type,
};

/// Builds a [`Hir`] name by name.
#[derive(Default)]
struct Library {
    hir: Hir,
}

impl Library {
    fn enumeration(&mut self, name: &str, values: &[&str]) -> EnumId {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.hir.enums.push(EnumDef { name: name.to_owned(), ordered: false, values, span: Span::default() });
        EnumId(u32::try_from(self.hir.enums.len() - 1).unwrap())
    }

    fn entity(&mut self, name: &str, parent: Option<(EntityId, FactId)>) -> EntityId {
        self.hir.entities.push(Entity {
            name: name.to_owned(),
            parent,
            depth: parent.map_or(0, |(id, _)| self.hir.entities[id.index()].depth + 1),
            facts: Vec::new(),
            conclusions: Vec::new(),
            label: None,
            truth_slots: 0,
            value_slots: 0,
            child_slots: 0,
        });
        EntityId(u32::try_from(self.hir.entities.len() - 1).unwrap())
    }

    fn fact(&mut self, entity: EntityId, name: &str, ty: Type, ask: Option<&str>) -> FactId {
        let id = FactId(u32::try_from(self.hir.facts.len()).unwrap());
        let owner = &mut self.hir.entities[entity.index()];
        let count = |slots: &mut u32| {
            *slots += 1;
            *slots - 1
        };
        let slot = match ty {
            Type::Bool => Slot::Truth(count(&mut owner.truth_slots)),
            Type::List(_) | Type::One(_) => Slot::Child(count(&mut owner.child_slots)),
            _ => Slot::Value(count(&mut owner.value_slots)),
        };
        owner.facts.push(id);
        self.hir.facts.push(Fact {
            name: name.to_owned(),
            entity,
            ty,
            slot,
            ask: ask.map(str::to_owned),
            note: None,
            judgement: false,
            absent_is_false: false,
            span: Span::default(),
        });
        id
    }

    fn conclusion(&mut self, entity: EntityId, name: &str, ty: Type) {
        let id = ConclusionId(u32::try_from(self.hir.conclusions.len()).unwrap());
        self.hir.entities[entity.index()].conclusions.push(id);
        self.hir.conclusions.push(Conclusion {
            name: name.to_owned(),
            entity,
            ty,
            default: None,
            note: None,
            span: Span::default(),
        });
    }

    fn provision(&mut self, address: Address, kind: PartKind) {
        self.hir.provisions.push(Provision {
            address,
            kind,
            parent: None,
            marks: Vec::new(),
            text: None,
            notes: Vec::new(),
            condition: None,
            rules: Vec::new(),
            span: Span::default(),
        });
    }
}

/// 借阅: the root; 读者 and their 违约 are lists, 馆员 is one.
pub fn library() -> Hir {
    let mut l = Library::default();
    let ways = l.enumeration("借阅方式", &["外借", "馆内阅览", "预约"]);
    let uses = l.enumeration("用途", &["教学", "研究", "消遣"]);
    let roles = l.enumeration("身份", &["教师", "学生", "校外人员"]);
    let liable = l.enumeration("责任", &["承担", "不承担"]);
    let limits = l.enumeration("限制", &["停借", "限借", "催还"]);

    let root = l.entity("借阅", None);
    l.fact(root, "借阅方式", Type::Enum(ways), Some("以什么方式借阅？"));
    l.fact(root, "已登记", Type::Bool, Some("是否办理了登记？"));
    l.fact(root, "册数", Type::Int("册".to_owned()), Some("借了几册？"));
    l.fact(root, "楼层", Type::Int(String::new()), None);
    l.fact(root, "押金", Type::Money, None);
    l.fact(root, "折扣", Type::Decimal(String::new()), None);
    l.fact(root, "借出日期", Type::Date, Some("哪一天借出？"));
    l.fact(root, "借期", Type::Period, None);
    l.fact(root, "备注", Type::Text, None);
    l.fact(root, "用途", Type::Multi(uses), None);
    let flood = l.fact(root, "灾害", Type::Bool, None);
    l.hir.facts[flood.index()].absent_is_false = true;
    let slight = l.fact(root, "情节轻微", Type::Bool, None);
    l.hir.facts[slight.index()].judgement = true;
    l.hir.facts[slight.index()].note = Some("由馆方判断".to_owned());
    let reader_id = EntityId(1);
    let readers = l.fact(root, "读者", Type::List(reader_id), Some("有哪些读者？"));
    let staff_id = EntityId(2);
    let staff = l.fact(root, "馆员", Type::One(staff_id), None);

    let reader = l.entity("读者", Some((root, readers)));
    let name = l.fact(reader, "姓名", Type::Text, None);
    l.hir.entities[reader.index()].label = Some(name);
    l.fact(reader, "身份", Type::Enum(roles), Some("是什么身份？"));
    l.fact(reader, "年龄", Type::Int("周岁".to_owned()), None);
    l.fact(reader, "有押金", Type::Bool, None);
    let breach_id = EntityId(3);
    let breaches = l.fact(reader, "违约", Type::List(breach_id), None);

    let keeper = l.entity("馆员", Some((root, staff)));
    l.fact(keeper, "工号", Type::Text, None);
    l.fact(keeper, "到岗", Type::Bool, None);

    let breach = l.entity("违约", Some((reader, breaches)));
    l.fact(breach, "发生日期", Type::Date, None);
    l.fact(breach, "金额", Type::Money, None);

    l.conclusion(root, "可以借阅", Type::Bool);
    l.conclusion(root, "应还日期", Type::Date);
    l.conclusion(reader, "责任", Type::Enum(liable));
    l.conclusion(reader, "限制", Type::Multi(limits));
    l.conclusion(reader, "罚金", Type::Money);
    l.hir.definitions.push(Definition {
        name: "累计违约次数".to_owned(),
        entity: reader,
        ty: Type::Int("次".to_owned()),
        value: ExprId(0),
        provision: None,
        span: Span::default(),
    });

    "图书借阅办法".clone_into(&mut l.hir.header.title);
    l.provision(Address::of_article(1), PartKind::Article);
    l.provision(Address::of_article(2), PartKind::Article);
    l.provision(Address::of_article(2).item(1), PartKind::Item);
    l.provision(Address::of_inserted_article(3, 1), PartKind::Article);
    l.hir
}
