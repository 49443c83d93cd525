//! Whatever is given as a policy or a case: a result or an error in order, never a panic, a hang or a full stack.
//!
//! All end to end, through [`banfa::policy::Policy`] and the reports. `BANFA_ROUNDS=20` runs the random parts twenty
//! times as long.
mod generated;
mod mutated;
mod sizes;
mod support;
