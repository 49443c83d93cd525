use banfa::base::{FileId, Sources};
fn main() {
    for f in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&f).unwrap();
        let mut s = Sources::new();
        let id = s.add(f.clone(), text.clone());
        let t = std::time::Instant::now();
        let (tree, diags) = banfa::syntax::parse(&text, id);
        let e = t.elapsed();
        println!("{f}: {} items, {} diags, {e:?}", tree.items.len(), diags.len());
        for d in diags.iter().take(40) {
            let sp = d.labels[0].span;
            let p = s.start(sp);
            println!(
                "  {} {}:{} {} 〔{}〕 {:?} fix={:?}",
                d.code,
                p.line,
                p.column,
                d.message,
                s.slice(sp),
                d.help.as_deref().unwrap_or(""),
                d.fix.as_ref().map(|f| (s.slice(f.span), &f.replacement))
            );
        }
        if std::env::var("D").is_ok() {
            println!("{tree:#?}");
        }
        let _ = FileId(0);
    }
}
