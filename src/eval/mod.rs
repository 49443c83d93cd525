//! One case through a program: registers, conclusions, and the reasons for them.
pub(crate) mod closed;
pub(crate) mod compute;
pub(crate) mod decide;
mod delta;
mod exec;
mod filled;
mod leaves;
mod outcome;
mod reason;
mod store;
mod worlds;
pub use decide::{OVERDUE, PERFORMED, RUNNING, Standing};
pub use delta::{Delta, Positions};
pub use exec::{Env, Evaluation};
pub use leaves::{Leaf, Leaves};
pub use outcome::*;
pub use reason::{MEMBERS_SHOWN, Part, REASON_DEPTH, Reason, Reasons, What};
pub use store::{NoteAt, NoteKind, Notes, Record, State};
