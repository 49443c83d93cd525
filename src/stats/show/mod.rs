//! Summaries shown.
