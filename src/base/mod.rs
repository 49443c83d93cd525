//! Ground floor: what every later stage speaks in. Depends on nothing else in the crate.
pub mod address;
pub mod calendar;
pub mod date;
pub mod decimal;
pub mod holidays;
pub mod numeral;
pub mod period;
pub mod ratio;
pub mod similar;
pub mod source;
pub mod span;
pub mod value;
pub mod wording;

pub use address::{Address, Part, PartKind};
pub use calendar::WorkCalendar;
pub use date::{Date, Period};
pub use ratio::Ratio;
pub use source::{Place, Sources, Utf16Place};
pub use span::{FileId, Span};
pub use value::{Truth, Val};
