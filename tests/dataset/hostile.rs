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

/// A row that is too long is one reject, whatever comes after it; an open quote ends the reading.
#[test]
fn too_long() {
    let hir = library();
    let folder = std::env::temp_dir().join(format!("banfa-too-long-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let long = "a".repeat(70 << 20);
    let good = "{\"借阅\":{\"册数\":1}}";
    let files = [
        ("a.jsonl", format!("{good}\n\"{long}\n{good}\n")),
        ("b.json", format!("[{good},\"{long}\",\n{good}]")),
        ("c.csv", format!("册数,备注\n1,\"a\nb\"\n2,\"{long}\n")),
    ];
    let paths = files.each_ref().map(|(name, _)| folder.join(name));
    for (path, (_, text)) in paths.iter().zip(&files) {
        std::fs::write(path, text).unwrap();
    }
    let rows = crate::support::read_files(&hir, &paths[..2], &options());
    let codes: Vec<_> = rows.iter().map(|r| r.as_ref().err().map(|r| (r.line, r.code.as_str()))).collect();
    let too_long = |line| Some((line, "B0895"));
    assert_eq!(codes, [None, too_long(2), None, None, too_long(1), None]);
    let mut source = dataset::open_inputs(&hir, &paths[2..], &options()).unwrap();
    let fault = source.next().expect_err("the quote is open");
    assert_eq!((fault.code, fault.message.contains("第 4 行")), ("B0879", true), "{}", fault.message);
    std::fs::remove_dir_all(&folder).unwrap();
}
