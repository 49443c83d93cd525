//! banfa (办法): a compiler and interpreter for administrative regulations written as text.
pub mod base;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diag;
pub mod driver;
pub mod eval;
pub mod facts;
pub mod files;
pub mod hir;
pub mod ir;
pub mod original;
pub mod policy;
pub mod report;
pub mod syntax;
pub mod testing;
