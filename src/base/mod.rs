//! Ground floor: what every later stage speaks in. Depends on nothing else in the crate.
pub mod address;
pub mod date;
pub mod numeral;
pub mod span;
pub mod value;

pub use address::{Address, Part, PartKind};
pub use span::{FileId, Span};
pub use value::{Truth, Val};
