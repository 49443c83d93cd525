//! The JSON Schema of [`super::json::CaseResult`], for programs that read results.
use serde_json::{Value, json};

/// JSON Schema (2020-12) of the results of one case.
#[must_use]
pub fn results_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "办法：一个案例的认定结果",
        "type": "object",
        "required": ["policy", "version", "case", "date", "applicable", "conclusions"],
        "properties": {
            "policy": text("办法名称"),
            "version": text("版本，没有写明时为空"),
            "case": text("案例名称"),
            "date": nullable("认定日期，如 2026-03-02"),
            "applicable": { "description": "办法是否适用于本案；没有写明适用范围时为 null",
                "enum": ["是", "否", "不明", "不适用", null] },
            "conclusions": array("全部结论", &reference("conclusion")),
            "why_not": array("对“为什么不是”的回答", &reference("why_not")),
            "missing": array("待查事实", &reference("missing")),
        },
        "$defs": {
            "value": { "description": "枚举值、是否、金额、小数、日期、期间、文本为字符串；整数为数；多选事实为数组",
                "type": ["string", "integer", "array"] },
            "conclusion": conclusion(),
            "choice": choice(),
            "fact": fact(),
            "missing": missing(),
            "why_not": why_not(),
            "provision_reason": provision_reason(),
            "reason": reason(),
        }
    })
}

fn text(description: &str) -> Value {
    json!({ "description": description, "type": "string" })
}

fn nullable(description: &str) -> Value {
    json!({ "description": description, "type": ["string", "null"] })
}

fn codes(description: &str, codes: &[&str]) -> Value {
    json!({ "description": description, "enum": codes })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn array(description: &str, items: &Value) -> Value {
    json!({ "description": description, "type": "array", "items": items })
}

fn addresses(description: &str) -> Value {
    array(description, &json!({ "type": "string" }))
}

fn index() -> Value {
    json!({ "description": "同一上级之下的序号，从 1 起", "type": "integer", "minimum": 1 })
}

fn conclusion() -> Value {
    json!({
        "type": "object",
        "required": ["entity", "index", "label", "path", "name", "state", "values", "choices", "mode", "basis",
            "candidates", "may_be", "defeated", "options", "judgements", "assumed", "unknown", "notes"],
        "properties": {
            "entity": text("实体"),
            "index": index(),
            "label": text("标识，没有时为实体名加序号"),
            "path": text("在案例数据中的位置，案件本身为空"),
            "name": text("结论名"),
            "state": codes("定论、待查、未规定、冲突、不适用",
                &["decided", "pending", "silent", "conflict", "inapplicable"]),
            "values": array("已经确定的值", &reference("value")),
            "choices": array("应当从中选择的值", &reference("choice")),
            "mode": { "description": "应当、可以、默认；没有定论时为 null", "enum": ["must", "may", "default", null] },
            "deadline": text("义务的届满日"),
            "basis": addresses("依据的条文"),
            "candidates": array("待查时可能的值，冲突时相互抵触的值", &reference("value")),
            "may_be": array("待查时还可能的状态",
                &json!({ "enum": ["silent", "conflict", "inapplicable"] })),
            "defeated": array("被排除的条文", &json!({
                "type": "object",
                "required": ["address", "by"],
                "properties": { "address": text("条文"), "by": addresses("排除它的条文") },
            })),
            "options": array("可以选用的处理", &reference("choice")),
            "judgements": array("所依赖的酌定事实", &reference("fact")),
            "assumed": array("按未载明视为否或者推定取值的事实", &reference("fact")),
            "unknown": array("查明后可能改变结论的不明事实", &reference("fact")),
            "notes": array("计算结果不明的原因", &json!({
                "type": "object",
                "required": ["code", "message"],
                "properties": { "code": text("代码"), "message": text("说明") },
            })),
            "via": array("所引条文依照的其他条文", &json!({
                "type": "object",
                "required": ["address", "applies"],
                "properties": { "address": text("条文"), "applies": text("所依照的条文") },
            })),
            "why": array("理由", &reference("provision_reason")),
        }
    })
}

fn choice() -> Value {
    json!({
        "type": "object",
        "required": ["values", "select", "basis"],
        "properties": {
            "values": array("值", &reference("value")),
            "select": codes("之一、单独或者合并、全部", &["one_of", "any_of", "all"]),
            "basis": addresses("依据的条文"),
            "state": codes("已经可以、视待查事实而定", &["available", "possible"]),
            "unknown": array("有待查明的事实", &reference("fact")),
        }
    })
}

fn fact() -> Value {
    json!({
        "type": "object",
        "required": ["entity", "index", "label", "path", "fact", "value"],
        "properties": fact_members(),
    })
}

fn fact_members() -> Value {
    json!({
        "entity": text("实体"),
        "index": index(),
        "label": text("标识"),
        "path": text("在案例数据中的位置"),
        "fact": text("事实名"),
        "value": reference("value"),
        "ask": text("问"),
        "origin": codes("未载明视为否、推定、视为", &["absent", "presumed", "deemed"]),
    })
}

fn missing() -> Value {
    let mut schema = fact();
    if let Some(members) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        members.insert("waiting".into(), addresses("等待它的结论"));
        members.insert("alone".into(), json!({ "description": "其中只待此项的个数", "type": "integer" }));
    }
    schema
}

fn why_not() -> Value {
    json!({
        "type": "object",
        "required": ["entity", "index", "label", "path", "name", "value", "answer", "provisions"],
        "properties": {
            "entity": text("实体"),
            "index": index(),
            "label": text("标识"),
            "path": text("在案例数据中的位置"),
            "name": text("结论名"),
            "value": nullable("所问的值；null 为其他任何值"),
            "answer": text("一句话的回答"),
            "provisions": array("能够给出该值或者禁止该值的条文", &reference("provision_reason")),
        }
    })
}

fn provision_reason() -> Value {
    json!({
        "type": "object",
        "required": ["address", "mode", "standing", "says", "text", "by", "condition", "exceptions"],
        "properties": {
            "address": text("条文"),
            "mode": codes("应当、可以、不得", &["must", "may", "must_not"]),
            "standing": codes("成立、被排除、待查、不成立", &["fires", "defeated", "may_fire", "out"]),
            "says": text("就该结论所作的规定"),
            "text": nullable("原文"),
            "by": addresses("排除或者可能排除它的条文"),
            "condition": reference("reason"),
            "exceptions": array("但书", &reference("reason")),
        }
    })
}

fn reason() -> Value {
    json!({
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": codes("且、或者、非、事实、结论、定义、对名单的判断、对名单的计算、名单成员、未列出的成员、条文、但书、比较或者计算、常数",
                &["all", "any", "not", "fact", "conclusion", "definition", "quantified", "aggregate", "member",
                  "more", "provision", "exception", "test", "constant"]),
            "name": text("事实、结论、定义的名称，条文地址，成员标识，未列出的个数"),
            "truth": codes("是否成立", &["是", "否", "不明", "不适用"]),
            "value": { "description": "值，不明时为 null" },
            "text": text("办法中的表述"),
            "path": text("所在对象在案例数据中的位置"),
            "place": { "type": "object", "properties": {
                "file": text("文件"), "line": { "type": "integer" }, "column": { "type": "integer" } } },
            "children": array("由此得出", &reference("reason")),
        }
    })
}
