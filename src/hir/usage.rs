//! What the provisions refer to, for the lints about what nothing refers to.
use super::model::{ConclusionId, DefinitionId, FactId};
use std::collections::HashSet;

/// Ids that some expression reads.
#[derive(Debug, Default)]
pub(super) struct Used {
    /// Facts.
    pub facts: HashSet<FactId>,
    /// Conclusions read in conditions.
    pub conclusions: HashSet<ConclusionId>,
    /// Definitions.
    pub definitions: HashSet<DefinitionId>,
}
