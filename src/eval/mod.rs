//! One case through a program: registers, conclusions, and the reasons for them.
mod compute;
mod decide;
mod exec;
mod store;
pub use decide::{OVERDUE, PERFORMED, RUNNING, Standing};
pub use exec::{Env, Evaluation};
pub use store::{Note, NoteKind, Record, State};
