//! The frame of every HTML page: one self-contained document, light and dark, that prints well.
//!
//! In: a title, the body, rules of its own. Out: a document without scripts from elsewhere, images or fonts. Colours
//! are variables, so that dark mode and print change them in one place.
use std::fmt::Write as _;

/// Text as content or as the value of an attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Controls but line breaks and tabs are not allowed in HTML.
            c if c.is_control() && c != '\n' && c != '\t' => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A whole document. `title` is plain text; `style` and `body` are taken as they are.
#[must_use]
pub fn page(title: &str, style: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n<style>\n{STYLE}{style}</style>\n</head>\n\
         <body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// Rules of every page. `--good`, `--bad`, `--warn` colour text and borders, their `-bg` the ground behind text.
const STYLE: &str = "\
:root {
  --ground: #ffffff; --text: #1b1b1f; --faint: #63636e; --line: #d9d9e0; --panel: #f6f6f9; --link: #0b57d0;
  --good: #14622f; --good-bg: #dff3e4; --bad: #a01722; --bad-bg: #fde4e4; --warn: #7a4d00; --warn-bg: #fdf0d0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16161a; --text: #e6e6ea; --faint: #a0a0ac; --line: #3a3a44; --panel: #202027; --link: #8ab4f8;
    --good: #8fdba8; --good-bg: #143821; --bad: #ffa4a9; --bad-bg: #4a171b; --warn: #f3cf83; --warn-bg: #42300a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text); line-height: 1.75;
  font-family: \"Noto Serif CJK SC\", \"Source Han Serif SC\", \"Songti SC\", SimSun, serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
a { color: var(--link); }
code, pre, .mono { font-family: \"Noto Sans Mono CJK SC\", \"Sarasa Mono SC\", Menlo, Consolas, monospace; font-size: .9em; }
pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.faint { color: var(--faint); }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.scroll { overflow-x: auto; }
ins { background: var(--good-bg); color: var(--good); text-decoration: underline; }
del { background: var(--bad-bg); color: var(--bad); text-decoration: line-through; }
@media print {
  :root {
    --ground: #ffffff; --text: #000000; --faint: #444444; --line: #999999; --panel: #ffffff; --link: #000000;
    --good: #00441b; --good-bg: #e8f5ea; --bad: #67000d; --bad-bg: #fbeaea; --warn: #4d3000; --warn-bg: #fbf3e0;
  }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  tr, .keep { break-inside: avoid; }
  .screen-only { display: none; }
}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_text_is_markup() {
        assert_eq!(escape("<甲 & \"乙\">\u{1}"), "&lt;甲 &amp; &quot;乙&quot;&gt;\\u{1}");
        assert!(page("<甲>", "", "<p>乙</p>").contains("<title>&lt;甲&gt;</title>"));
    }
}
