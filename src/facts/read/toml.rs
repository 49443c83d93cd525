//! TOML → tree, by `toml_edit`, which keeps places.
use super::{Document, unquoted};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;
use crate::facts::errors;
use crate::facts::tree::{Builder, Kind, Style, Tree};
use std::ops::Range;
use toml_edit::{Item, Value};

pub(super) fn read(tree: &mut Tree, text: &str, file: FileId) -> (Vec<Document>, Vec<Diagnostic>) {
    let places = Places { file, len: text.len() };
    let document = match toml_edit::Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let span = places.span(error.span());
            let found = if error.message().contains("duplicate key") {
                let key = text.get(span.start as usize..span.end as usize).unwrap_or("");
                errors::duplicate_key(span, None, key.trim_matches(['"', '\'']))
            } else {
                errors::toml(
                    span,
                    error.message(),
                    text.get(span.start as usize..span.end as usize).unwrap_or("").trim(),
                )
            };
            return (Vec::new(), vec![found]);
        }
    };
    let start = Span::new(file, 0, 0);
    if document.as_table().is_empty() {
        return (vec![Document { root: None, span: start }], Vec::new());
    }
    let mut builder = Builder::new(tree);
    match copy(&mut builder, document.as_item(), text, places) {
        Ok(()) => (vec![Document { root: builder.finish(), span: start }], Vec::new()),
        Err(at) => (Vec::new(), vec![errors::too_deep(at)]),
    }
}

#[derive(Clone, Copy)]
struct Places {
    file: FileId,
    len: usize,
}

impl Places {
    /// The place of a range of the text; of none, its beginning.
    fn span(self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or(0..0);
        let narrow = |n: usize| u32::try_from(n.min(self.len)).unwrap_or(u32::MAX);
        Span::new(self.file, narrow(range.start), narrow(range.end))
    }
}

/// A step of the walk over the parsed document.
enum Step<'d> {
    Key(&'d toml_edit::Key),
    Item(&'d Item),
    Value(&'d Value),
    Table(&'d toml_edit::Table),
    Close(u32),
}

/// Copies `root` with a stack of its own; the place of a level that is one too many is the error.
fn copy(builder: &mut Builder<'_>, root: &Item, text: &str, places: Places) -> Result<(), Span> {
    let mut steps = vec![Step::Item(root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Close(end) => builder.close(end),
            Step::Key(key) => {
                let span = places.span(key.span());
                builder.scalar(Style::Plain, key.get(), unquoted(span, as_written(text, span)));
            }
            Step::Item(Item::None) => builder.scalar(Style::Null, "", Span::new(places.file, 0, 0)),
            Step::Item(Item::Value(value)) => steps.push(Step::Value(value)),
            Step::Item(Item::Table(table)) => steps.push(Step::Table(table)),
            Step::Item(Item::ArrayOfTables(tables)) => {
                let span = places.span(tables.span());
                open(builder, Kind::List, span, &mut steps)?;
                let first = steps.len();
                steps.extend(tables.iter().map(Step::Table));
                reverse(&mut steps, first);
            }
            Step::Table(table) => {
                open(builder, Kind::Map, places.span(table.span()), &mut steps)?;
                let first = steps.len();
                for (name, item) in table {
                    steps.extend(table.key(name).map(Step::Key));
                    steps.push(Step::Item(item));
                }
                reverse(&mut steps, first);
            }
            Step::Value(value) => {
                let span = places.span(value.span());
                match value {
                    Value::Array(array) => {
                        open(builder, Kind::List, span, &mut steps)?;
                        let first = steps.len();
                        steps.extend(array.iter().map(Step::Value));
                        reverse(&mut steps, first);
                    }
                    Value::InlineTable(table) => {
                        open(builder, Kind::Map, span, &mut steps)?;
                        let first = steps.len();
                        for (name, value) in table {
                            steps.extend(table.key(name).map(Step::Key));
                            steps.push(Step::Value(value));
                        }
                        reverse(&mut steps, first);
                    }
                    Value::String(string) => {
                        let span = unquoted(span, as_written(text, span));
                        builder.scalar(Style::Plain, string.value(), span);
                    }
                    Value::Integer(_) | Value::Float(_) => {
                        builder.scalar(Style::Number, &as_written(text, span).replace('_', ""), span);
                    }
                    Value::Boolean(_) => builder.scalar(Style::Bool, as_written(text, span), span),
                    Value::Datetime(_) => builder.scalar(Style::Date, as_written(text, span), span),
                }
            }
        }
    }
    Ok(())
}

fn open(builder: &mut Builder<'_>, kind: Kind, span: Span, steps: &mut Vec<Step<'_>>) -> Result<(), Span> {
    builder.open(kind, span).map_err(|_| span)?;
    steps.push(Step::Close(span.end));
    Ok(())
}

/// Steps are taken from the end.
fn reverse(steps: &mut [Step<'_>], first: usize) {
    if let Some(new) = steps.get_mut(first..) {
        new.reverse();
    }
}

/// Numbers never go through binary floating point: their digits are taken from the text.
fn as_written(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or("")
}
