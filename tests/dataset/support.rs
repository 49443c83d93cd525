//! What a source and a decoder give, as data to compare.
use banfa::base::{FileId, Val};
use banfa::dataset::{self, Body, Decoder, Options, Places, Portion, Reject};
use banfa::facts::{Case, Format, LawText, ReadOptions, read_cases};
use banfa::hir::Hir;
use std::path::PathBuf;

/// Rows that bear no 适用文本 and those that do are read alike.
pub fn options() -> Options {
    Options { text: LawText::Any, ..Options::default() }
}

/// Every row of these lines.
pub fn decode(decoder: &mut dyn Decoder, bytes: &[u8]) -> Vec<Result<Case, Reject>> {
    let portion = Portion {
        first: 1,
        rows: 0,
        body: Body::Json { bytes: bytes.to_vec(), places: Places::Lines(1), file: 0 },
    };
    all(decoder, &portion)
}

fn all(decoder: &mut dyn Decoder, portion: &Portion) -> Vec<Result<Case, Reject>> {
    let mut found = Vec::new();
    decoder.decode(portion, &mut |number, case| {
        assert_eq!(number, portion.first + found.len() as u64, "rows are numbered in order");
        found.push(case.map(plain));
    });
    found
}

/// Every row of these files.
pub fn read_files(hir: &Hir, paths: &[PathBuf], options: &Options) -> Vec<Result<Case, Reject>> {
    let mut source = dataset::open_inputs(hir, paths, options).expect("opens");
    let mut decoder = dataset::decoder(hir, options);
    let (mut found, mut next) = (Vec::new(), 1);
    while let Some(portion) = source.next().expect("reads on") {
        assert_eq!(portion.first, next);
        let rows = all(decoder.as_mut(), &portion);
        assert_eq!(rows.len() as u64, portion.rows, "as many rows as were announced");
        next += portion.rows;
        found.extend(rows);
    }
    found
}

/// A case whose texts are numbered as they first come up, table by table: so that two ways of reading compare.
pub fn plain(case: &Case) -> Case {
    let mut case = case.clone();
    let mut texts: Vec<String> = Vec::new();
    let mut used = 0;
    for value in case.tables.iter_mut().flat_map(|t| &mut t.values) {
        if let Val::Text(number) = value {
            let text = &case.texts[*number as usize];
            let at = texts.iter().position(|t| t == text).unwrap_or_else(|| {
                texts.push(text.clone());
                texts.len() - 1
            });
            *number = u32::try_from(at).unwrap();
            used = used.max(at + 1);
        }
    }
    assert_eq!(texts.len(), case.texts.len(), "every text is of some fact, and stands once");
    case.texts = texts;
    case
}

/// The row by the reader of case files.
pub fn reference(
    hir: &Hir,
    text: &str,
    options: &Options,
) -> Result<Case, (String, String, Option<String>, u64)> {
    let read = ReadOptions {
        name: "",
        date: options.date,
        single: true,
        text: options.text,
        facts_only: true,
        ..ReadOptions::default()
    };
    let (cases, found) = read_cases(text, FileId(0), Format::Json, hir, &read);
    match found.into_iter().next() {
        Some(found) => {
            let start = found.labels.first().map_or(0, |l| l.span.start as usize);
            let column = text[..start].chars().count() as u64 + 1;
            Err((found.code.to_owned(), found.message, found.help, column))
        }
        None => Ok(plain(&cases[0].case)),
    }
}
