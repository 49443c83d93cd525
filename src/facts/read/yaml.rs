//! YAML events → tree. Plain scalars stay text; aliases and foreign tags are refused.
use super::chars::CharMap;
use super::{Document, unquoted};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;
use crate::facts::errors;
use crate::facts::tree::{Builder, Kind, Style, Tree};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};

const BOM: char = '\u{feff}';

pub(super) fn read(tree: &mut Tree, text: &str, file: FileId) -> (Vec<Document>, Vec<Diagnostic>) {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let offset = u32::try_from(text.len() - body.len()).unwrap_or(0);
    let places = Places { map: CharMap::new(body), file, offset };
    let mut reader = Reader { places, text, documents: Vec::new(), diagnostics: Vec::new() };
    let mut parser = Parser::new_from_str(body);
    while reader.document(tree, &mut parser) {}
    (reader.documents, reader.diagnostics)
}

/// Markers of the parser → places in the file.
struct Places<'a> {
    map: CharMap<'a>,
    file: FileId,
    offset: u32,
}

impl Places<'_> {
    fn byte(&self, mark: Marker) -> u32 {
        self.map.byte(mark.index()).saturating_add(self.offset)
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        Span::new(self.file, self.byte(span.start), self.byte(span.end))
    }
}

struct Reader<'a> {
    places: Places<'a>,
    text: &'a str,
    documents: Vec<Document>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// Reads up to the end of one document; false when the stream is over or cannot be read on.
    fn document<'i>(&mut self, tree: &mut Tree, parser: &mut Parser<'i, saphyr_parser::StrInput<'i>>) -> bool
    where
        'a: 'i,
    {
        let mut builder = Builder::new(tree);
        let mut begin = Span::new(self.places.file, 0, 0);
        // Where the last thing ended: an absent value stands there, a block ends there.
        let mut last = 0;
        loop {
            let (event, marks) = match parser.next_event() {
                None => return false,
                Some(Ok(found)) => found,
                Some(Err(error)) => {
                    self.fail(&error);
                    return false;
                }
            };
            let span = self.places.span(marks);
            match event {
                Event::StreamEnd => return false,
                Event::Nothing | Event::StreamStart => {}
                Event::DocumentStart(_) => {
                    begin = span;
                    last = span.end;
                }
                Event::DocumentEnd => {
                    let root = builder.finish();
                    self.documents.push(Document { root, span: begin });
                    return true;
                }
                Event::Alias(_) => {
                    self.diagnostics.push(errors::alias(span));
                    builder.scalar(Style::Refused, "", span);
                    last = span.end;
                }
                Event::Scalar(value, style, _, tag) => {
                    let absent = value.is_empty() && style == ScalarStyle::Plain;
                    let span = if absent { Span::new(span.file, last, last) } else { span };
                    let style = self.style(style, tag.as_deref(), span);
                    builder.scalar(style, &value, self.trimmed(span, style));
                    last = span.end;
                }
                Event::SequenceStart(_, tag) | Event::MappingStart(_, tag)
                    if tag.as_deref().is_some_and(|tag| !tag.is_yaml_core_schema()) =>
                {
                    self.diagnostics.push(errors::tag(span));
                    return false;
                }
                Event::SequenceStart(..) | Event::MappingStart(..) => {
                    let kind = if matches!(event, Event::MappingStart(..)) { Kind::Map } else { Kind::List };
                    if builder.open(kind, span).is_err() {
                        self.diagnostics.push(errors::too_deep(span));
                        return false;
                    }
                    last = span.end.max(last);
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    if span.end > span.start {
                        last = span.end;
                    }
                    builder.close(last);
                }
            }
        }
    }

    /// `!!str` makes a text of what follows; other tags mean nothing here.
    fn style(&mut self, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Style {
        match tag {
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => return Style::Quoted,
            Some(tag) if !tag.is_yaml_core_schema() => self.diagnostics.push(errors::tag(span)),
            Some(_) | None => {}
        }
        match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted
            | ScalarStyle::DoubleQuoted
            | ScalarStyle::Literal
            | ScalarStyle::Folded => Style::Quoted,
        }
    }

    /// The place without blanks at its end or quotes around it.
    fn trimmed(&self, span: Span, style: Style) -> Span {
        let text = self.text.get(span.start as usize..span.end as usize).unwrap_or("");
        if style != Style::Plain {
            return unquoted(span, text);
        }
        let blanks = text.len() - text.trim_end().len();
        Span { end: span.end - u32::try_from(blanks).unwrap_or(0), ..span }
    }

    fn fail(&mut self, error: &ScanError) {
        let at = self.places.byte(*error.marker());
        let rest = self.text.get(at as usize..).unwrap_or("");
        let width = rest.chars().next().filter(|c| *c != '\n' && *c != '\r').map_or(0, char::len_utf8);
        let span = Span::new(self.places.file, at, at + u32::try_from(width).unwrap_or(0));
        let before = self.text.get(..at as usize).unwrap_or("");
        let start = before.rmatch_indices('\n').nth(1).map_or(0, |(at, _)| at);
        let near = before.get(start..).unwrap_or("");
        self.diagnostics.push(errors::yaml(span, error.info(), near));
    }
}
