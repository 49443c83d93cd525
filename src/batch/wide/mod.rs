//! The columnar engine: a block of cases side by side, a condition being bits in words.
//!
//! Facts are packed into a [`block::Block`] ([`frame`] says where what is); a [`plan::Plan`], compiled once from the
//! program the interpreter runs ([`compile`]), is carried out by [`exec::Machine`]. A register unwritten, a value
//! uncomputable, a conflict: all as in [`crate::eval`], whose arithmetic and decisions serve here too.
pub mod block;
pub mod compile;
pub mod exec;
pub mod frame;
mod lanes;
pub mod plan;
pub mod plane;
