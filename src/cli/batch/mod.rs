//! A run over many cases: what `banfa batch` does once its options are understood.
//!
//! A reader thread cuts the input into portions; worker threads turn each portion into a block (decoded, evaluated,
//! encoded); the calling thread writes the blocks in order and keeps the journal by which a run is taken up again.
//! What is in memory is bounded by the number of blocks under way, whatever the size of the input; the bytes written
//! do not depend on the number of threads.
pub mod journal;
pub mod laws;
pub mod outlet;
pub mod pick;
pub mod pipeline;
pub mod progress;
pub mod rejects;
pub mod run;
pub mod summary;
pub mod targets;
pub mod worker;
pub mod writer;
