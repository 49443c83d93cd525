//! Two texts of one policy compared by address, and what the difference does to cases.
//!
//! In: two [`Side`]s (trees, whatever they were made from) and, when known, where each provision went. Out: a [`Redline`],
//! plain data, which [`text`], [`markdown`], [`json`] and [`html`] put into words. [`impact`] runs cases by both texts and
//! names the changed provisions that changed their conclusions. Nothing is resolved or repaired here.
//!
//! ```text
//! old side ─┐                ┌─ matching: who is who ─▶ identity
//!           ├─ compare ──────┤
//! new side ─┘                └─ words: kept, deleted, inserted ─▶ Redline ─▶ text, Markdown, JSON, HTML
//! ```
mod cleanup;
mod compare;
pub mod html;
mod identity;
pub mod impact;

pub mod json;
pub mod markdown;
mod matching;
mod model;
mod pieces;
mod provisions;
mod side;
pub mod text;
mod token;
mod weave;
mod words;

pub use compare::{Moved, compare};
pub use identity::Identity;
pub use model::{Change, Counts, Entry, Layer, Only, Piece, Place, Redline, Row};
pub use side::Side;
