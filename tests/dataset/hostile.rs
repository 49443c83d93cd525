//! Rows made to break the reader: each is one reject, soon.
use crate::library::library;
use crate::support::{decode, options};
use banfa::dataset;
use std::time::{Duration, Instant};

#[test]
fn one_reject_each() {
    let hir = library();
    let deep = format!("{{\"借阅\":{{\"读者\":{}", "[".repeat(10_000));
    let deep_maps = format!("{{\"借阅\":{}", "{\"读者\":".repeat(10_000));
    let deep_note = format!("{{\"期望\":{}1{},\"借阅\":{{}}}}", "[".repeat(200), "]".repeat(200));
    let long_key = format!("{{\"借阅\":{{\"{}\":1}}}}", "键".repeat(400_000));
    let long_value = format!("{{\"借阅\":{{\"借阅方式\":\"{}\"}}}}", "值".repeat(400_000));
    let huge = format!("{{\"借阅\":{{\"册数\":1{}}}}}", "0".repeat(400));
    let many: Vec<String> = (0..50_000).map(|n| format!("\"键{n}\":1")).collect();
    let many = format!("{{\"借阅\":{{{}}}}}", many.join(","));
    let rows: Vec<Vec<u8>> = vec![
        deep.into_bytes(),
        deep_maps.into_bytes(),
        deep_note.into_bytes(),
        long_key.into_bytes(),
        long_value.into_bytes(),
        huge.into_bytes(),
        many.into_bytes(),
        b"{\"\xe5\x80\x9f\xe9\x98".to_vec(),
        b"{\"\xe5\x80\x9f\xe9\x98\x85\":{\"\xe5\xa4\x87\xe6\xb3\xa8\":\"\xff\"}}".to_vec(),
        "{\"借阅\":{\"册数\":1,\"册数\":1}}".into(),
        "{\"借阅\":{\"册数\":1},\"借阅\":{}}".into(),
        "{\"借阅\":{\"借阅方式\":\"偷\"}}".into(),
        "[]".into(),
        "[{}]".into(),
        "null".into(),
        "{}".into(),
        "{\"借阅\":{}} {}".into(),
        "\u{0}".into(),
        "\"".into(),
        "{\"借阅\":{\"备注\":\"\\".into(),
    ];
    let options = options();
    let mut decoder = dataset::decoder(&hir, &options);
    for row in &rows {
        let start = Instant::now();
        let good = "{\"借阅\":{\"册数\":1}}\n".as_bytes();
        let text = [good, row, b"\n", good].concat();
        let found = decode(decoder.as_mut(), &text);
        let shown = String::from_utf8_lossy(&row[..row.len().min(80)]).into_owned();
        assert_eq!(found.len(), 3, "{shown}");
        assert!(found[0].is_ok() && found[2].is_ok(), "{shown}");
        let reject = found[1].as_ref().expect_err(&shown);
        assert!((reject.row, reject.line) == (2, 2) && reject.column >= 1, "{reject:?}");
        assert!(reject.reason.chars().count() < 300, "{}", reject.reason);
        assert!(start.elapsed() < Duration::from_secs(5), "{shown} took {:?}", start.elapsed());
    }
}

#[test]
fn deepest_that_is_read() {
    let hir = library();
    let options = options();
    let mut decoder = dataset::decoder(&hir, &options);
    for (levels, fine) in [(126, true), (127, true), (128, false), (129, false)] {
        let row = format!("{{\"期望\":{}{},\"借阅\":{{}}}}\n", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(decode(decoder.as_mut(), row.as_bytes())[0].is_ok(), fine, "{levels}");
    }
}
