//! Resolved program to flat operations, and a readable listing of them.
mod flow;
pub mod listing;
mod lower;
mod lower_expr;
mod model;
mod patch;
mod registers;
mod tables;
pub use flow::{Cell, Flow, writes};
pub use lower::{home, lower, member};
pub use model::*;
pub use patch::{Patch, Touched, Workbench};
