//! Coverage of provisions: what the cases of a law have seen of it.
//!
//! In: a program and the runs of its cases; nothing is measured while they run, everything is read from the registers
//! afterwards. Out: for each provision how often it was 是, 否, 不明, 不适用; for each atomic condition whether the cases
//! show it alone turning its decision both ways (masking MC/DC). What exactly counts is said in docs/命令参考.md.
pub mod html;
mod operands;
pub mod plan;
pub mod seen;
pub mod show;
pub mod summary;
pub mod tree;

pub use plan::{Plan, plan};
pub use seen::{CaseId, Seen};
pub use summary::{Coverage, Share, Standing};
