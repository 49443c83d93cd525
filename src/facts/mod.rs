//! Case data to typed facts.
pub mod model;
pub use model::*;
