//! Bytes → packed bytes that stand alone: members of gzip and frames of Zstandard may simply follow one another.
use crate::dataset::Packing;
use std::io::Write;

const GZIP_LEVEL: u32 = 5;
const ZSTD_LEVEL: i32 = 3;

/// Packs a block; nothing stays nothing.
pub(super) fn pack(packing: Packing, bytes: Vec<u8>) -> Vec<u8> {
    if bytes.is_empty() {
        return bytes;
    }
    let packed = match packing {
        Packing::Plain => return bytes,
        Packing::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(GZIP_LEVEL));
            encoder.write_all(&bytes).and_then(|()| encoder.finish())
        }
        Packing::Zstd => zstd::bulk::compress(&bytes, ZSTD_LEVEL),
    };
    // Both write to memory and cannot fail.
    packed.unwrap_or_default()
}
