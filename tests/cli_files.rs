//! Files the program reads and writes, and what it says when it cannot.
#![cfg(feature = "cli")]

use std::fs;
use std::path::PathBuf;

use banfa::base::Sources;
use banfa::diag::render::{Style, render};
use banfa::files::{read, write_new};

fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn reading() {
    let folder = folder("reading");
    let files: [(&str, &[u8]); 3] = [
        ("好.banfa", "\u{feff}办法「甲」\r\n".as_bytes()),
        ("国标.banfa", b"\xe7\x94\xb2\n\xb0\xec\xb7\xa8\n"),
        ("宽.banfa", b"\xff\xfe\x9e\x52"),
    ];
    let mut said = Vec::new();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
        match read(&folder.join(name)) {
            Ok(text) => assert_eq!(text.as_bytes(), bytes),
            Err(found) => said.push(found),
        }
    }
    said.push(read(&folder).unwrap_err());
    said.push(read(&folder.join("没有")).unwrap_err());
    let text = render(&said, &Sources::default(), &Style { width: 200, ..Style::default() });
    insta::assert_snapshot!(text.replace(&folder.display().to_string(), "目录"));
}

#[test]
fn writing_never_overwrites() {
    let folder = folder("writing");
    let path = folder.join("办法.banfa");
    write_new(&path, "甲").unwrap();
    let said = [write_new(&path, "乙").unwrap_err(), write_new(&folder.join("无/办法"), "乙").unwrap_err()];
    assert_eq!(fs::read_to_string(&path).unwrap(), "甲");
    let text = render(&said, &Sources::default(), &Style { width: 200, ..Style::default() });
    insta::assert_snapshot!(text.replace(&folder.display().to_string(), "目录"));
}
