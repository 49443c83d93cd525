//! Syntax tree to resolved program.
pub mod model;
pub use model::*;
