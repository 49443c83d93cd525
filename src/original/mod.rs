//! original
