//! Rules of the page. `v0`–`v7` are values, `s-…` states: hatched where nothing is decided, so that they are told apart
//! without colour too.

/// Added to the rules of every page.
pub(super) const STYLE: &str = "\
:root {
  --c0: #2f6db5; --c1: #e0912f; --c2: #3f9b6f; --c3: #a8559b; --c4: #5fb0d8; --c5: #8a6a3a; --c6: #c7b23c; --c7: #6d6d8f;
  --rest: #b4b4bf; --no: #8d99ad; --silent: #dcdce3; --pending: #d99a1c; --pending-2: #f4d58d; --conflict: #c0392b; --heat: #5b9bd5;
  --h1: #dbe8f5; --h2: #b3d0ec; --h3: #7fb0de; --h4: #447fbf; --h5: #1d4f8f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --c0: #5b9be0; --c1: #f0ab55; --c2: #5cbd8f; --c3: #c97fbd; --c4: #86cbec; --c5: #b8965f; --c6: #dccb62; --c7: #9a9ac0;
    --rest: #6c6c78; --no: #76839a; --silent: #34343d; --pending: #d99a1c; --pending-2: #6e4f12; --conflict: #e0685c; --heat: #2f6db5;
    --h1: #1c2a3c; --h2: #21405f; --h3: #2c5f93; --h4: #4a8fd6; --h5: #9cc8f5;
  }
}
main { max-width: 66rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 0 0 1rem; }
.figures div { border: 1px solid var(--line); border-top: 3px solid var(--line); border-radius: .2rem; padding: .5rem .9rem; background: var(--panel); }
.figures dt { color: var(--faint); font-size: .9rem; }
.figures dd { margin: 0; font-size: 1.7rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figures .more { font-size: .85rem; color: var(--faint); }
.figures .good-top { border-top-color: var(--good); } .figures .warn-top { border-top-color: var(--pending); }
.figures .bad-top { border-top-color: var(--conflict); } .figures .link-top { border-top-color: var(--link); }
.contents { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 1rem 0 0; padding: .4rem 0; border-bottom: 1px solid var(--line); }
.stack { display: flex; height: 1.5rem; border-radius: .25rem; overflow: hidden; background: var(--silent); margin: .2rem 0; }
.stack.tall { height: .8rem; }
.stack span { flex: 1 1 0; min-width: 2px; }
.stack span + span { border-left: 1px solid var(--ground); }
.stack span:hover { filter: brightness(1.12); }
.v0 { --k: var(--c0); } .v1 { --k: var(--c1); } .v2 { --k: var(--c2); } .v3 { --k: var(--c3); }
.v4 { --k: var(--c4); } .v5 { --k: var(--c5); } .v6 { --k: var(--c6); } .v7 { --k: var(--c7); }
.s-rest { --k: var(--rest); } .s-silent { --k: var(--silent); } .s-pending { --k: var(--pending); }
.s-conflict { --k: var(--conflict); } .s-good { --k: var(--c2); } .s-na { --k: var(--line); } .s-choice { --k: var(--c4); } .s-no { --k: var(--no); }
.stack span, .swatch, .bar span { background: var(--k); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.stack .s-pending, .swatch.s-pending, .bar .s-pending { background: repeating-linear-gradient(135deg, var(--pending) 0 4px, var(--pending-2) 4px 8px); }
.stack .s-conflict, .swatch.s-conflict { background: repeating-linear-gradient(45deg, var(--conflict) 0 5px, color-mix(in srgb, var(--conflict) 60%, var(--ground)) 5px 7px); }
.stack .s-choice, .swatch.s-choice { background: repeating-linear-gradient(90deg, var(--c4) 0 3px, color-mix(in srgb, var(--c4) 45%, var(--ground)) 3px 6px); }
.stack .s-na, .swatch.s-na { background: repeating-linear-gradient(0deg, var(--line) 0 2px, var(--ground) 2px 4px); }
.swatch { display: inline-block; width: .85em; height: .85em; border-radius: .15em; margin-right: .4em; vertical-align: -.05em; }
.conclusion { margin: 1.1rem 0 1.4rem; }
.conclusion h3, .change h3 { margin: 0 0 .1rem; }
.count { font-weight: 400; font-size: .85rem; margin-left: .8em; }
.keys { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.3rem; margin: .2rem 0 0; padding: 0; font-size: .92rem; line-height: 1.6; }
.keys b { font-variant-numeric: tabular-nums; }
summary { cursor: pointer; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
details > summary { color: var(--link); font-size: .92rem; }
.bars td { vertical-align: middle; }
.bars td:first-child { white-space: nowrap; }
.bars td.bar { width: 45%; min-width: 7rem; padding-left: 0; padding-right: 0; }
.bars .bar > span { display: block; height: 1rem; --k: var(--c0); border-radius: 0 .2rem .2rem 0; overflow: hidden; }
.bars .bar > .moved { --k: var(--c1); }
.bars .bar .alone { display: block; height: 100%; background: var(--pending); border-right: 2px solid var(--ground); box-sizing: border-box; }
.both td.bar { width: 22%; min-width: 4rem; }
.both .less span { margin-left: auto; border-radius: .2rem 0 0 .2rem; background: var(--bad); }
.both .more span { background: var(--good); }
.moves td:nth-child(1), .moves td:nth-child(2) { white-space: nowrap; }
.moves td:nth-child(5) { min-width: 14rem; }
.moves .cases { font-size: .95em; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: .88rem; margin: .2rem 0 .6rem; align-items: baseline; }
.strip { background: var(--panel); border: 1px solid var(--line); border-radius: .3rem; padding: .5rem .9rem .8rem; line-height: 1; }
.strip .chapter { margin: .9rem 0 .4rem; font-size: .88rem; color: var(--faint); line-height: 1.4; }
.article { display: inline-flex; flex-wrap: wrap; align-items: center; gap: 3px; margin: 0 .9rem .45rem 0; vertical-align: top; }
.article b { font-size: .8rem; font-weight: 400; color: var(--faint); margin-right: .15rem; white-space: nowrap; }
.cell { position: relative; display: inline-block; width: 1.15rem; height: 1.15rem; border-radius: .18rem; background: var(--shade); border: 1px solid var(--edge, transparent); overflow: hidden; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
a.cell:hover, a.cell:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
.swatch.cell { width: .95em; height: .95em; background: var(--shade); }
.h0 { --shade: transparent; --edge: var(--bad); } .h1 { --shade: var(--h1); --edge: var(--h2); } .h2 { --shade: var(--h2); }
.h3 { --shade: var(--h3); } .h4 { --shade: var(--h4); } .h5 { --shade: var(--h5); }
.none { --shade: transparent; --edge: var(--line); } .untold { --shade: var(--silent); }
.cell.none { border-style: dotted; border-color: var(--faint); transform: scale(.62); }
.swatch.cell.none { transform: none; }
.cell.h0 { background: linear-gradient(to top left, transparent calc(50% - 1px), var(--bad) calc(50% - 1px) calc(50% + 1px), transparent calc(50% + 1px)); }
.cell.lost::after, .cell.clash::after { content: \"\"; position: absolute; right: 0; top: 0; width: 45%; height: 45%; background: var(--pending); clip-path: polygon(0 0, 100% 0, 100% 100%); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.cell.clash::after { background: var(--conflict); }
.statute { margin-top: 1.2rem; }
.part { margin: .15rem 0; padding: .15rem .7rem; border-left: .35rem solid var(--shade); scroll-margin-top: 1rem; }
.part.h0 { border-left: .35rem double var(--bad); } .part.none { border-left: 1px dotted var(--faint); padding-left: calc(.7rem + .35rem - 1px); }
.part > p { margin: 0; }
.part > summary { list-style: none; color: var(--text); font-size: 1rem; }
.part > summary::-webkit-details-marker { display: none; }
.part > summary:hover { background: var(--panel); }
.part[open] { background: var(--panel); padding-bottom: .6rem; }
.part:target { outline: 2px solid var(--link); }
.part .figure { float: right; margin-left: 1rem; font-size: .9rem; font-variant-numeric: tabular-nums; color: var(--faint); }
.part .figure b { color: var(--text); }
.part .never { color: var(--bad); }
.d1 { margin-left: 1.5rem; } .d2 { margin-left: 3rem; } .d3 { margin-left: 4.5rem; } .d4 { margin-left: 6rem; }
.heat { width: auto; min-width: 50%; border-collapse: separate; border-spacing: 2px; }
.heat th, .heat td { border: 0; }
.heat thead th { font-size: .9rem; vertical-align: bottom; }
.heat tbody th, .heat tfoot th { font-weight: 400; vertical-align: middle; }
.heat tr > th:first-child { white-space: nowrap; }
.heat td { min-width: 5.2rem; border-radius: .2rem; background: color-mix(in srgb, var(--heat) calc(var(--p, 0%) * .75), var(--ground)); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.heat td small { display: block; font-size: .78rem; line-height: 1.2; }
.heat .nil { color: var(--faint); vertical-align: middle; } .heat .total { vertical-align: middle; }
.heat tfoot th, .heat tfoot td { border-top: 1px solid var(--line); border-radius: 0; }
.change { margin: 1.6rem 0; padding-top: .6rem; border-top: 1px solid var(--line); scroll-margin-top: .5rem; }
.flow { display: block; width: 100%; min-width: 27rem; height: auto; margin: .6rem auto; }
.flow text { fill: var(--text); font-size: 12px; } .flow .side { fill: var(--faint); } .flow .n { fill: var(--faint); font-size: 11px; }
.flow rect { fill: var(--k); } .ribbon { fill: var(--k); fill-opacity: .62; stroke: var(--k); stroke-width: .6; }
.ribbon.same { fill: var(--faint); fill-opacity: .16; stroke: none; } .ribbon:hover { fill-opacity: .85; }
.ribbon.same:hover { fill-opacity: .3; }
@media (max-width: 40rem) {
  .d1, .d2, .d3, .d4 { margin-left: .8rem; }
  .figures { grid-template-columns: repeat(2, 1fr); }
  .bars:not(.moves) td:first-child { white-space: normal; }
  .bars td.bar { width: 30%; min-width: 4rem; }
}
@page { size: A4; margin: 16mm; }
@media print {
  .conclusion > details::details-content, .change > details::details-content { content-visibility: visible; block-size: auto; }
  .part .figure { float: right; }
  .part { break-inside: avoid-page; }
  .flow { min-width: 0; }
  .stack, .swatch, .cell { forced-color-adjust: none; }
}
";
