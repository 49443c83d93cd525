//! Resolved program to flat operations, and a readable listing of them.
pub mod listing;
mod lower;
mod lower_expr;
mod model;
mod registers;
pub use lower::{home, lower, member};
pub use model::*;
