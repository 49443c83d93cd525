//! How the input is to be read.
use super::Form;
use crate::base::Date;
use crate::facts::LawText;
use std::path::PathBuf;

/// What a run knows about its input besides the paths.
#[derive(Clone, Debug)]
pub struct Options {
    /// The form of all inputs; none: each by its ending, standard input by its first characters.
    pub form: Option<Form>,
    /// The day the question is put for; goes before 认定日期 of a row.
    pub date: Option<Date>,
    /// Which text of the law the policy is: what becomes of 适用文本.
    pub text: LawText,
    /// Tables of lists: the name of the field (or entity) and the file.
    pub lists: Vec<(String, PathBuf)>,
    /// How many bytes of text a portion has, more or less.
    pub portion: usize,
    /// The column that tells which row of the main table a row of a list belongs to.
    pub key: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            form: None,
            date: None,
            text: LawText::Of(None),
            lists: Vec::new(),
            portion: 1 << 20,
            key: None,
        }
    }
}
