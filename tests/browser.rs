//! Every page the program writes, in a real browser: Chromium, by its command line.
//!
//! Light and dark, on a wide and on a narrow screen, and printed: nothing on the console, nothing blank, nothing wider than
//! the screen, every text readable against its ground. Without a browser the tests say so and pass, unless
//! `BANFA_BROWSER=required`. A command that writes one (`--html`, `--out`) and is not known here makes the test fail.
#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// More than any page takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
const WIDTH: u32 = 1000;
const HEIGHT: u32 = 1400;

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).flat_map(|f| NAMES.map(|n| f.join(n))).find(|p| p.is_file());
    let required = std::env::var_os("BANFA_BROWSER").is_some_and(|v| v == "required");
    assert!(found.is_some() || !required, "no browser: apt-get install chromium fonts-noto-cjk");
    if found.is_none() {
        eprintln!("没有装 Chromium，不检查网页（apt-get install chromium fonts-noto-cjk）");
    }
    found
}

/// A folder of one test's own, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("browser-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Scheme {
    Light,
    Dark,
}

/// Opens a page and gives what it wrote to the console.
fn open(
    browser: &Path,
    folder: &Path,
    page: &Path,
    scheme: Scheme,
    width: u32,
    more: &[String],
) -> Vec<String> {
    let profile = folder.join("profile");
    let _ = std::fs::remove_dir_all(&profile);
    let log = folder.join("log");
    let preferred = u8::from(scheme == Scheme::Light);
    let mut child = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"])
        .args(["--disable-quic", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--v=0"])
        .arg(format!("--blink-settings=preferredColorScheme={preferred}"))
        .arg(format!("--window-size={width},{HEIGHT}"))
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(more)
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&log).expect("a log"))
        .spawn()
        .expect("the browser starts");
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("the browser runs") {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the browser does not come to an end with {}", page.display());
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let text = String::from_utf8_lossy(&std::fs::read(&log).expect("the log")).into_owned();
    assert!(status.success(), "{status}: {text}");
    let said = |line: &str| {
        line.split_once(":CONSOLE").and_then(|(_, rest)| Some(rest.split_once("] ")?.1.to_owned()))
    };
    text.lines().filter_map(said).collect()
}

/// A screenshot: the colour of most of it, how much of it is that, and how many colours there are.
struct Look {
    ground: [u8; 3],
    /// Of 1000.
    share: usize,
    colours: usize,
}

fn look(file: &Path) -> Look {
    let bytes = std::fs::read(file).expect("a screenshot");
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("pixels");
    assert_eq!((info.width, info.height), (WIDTH, HEIGHT));
    assert_eq!(info.bit_depth, png::BitDepth::Eight);
    let samples = info.color_type.samples();
    assert!(samples >= 3, "{:?}", info.color_type);
    let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
    for pixel in pixels[..info.buffer_size()].chunks_exact(samples) {
        *counts.entry([pixel[0], pixel[1], pixel[2]]).or_default() += 1;
    }
    let total: usize = counts.values().sum();
    let (ground, most) = counts.iter().max_by_key(|(_, n)| **n).map(|(c, n)| (*c, *n)).expect("pixels");
    Look { ground, share: 1000 * most / total, colours: counts.len() }
}

impl Look {
    fn is_blank(&self) -> bool {
        self.share > 995 || self.colours < 8
    }

    fn is(&self, scheme: Scheme) -> bool {
        let light: u32 = self.ground.iter().map(|c| u32::from(*c)).sum();
        match scheme {
            Scheme::Light => light > 3 * 200,
            Scheme::Dark => light < 3 * 60,
        }
    }
}

fn screenshot(browser: &Path, folder: &Path, page: &Path, scheme: Scheme) -> (Look, Vec<String>) {
    let file = folder.join("shot.png");
    let console = open(browser, folder, page, scheme, WIDTH, &[format!("--screenshot={}", file.display())]);
    (look(&file), console)
}

/// How many sheets a page takes, and what the console says meanwhile.
fn print(browser: &Path, folder: &Path, page: &Path) -> (usize, Vec<String>) {
    let file = folder.join("page.pdf");
    let more = ["--no-pdf-header-footer".to_owned(), format!("--print-to-pdf={}", file.display())];
    // Dark on the screen must not be dark on paper; see the colours of `@media print`.
    let console = open(browser, folder, page, Scheme::Dark, WIDTH, &more);
    let pdf = std::fs::read(&file).expect("a print");
    assert!(pdf.starts_with(b"%PDF-"));
    let found = |word: &[u8]| pdf.windows(word.len()).filter(|w| *w == word).count();
    assert!(found(b"/Type /Font") > 0, "no letters on the print of {}", page.display());
    (found(b"/Type /Page\n") + found(b"/Type /Page "), console)
}

/// Written into a copy of a page: tells of texts too faint (WCAG AA) and of a page wider than the screen.
const MEASURE: &str = r"<script>
const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return s.startsWith('color(srgb') ? [m[0]*255, m[1]*255, m[2]*255, m[3] ?? 1] : [m[0], m[1], m[2], m[3] ?? 1]; };
const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
const light = c => { const f = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
const ground = e => { const up = []; for (let at = e; at; at = at.parentElement) up.push(rgb(getComputedStyle(at).backgroundColor)); return up.reverse().reduce((b, a) => over(a, b), [255, 255, 255, 1]); };
document.querySelectorAll('details').forEach(d => { d.open = true; });
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let texts = 0;
while (walk.nextNode()) {
  const node = walk.currentNode, e = node.parentElement;
  if (!node.textContent.trim() || ['SCRIPT', 'STYLE'].includes(e.tagName) || !e.getClientRects().length) continue;
  const style = getComputedStyle(e), b = ground(e), t = over(rgb(style.color), b);
  const [hi, lo] = [light(t), light(b)].sort((x, y) => y - x), ratio = (hi + 0.05) / (lo + 0.05);
  const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 600;
  texts++;
  if (ratio < (large ? 3 : 4.5)) console.error(`faint ${ratio.toFixed(2)} ${e.tagName}.${e.className} ${node.textContent.trim().slice(0, 20)}`);
}
if (document.documentElement.scrollWidth > innerWidth) console.error(`wide ${document.documentElement.scrollWidth} > ${innerWidth}`);
console.log(`measured ${texts} ${matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'}`);
</script>";

/// What is wrong with a page as measured in the browser.
fn measure(browser: &Path, folder: &Path, page: &Path, scheme: Scheme, width: u32) -> Vec<String> {
    let text = std::fs::read_to_string(page).expect("the page");
    assert!(text.contains("</body>"), "{} has no end", page.display());
    let copy = folder.join("measured.html");
    std::fs::write(&copy, text.replace("</body>", &format!("{MEASURE}</body>"))).expect("a copy");
    let shot = format!("--screenshot={}", folder.join("measured.png").display());
    let mut said = open(browser, folder, &copy, scheme, width, &[shot]);
    let word = if scheme == Scheme::Dark { "dark" } else { "light" };
    let done = |line: &String| line.contains("\"measured ") && line.contains(word);
    assert!(said.iter().any(done), "the page was not measured {word}: {said:?}");
    said.retain(|line| !line.contains("\"measured "));
    said
}

/// What a page needs from elsewhere.
fn outside(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).expect("the page");
    let after = |word: &'static str| text.split(word).skip(1).map(move |rest| (word, rest));
    let here = |rest: &str| rest.starts_with('#') || rest.starts_with("data:,");
    ["src=\"", "href=\"", "url(", "@import"]
        .into_iter()
        .flat_map(after)
        .filter(|(_, rest)| !here(rest))
        .map(|(word, rest)| format!("outside: {word}{}", rest.chars().take(40).collect::<String>()))
        .collect()
}

/// Everything that is wrong with a page.
fn faults(browser: &Path, folder: &Path, page: &Path) -> Vec<String> {
    let mut faults = outside(page);
    for scheme in [Scheme::Light, Scheme::Dark] {
        let (look, console) = screenshot(browser, folder, page, scheme);
        faults.extend(console.into_iter().map(|line| format!("{scheme:?}: {line}")));
        if look.is_blank() {
            faults.push(format!("{scheme:?}: blank"));
        }
        if !look.is(scheme) {
            faults.push(format!("{scheme:?}: the ground is {:?}", look.ground));
        }
    }
    let (sheets, console) = print(browser, folder, page);
    faults.extend(console.into_iter().map(|line| format!("printed: {line}")));
    if sheets == 0 || sheets > 80 {
        faults.push(format!("printed: {sheets} sheets"));
    }
    for (scheme, width) in [(Scheme::Light, 500), (Scheme::Dark, WIDTH)] {
        let found = measure(browser, folder, page, scheme, width);
        faults.extend(found.into_iter().map(|line| format!("{scheme:?} at {width}: {line}")));
    }
    faults
}

/// The pages, each as the command that writes it to the file named last.
fn recipes(command: &str) -> Vec<Vec<&'static str>> {
    match command {
        "diff" => vec![vec![
            "diff",
            "tests/cases/diff/各种改动/old.banfa",
            "tests/cases/diff/各种改动/new.banfa",
            "--impact",
        ]],
        "test" => vec![vec!["test", "policies/中华人民共和国行政处罚法（节选）", "--coverage"]],
        "mutate" => vec![vec!["mutate", "tests/cases/cli/借阅办法.banfa"]],
        "stats" => {
            let (policy, results) = ("tests/cases/stats/借阅办法.banfa", "tests/cases/stats/结果.jsonl");
            let alone = vec!["stats", policy, "tests/cases/stats/结果.读者.csv", "--by", "身份", "--split"];
            let against = ["--against", "tests/cases/stats/修改前.jsonl", "--by", "馆舍,读者.处理"];
            vec![[&["stats", policy, results][..], &against].concat(), alone]
        }
        other => panic!("banfa {other} writes a page: say here how, so that it is looked at"),
    }
}

#[test]
fn every_page_the_program_writes() {
    let tree = banfa::cli::tree();
    // `--html`, or `--out` whose ending says that it is a page.
    let writes = |c: &&clap::Command| {
        c.get_arguments().any(|a| {
            let help = a.get_help().map(ToString::to_string).unwrap_or_default();
            a.get_long() == Some("html") || a.get_long() == Some("out") && help.contains(".html")
        })
    };
    let commands: Vec<String> =
        tree.get_subcommands().filter(writes).map(|c| c.get_name().to_owned()).collect();
    assert!(commands.iter().any(|c| c == "stats"));
    assert!(commands.iter().any(|c| c == "diff"));
    let recipes: Vec<Vec<&str>> = commands.iter().flat_map(|c| recipes(c)).collect();
    let Some(browser) = browser() else { return };
    let folder = Scratch::new("pages");
    let mut faults = Vec::new();
    for recipe in recipes {
        let page = folder.0.join("页.html");
        let _ = std::fs::remove_file(&page);
        let option = if recipe.first() == Some(&"stats") { "--out" } else { "--html" };
        let output = Command::new(env!("CARGO_BIN_EXE_banfa"))
            .args(&recipe)
            .args([option.as_ref(), page.as_os_str()])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("banfa starts");
        assert!(page.is_file(), "{recipe:?}: {}", String::from_utf8_lossy(&output.stderr));
        let found = self::faults(&browser, &folder.0, &page);
        faults.extend(found.into_iter().map(|fault| format!("{recipe:?}: {fault}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What the other test relies on: that this browser tells.
#[test]
fn a_page_with_every_fault_is_found_out() {
    let Some(browser) = browser() else { return };
    let folder = Scratch::new("faults");
    let page = folder.0.join("坏.html");
    let body = "<p style=\"color:#999;background:#bbb;width:1200px\">淡</p><script>console.error('错误甲');\
                console.warn('警告乙');</script><img src=\"没有.png\" alt=\"\">";
    let text = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>坏</title><body style=\"background:#fff\">{body}</body>"
    );
    std::fs::write(&page, text).expect("a page");
    let found = faults(&browser, &folder.0, &page);
    for (what, at) in [
        ("错误甲", "Light"),
        ("警告乙", "Dark"),
        ("错误甲", "printed"),
        ("没有.png", "outside"),
        ("the ground is", "Dark"),
        ("faint 1", "Light at 500"),
        ("wide 12", "Light at 500"),
        ("faint 1", "Dark at"),
    ] {
        let told = found.iter().any(|f| f.starts_with(at) && f.contains(what));
        assert!(told, "{at} {what}: {found:#?}");
    }
    let blank = folder.0.join("空.html");
    std::fs::write(&blank, "<!DOCTYPE html><meta charset=\"utf-8\"><title>空</title><body></body>")
        .expect("a page");
    assert!(screenshot(&browser, &folder.0, &blank, Scheme::Light).0.is_blank());
}
