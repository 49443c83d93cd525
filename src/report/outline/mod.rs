//! What is in a law: its provisions with their texts and marks, its facts by entity, its conclusions with the
//! provisions that give them. One model, shown as text, Markdown or JSON.
mod markdown;
mod model;
mod text;
pub use markdown::markdown;
pub use model::{
    ConclusionLine, EntityPart, FactLine, HeadingLine, OfLaw, Outline, ProvisionLine, marks, outline,
};
pub use text::text;

/// The outline as indented JSON.
#[must_use]
pub fn json(outline: &Outline) -> String {
    serde_json::to_string_pretty(outline).unwrap_or_default()
}

/// 【条号推定】【待补】
fn marked(marks: &[&str]) -> String {
    if marks.is_empty() { String::new() } else { format!("【{}】", marks.join("】【")) }
}
