//! banfa
