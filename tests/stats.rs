//! `banfa stats` on results of the small policies of `tests/cases/stats` and of the bundled law.
#![cfg(feature = "cli")]

#[path = "support/results.rs"]
mod results;

use banfa::Policy;
use banfa::batch::Wanted;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// By hand: results of the cases of a policy, in a folder. `BANFA_RESULTS=办法:案例:输出 cargo test --test stats -- --ignored`
#[test]
#[ignore = "writes results to look at"]
fn write_results() {
    let asked = std::env::var("BANFA_RESULTS").expect("BANFA_RESULTS=办法:案例:输出[:事实,…]");
    let parts: Vec<&str> = asked.split(':').collect();
    let mut policy = Policy::from_path(&root().join(parts[0])).expect("a policy");
    let paths: Vec<PathBuf> = results::files(&root().join(parts[1]));
    let cases = results::cases(&mut policy, &paths);
    let keep = parts.get(3).map(|k| k.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let wanted = Wanted { keep, waiting: true, ..Wanted::default() };
    let (layout, chunk) = results::evaluate(&policy, &cases, &wanted);
    let target = Path::new(parts[2]);
    std::fs::write(target.with_extension("jsonl"), results::jsonl(&policy.program().hir, &layout, &chunk))
        .expect("written");
    for (name, text) in results::csv(&layout, &chunk) {
        std::fs::write(format!("{}{name}.csv", target.display()), text).expect("written");
    }
}
