//! Page.
/// Stub.
#[must_use]
pub fn html(_: &crate::stats::Summary, _: usize) -> String { String::new() }
