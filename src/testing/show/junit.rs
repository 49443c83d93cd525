//! `JUnit` XML as CI servers read it: a testsuite a policy, a testcase a case.
use super::json::tree;
use super::{Entry, PolicyReport, Report, subject};
use crate::diag::render;
use crate::testing::pending::diff_text;
use crate::testing::suite::State;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::fmt::Write as _;
use std::io;

/// The whole report. Times are left out: they would differ at every run.
///
/// # Errors
/// Never: it is written to memory.
pub fn junit(report: &Report) -> io::Result<String> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let refused: Vec<Option<Entry>> = report.policies.iter().map(refused).collect();
    let all = report.policies.iter().flat_map(|p| &p.entries).chain(refused.iter().flatten());
    let mut suites = BytesStart::new("testsuites");
    suites.push_attribute(("name", "banfa"));
    counted(&mut suites, all);
    xml.write_event(Event::Start(suites))?;
    for (policy, refused) in report.policies.iter().zip(&refused) {
        suite(&mut xml, policy, refused.as_ref())?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    let mut out = String::from_utf8(xml.into_inner()).map_err(io::Error::other)?;
    out.push('\n');
    Ok(out)
}

/// A policy that has errors stands as a case of its own.
fn refused(policy: &PolicyReport) -> Option<Entry> {
    policy.refusal.as_ref().map(|refusal| Entry {
        name: policy.path.clone(),
        path: policy.path.clone(),
        line: 1,
        state: State::Refused,
        failures: Vec::new(),
        change: None,
        refusal: Some(refusal.clone()),
    })
}

fn counted<'a>(element: &mut BytesStart<'_>, entries: impl Iterator<Item = &'a Entry>) {
    let (mut tests, mut failures, mut errors) = (0_usize, 0_usize, 0_usize);
    for entry in entries {
        tests += 1;
        match entry.state {
            State::Passed => {}
            State::Refused => errors += 1,
            State::Failed | State::New | State::Changed | State::Orphaned => failures += 1,
        }
    }
    for (key, count) in [("tests", tests), ("failures", failures), ("errors", errors), ("skipped", 0)] {
        element.push_attribute((key, count.to_string().as_str()));
    }
}

fn suite(xml: &mut Writer<Vec<u8>>, policy: &PolicyReport, refused: Option<&Entry>) -> io::Result<()> {
    let mut element = BytesStart::new("testsuite");
    element.push_attribute(("name", legal(&policy.title).as_str()));
    element.push_attribute(("file", legal(&policy.path).as_str()));
    let entries = || policy.entries.iter().chain(refused);
    counted(&mut element, entries());
    xml.write_event(Event::Start(element))?;
    for entry in entries() {
        case(xml, entry)?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuite")))
}

fn case(xml: &mut Writer<Vec<u8>>, entry: &Entry) -> io::Result<()> {
    let mut element = BytesStart::new("testcase");
    element.push_attribute(("name", legal(&entry.name).as_str()));
    element.push_attribute(("classname", legal(&entry.path).as_str()));
    element.push_attribute(("file", legal(&entry.path).as_str()));
    element.push_attribute(("line", entry.line.to_string().as_str()));
    if entry.state == State::Passed {
        return xml.write_event(Event::Empty(element));
    }
    xml.write_event(Event::Start(element))?;
    let tag = if entry.state == State::Refused { "error" } else { "failure" };
    let mut what = BytesStart::new(tag);
    what.push_attribute(("message", legal(&message(entry)).as_str()));
    what.push_attribute(("type", entry.state.code()));
    xml.write_event(Event::Start(what))?;
    xml.write_event(Event::Text(BytesText::new(&legal(&detail(entry)))))?;
    xml.write_event(Event::End(BytesEnd::new(tag)))?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

/// One line that says what is wrong.
fn message(entry: &Entry) -> String {
    let mut parts: Vec<String> = entry
        .failures
        .iter()
        .flat_map(|f| f.differences.iter().map(move |d| (f, d)))
        .map(|(f, d)| format!("{}：{}期望{}，实际{}", subject(f), d.what, d.want, d.got))
        .collect();
    if let Some((found, _)) = &entry.refusal {
        parts.extend(found.iter().map(|d| d.message.clone()));
    }
    if parts.is_empty() { entry.state.word().to_owned() } else { parts.join("；") }
}

fn detail(entry: &Entry) -> String {
    let mut out = format!("{}:{}\n", entry.path, entry.line);
    for failure in &entry.failures {
        let _ = writeln!(out, "{}（第 {} 行）", subject(failure), failure.line);
        for d in &failure.differences {
            let _ = writeln!(out, "  {}：期望 {}　实际 {}", d.what, d.want, d.got);
        }
        out.push_str(&tree(failure));
    }
    if let Some(change) = &entry.change {
        out.push_str(&diff_text(change));
    }
    if let Some((found, sources)) = &entry.refusal {
        out.push_str(&render::render(found, sources, &render::Style::default()));
    }
    out
}

/// XML 1.0 has no place for most control characters, not even escaped.
fn legal(text: &str) -> String {
    let allowed =
        |c: char| matches!(c, '\t' | '\n') || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if allowed(c) { c } else { '\u{fffd}' }).collect()
}
