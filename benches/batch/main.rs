//! How fast many cases are decided, every speed beside a floor measured in the same run. `cargo bench --bench batch`
//! prints tables; `-- 求值` only those of one part. `BANFA_CASES` says how many cases lie in memory (2,000,000).
mod by_hand;
mod check;
#[cfg(feature = "parquet")]
mod columnar;
mod evaluate;
mod files;
mod floors;
mod growth;
mod laws;
mod made;
mod packed;
#[path = "../support/rows.rs"]
mod rows;
mod session;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wanted = |part: &str| asked.is_empty() || asked.iter().any(|a| part.contains(a.as_str()));
    let number = |name: &str, usual| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    let (cases, rounds) = (number("BANFA_CASES", 2_000_000), number("BANFA_ROUNDS", 1_000));
    profile(&asked, cases, rounds);
    if wanted("求值") {
        evaluate::chapter(cases, rounds);
    }
    if wanted("整部") {
        laws::both(cases, rounds);
    }
    if wanted("结果列") {
        session::sessions(cases / 50, rounds);
    }
    if wanted("增长") {
        growth::cases(cases * 5);
        growth::provisions(rounds);
    }
    if wanted("文件") {
        files::json(cases / 200);
        files::command(cases / 80);
        #[cfg(feature = "parquet")]
        columnar::parquet(cases / 200);
    }
}

/// What a profiler may look at, only when asked for: parts that do one thing again and again.
fn profile(asked: &[String], cases: usize, rounds: usize) {
    let open = made::Mix::EVEN.open(0.05);
    for part in asked {
        match part.as_str() {
            "反复" => evaluate::again(evaluate::CHAPTER, made::Mix::EVEN, cases, rounds),
            "反复不明" => evaluate::again(evaluate::CHAPTER, open, cases, rounds),
            "反复整部" => evaluate::again(laws::WHOLE, open, cases, rounds),
            "反复认定" => session::again(true, rounds),
            "反复认定一列" => session::again(false, rounds),
            #[cfg(feature = "parquet")]
            "反复列存" => columnar::again(rounds),
            _ => {}
        }
    }
}
