//! A history as text, Markdown and JSON.
use super::history::{Event, History};
use super::timeline::{Timeline, Version};
use super::words;
use crate::base::Address;
use crate::report::line::{Line, Paint, Style};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A history with what it is of.
#[derive(Clone, Copy, Debug)]
pub struct Chronicle<'a> {
    /// The policy and its decisions.
    pub timeline: &'a Timeline,
    /// The last text.
    pub version: &'a Version,
    /// What happened.
    pub history: &'a History<'a>,
}

impl Chronicle<'_> {
    fn title(&self) -> String {
        match &self.history.address {
            Some(address) => format!("《{}》{address}", self.timeline.title()),
            None => format!("《{}》", self.timeline.title()),
        }
    }

    /// Nothing to tell, in words.
    fn nothing(&self) -> Option<&'static str> {
        if self.version.done.is_empty() {
            Some("没有修改决定")
        } else if self.history.events.iter().all(|e| e.changes.is_empty()) {
            Some("历次修改都没有涉及")
        } else {
            None
        }
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self, style: &Style) -> String {
        let mut out = String::new();
        Line::default().paint(Paint::Title, &self.title()).write(&mut out, style, "", "  ");
        if let Some(first) = self.origin() {
            Line::from(first).write(&mut out, style, "", "  ");
        }
        if let Some(nothing) = self.nothing() {
            Line::from(nothing.to_owned()).write(&mut out, style, "", "  ");
        }
        for event in &self.history.events {
            if event.changes.is_empty() {
                continue;
            }
            out.push('\n');
            let head = format!("{}起　{}", event.done.step.date, event.done.title);
            Line::default().paint(Paint::Title, &head).write(&mut out, style, "", "  ");
            for line in self.lines(event) {
                Line::from(line).write(&mut out, style, "  ", "    ");
            }
            if self.history.address.is_some() {
                for (paint, sign, wording) in sides(event) {
                    for line in wording.lines() {
                        let line = Line::default().paint(paint, &format!("{sign} {line}"));
                        line.write(&mut out, style, "    ", "      ");
                    }
                }
            }
        }
        out
    }

    /// Where a provision comes from, when its number changed or a decision brought it.
    fn origin(&self) -> Option<String> {
        let address = self.history.address.as_ref()?;
        match &self.history.first {
            Some(first) if first == address => None,
            Some(first) => Some(format!("原为{first}")),
            None => Some("由修改决定增加".to_owned()),
        }
    }

    /// One line a change.
    fn lines(&self, event: &Event<'_>) -> Vec<String> {
        let decision = self.timeline.decisions().get(event.done.step.decision);
        event
            .changes
            .iter()
            .map(|change| {
                let by = decision.and_then(|d| words::operation(&d.tree, change));
                let by = by.map(|by| format!("（决定{by}）")).unwrap_or_default();
                format!("{}　{}{by}", change.what.word(), words::subject(change))
            })
            .collect()
    }

    /// As Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", self.title());
        if let Some(first) = self.origin() {
            let _ = write!(out, "\n{first}。\n");
        }
        if let Some(nothing) = self.nothing() {
            let _ = write!(out, "\n{nothing}。\n");
        }
        for event in &self.history.events {
            if event.changes.is_empty() {
                continue;
            }
            let _ = write!(out, "\n## {}起　{}\n\n", event.done.step.date, event.done.title);
            for line in self.lines(event) {
                let _ = writeln!(out, "- {line}");
            }
            if self.history.address.is_some() {
                out.push_str("\n```diff\n");
                for (_, sign, wording) in sides(event) {
                    for line in wording.lines() {
                        let _ = writeln!(out, "{sign} {line}");
                    }
                }
                out.push_str("```\n");
            }
        }
        out
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let name = |a: &Option<Address>| a.as_ref().map(ToString::to_string);
        let events: Vec<Value> = self
            .history
            .events
            .iter()
            .filter(|event| !event.changes.is_empty())
            .map(|event| {
                let mut value = words::done_json(self.timeline, event.done, &event.changes);
                if let (Some(map), true) = (value.as_object_mut(), self.history.address.is_some()) {
                    map.insert(
                        "before".to_owned(),
                        json!({"address": name(&event.name.0), "text": event.wording.0}),
                    );
                    map.insert(
                        "after".to_owned(),
                        json!({"address": name(&event.name.1), "text": event.wording.1}),
                    );
                }
                value
            })
            .collect();
        let whole = json!({
            "policy": self.timeline.title(),
            "address": name(&self.history.address),
            "first": name(&self.history.first),
            "history": events,
        });
        serde_json::to_string_pretty(&whole).unwrap_or_default()
    }
}

/// The wording before and after, where it differs.
fn sides<'a>(event: &'a Event<'_>) -> Vec<(Paint, char, &'a str)> {
    let (before, after) = &event.wording;
    if before == after {
        return Vec::new();
    }
    let old = before.as_deref().map(|w| (Paint::Bad, '-', w));
    let new = after.as_deref().map(|w| (Paint::Good, '+', w));
    old.into_iter().chain(new).collect()
}
