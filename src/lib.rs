//! banfa (办法): regulations written as text, compiled, and asked about cases.
//!
//! ```text
//! policy text ─▶ syntax ─▶ hir (names, types, order) ─▶ ir ─▶ eval: conclusions and reasons ─▶ report
//! case data   ───────────▶ facts ─────────────────────────▲
//! ```
//!
//! Everything is data until [`report`] puts it into words. [`Policy`] is the door: it compiles once and answers for
//! any number of cases. Facts may be unknown; nothing unknown ever silently becomes false.
//!
//! ```
//! use banfa::{Policy, Verdict};
//! use std::path::Path;
//!
//! let text = "
//! 办法「借阅办法」
//!
//! 事实 读者：
//!   迟还天数 整数（天）
//!   遗失     是否
//!
//! 结论 读者：
//!   处理 为 停借、正常 之一，默认 正常
//!
//! 第一条「迟还三十天以上的，停借。」
//!   迟还天数 30天以上 的，处理 应当 为 停借。
//! 第二条「遗失图书的，停借。」
//!   遗失 的，处理 应当 为 停借。
//! ";
//! let mut policy = Policy::from_text("借阅办法.banfa", text, &banfa::no_includes)?;
//!
//! let (cases, problems) = policy.try_cases(Path::new("案件.yaml"), "读者: { 迟还天数: 31 }", None);
//! assert!(problems.is_empty());
//! let case = &cases[0].case;
//! let outcome = policy.run(case, None);
//! let finding = &outcome.findings[0];
//! assert_eq!(finding.verdict, Verdict::Decided);
//! let hir = &policy.program().hir;
//! assert_eq!(hir.rules[finding.basis[0].index()].address.to_string(), "第一条");
//!
//! // Not knowing whether a book was lost does not matter here; without the days it would.
//! let (cases, _) = policy.try_cases(Path::new("案件.yaml"), "读者: { 迟还天数: 3 }", None);
//! let outcome = policy.run(&cases[0].case, None);
//! assert_eq!(outcome.findings[0].verdict, Verdict::Pending);
//! assert_eq!(outcome.findings[0].unknown.len(), 1);
//!
//! // The derivation, as a tree of data.
//! let parts = policy.reasons(&cases[0].case, &outcome).parts(outcome.findings[0].conclusion, 0);
//! assert_eq!(parts.len(), 2);
//! # Ok::<(), banfa::Refusal>(())
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod amend;
pub mod base;
pub mod batch;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "dataset")]
pub mod dataset;
pub mod diag;
pub mod driver;
pub mod eval;
pub mod facts;
pub mod files;
pub mod fmt;
pub mod generate;
pub mod hir;
pub mod ir;
pub mod original;
pub mod policy;
pub mod redline;
pub mod report;
pub mod stats;
pub mod syntax;
pub mod testing;
pub mod versions;

pub use base::{Address, Date, Truth, Val};
pub use diag::{Diagnostic, Severity};
pub use driver::no_includes;
pub use eval::{Finding, Reason, Reasons, Verdict};
pub use facts::{Case, CaseFile};
pub use policy::{Outcome, Policy, Refusal};
