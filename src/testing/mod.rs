//! Cases as tests of a law.
//!
//! In: a law and cases read for it. Out: which case passes, what differs where it does not and why ([`difference`],
//! [`explain`]); the text of what a case without 期望 gives, kept beside it ([`snapshot`], [`pending`]); reports for
//! readers, programs and CI servers ([`show`]). Everything here is data and text: the command line opens files, starts
//! threads and asks questions.
pub mod coverage;
pub mod difference;
pub mod explain;
pub mod mutate;
pub mod pending;
pub mod show;
pub mod snapshot;
pub mod suite;
pub mod touch;

pub use difference::{Difference, Mismatch, differences, mismatches};
pub use suite::{Law, Outcome, State, Tally, Tested, try_case};
