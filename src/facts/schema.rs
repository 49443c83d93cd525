//! JSON Schema (draft 2020-12) of the cases of a policy, for editors and forms.
use super::expectation::ExpectedState;
use super::hint::fact_hint;
use super::names::Names;
use crate::hir::{Entity, EntityId, Fact, Hir, Type};
use serde_json::{Map, Value, json};

/// The ways to say that a fact is not known or cannot arise.
const STATES: [&str; 2] = ["不明", "不适用"];

/// The schema of one case of this policy.
#[must_use]
pub fn case_schema(hir: &Hir) -> Value {
    let names = Names::new(hir);
    let root = names.entity_name(EntityId(0));
    let mut properties = Map::new();
    properties.insert("案例".to_owned(), json!({"type": "string", "description": "案例的名称"}));
    properties.insert("说明".to_owned(), json!({"type": "string", "description": "说明"}));
    properties.insert("认定日期".to_owned(), described(date(), "按哪一天认定"));
    properties.insert("适用文本".to_owned(), described(date(), "按哪一天有效的文本；不写为未经修改的文本"));
    properties.insert(
        "基础".to_owned(),
        json!({"type": "string", "description": "另一个案例文件，本案例在它之上改动"}),
    );
    properties.insert("期望".to_owned(), expectations(&names));
    properties.insert(root.to_owned(), json!({"anyOf": [reference(root), {"type": "null"}]}));
    let entities: Map<String, Value> =
        hir.entities.iter().map(|entity| (entity.name.clone(), members(&names, entity))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("{}：案例", hir.header.title),
        "type": "object",
        "properties": properties,
        "anyOf": [{"required": [root]}, {"required": ["基础"]}],
        "additionalProperties": false,
        "$defs": entities,
    })
}

fn members(names: &Names<'_>, entity: &Entity) -> Value {
    let properties: Map<String, Value> = entity
        .facts
        .iter()
        .filter_map(|id| names.fact(*id))
        .map(|fact| (fact.name.clone(), property(names, fact)))
        .collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

fn property(names: &Names<'_>, fact: &Fact) -> Value {
    let values = names.values(&fact.ty);
    let schema = match &fact.ty {
        Type::Bool => choice([json!(true), json!(false)].into_iter().chain(words(&["是", "否"])), true),
        Type::Int(_) => any_of([json!({"type": "integer"}), text()]),
        Type::Decimal(_) | Type::Money => any_of([json!({"type": "number"}), text()]),
        Type::Date => date(),
        Type::Period | Type::Text | Type::Error => any_of([text()]),
        Type::Enum(_) | Type::Duty(_) => choice(words(&values), true),
        Type::Multi(_) => {
            let several =
                json!({"type": "array", "items": choice(words(&values), false), "uniqueItems": true});
            any_of([several, json!({"type": "string", "pattern": joined(&values)})])
        }
        Type::List(entity) => {
            any_of([json!({"type": "array", "items": reference(names.entity_name(*entity))}), state()])
        }
        Type::One(entity) => any_of([reference(names.entity_name(*entity)), state()]),
    };
    described(schema, &fact_hint(names, fact))
}

fn described(mut schema: Value, description: &str) -> Value {
    if let Value::Object(map) = &mut schema {
        map.insert("description".to_owned(), json!(description));
    }
    schema
}

/// One of the schemas, or 不明.
fn any_of(schemas: impl IntoIterator<Item = Value>) -> Value {
    let mut all: Vec<Value> = schemas.into_iter().collect();
    all.push(json!({"type": "null"}));
    json!({"anyOf": all})
}

/// Any text, 不明 and 不适用 among them.
fn text() -> Value {
    json!({"type": "string"})
}

fn state() -> Value {
    json!({"enum": STATES})
}

fn words(words: &[&str]) -> impl Iterator<Item = Value> {
    words.iter().map(|word| json!(word)).collect::<Vec<_>>().into_iter()
}

/// One of the values; of a fact, also 不明 and 不适用.
fn choice(values: impl Iterator<Item = Value>, of_fact: bool) -> Value {
    let mut all: Vec<Value> = values.collect();
    if of_fact {
        let states: Vec<Value> = words(&STATES).filter(|state| !all.contains(state)).collect();
        all.extend(states);
        all.push(Value::Null);
    }
    json!({"enum": all})
}

fn date() -> Value {
    let written = "^\\s*[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\\s*$|年.+月.+日\\s*$|^(不明|不适用|)$";
    any_of([json!({"type": "string", "pattern": written})])
}

/// 甲、乙 as a pattern.
fn joined(values: &[&str]) -> String {
    let one = values.iter().map(|value| escaped(value)).collect::<Vec<_>>().join("|");
    format!("^(({one})([、，,]\\s*({one}))*|不明|不适用|)$")
}

/// The word with the marks of patterns made literal.
fn escaped(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        if "\\^$.|?*+()[]{}/-".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn reference(entity: &str) -> Value {
    // In a pointer within a fragment `~` and `/` are escaped; letters of any script may stay as they are.
    json!({"$ref": format!("#/$defs/{}", entity.replace('~', "~0").replace('/', "~1"))})
}

fn expectations(names: &Names<'_>) -> Value {
    let conclusions: Vec<&str> = names.hir.conclusions.iter().map(|c| c.name.as_str()).collect();
    let states = ExpectedState::ALL.map(|(name, _)| name);
    let one = json!({
        "type": "object",
        "properties": {
            "对象": {"type": ["string", "integer"], "description": "谁的结论：标识，或实体名加序号"},
            "结论": {"enum": conclusions},
            "值": {"description": "结论的值；多选写列表"},
            "状态": {"enum": states},
            "届满日": date(),
            "依据": list_of_text("作出结论的条文"),
            "候选": {"description": "待查时可能的值"},
            "待查事实": list_of_text("查明以后才能定的事实"),
            "可以": {"description": "可以选的值"},
            "可以依据": list_of_text("给出可以的条文"),
            "任选": {"description": "应当从中选取的值"},
            "被排除": list_of_text("条件成立而被排除的条文"),
            "假定": list_of_text("因未载明而视为否的事实"),
            "判断": list_of_text("所依据的由人判断的事实"),
        },
        "required": ["结论"],
        "additionalProperties": false,
    });
    json!({"anyOf": [{"type": "array", "items": one}, one, {"type": "null"}], "description": "应当得出的结论"})
}

fn list_of_text(description: &str) -> Value {
    json!({"type": ["string", "array", "null"], "items": {"type": "string"}, "description": description})
}
