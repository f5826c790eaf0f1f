/** The one style sheet of the page. Colours are variables, so that tables, chips and charts change together. */
import { front } from './style-front.ts';
import { dark, heat, kinds, light, soft, tones } from './palette.ts';

const sans =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, "Noto Sans Arabic", "Noto Sans Ethiopic", Nyala, Kefa, "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Thai", sans-serif';

/** Scripts with tall or dense letters need other fonts and more room between lines. */
const scripts = `
:lang(ja) { font-family: "Hiragino Sans", "Hiragino Kaku Gothic ProN", "Yu Gothic", Meiryo, "Noto Sans CJK JP", "Noto Sans JP", ${sans}; }
:lang(zh) { font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", ${sans}; }
:lang(zh-Hant), :lang(zh-TW), :lang(zh-HK) { font-family: "PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC", "Noto Sans TC", ${sans}; }
:lang(ko) { font-family: "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", "Noto Sans KR", ${sans}; }
:lang(ar), :lang(fa), :lang(ur), :lang(ps) { font-family: "Noto Sans Arabic", "Geeza Pro", "Segoe UI", Tahoma, ${sans}; }
:lang(he) { font-family: "Noto Sans Hebrew", "Arial Hebrew", ${sans}; }
:lang(am), :lang(ti) { font-family: "Noto Sans Ethiopic", Kefa, Nyala, Ebrima, ${sans}; }
:lang(hi), :lang(mr), :lang(ne) { font-family: "Noto Sans Devanagari", "Kohinoor Devanagari", "Nirmala UI", Mangal, ${sans}; }
:lang(bn) { font-family: "Noto Sans Bengali", "Kohinoor Bangla", "Nirmala UI", Vrinda, ${sans}; }
:lang(th) { font-family: "Noto Sans Thai", Thonburi, "Leelawadee UI", ${sans}; }
.passage:is(:lang(ar), :lang(fa), :lang(ur), :lang(th), :lang(hi), :lang(bn), :lang(am), :lang(my), :lang(km)) { line-height: 1.8; }
.passage:is(:lang(ja), :lang(zh), :lang(ko)) { line-height: 1.75; line-break: strict; }
.passage:lang(ko) { word-break: keep-all; }
`;

const ground = `
:root { color-scheme: light dark; ${light} ${soft} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 4.5rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 ${sans}; overflow-wrap: anywhere; }
.wrap { max-width: 78rem; margin-inline: auto; padding-inline: 1.25rem; }
h1, h2, h3, h4, p, dl, dd, figure, ul { margin: 0; }
h2 { font-size: 1.35rem; line-height: 1.3; letter-spacing: -0.01em; margin-block-end: 0.35rem; }
h3 { font-size: 1.05rem; margin-block: 1.75rem 0.5rem; }
h4 { font-size: 1rem; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
code, pre, kbd { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace; font-size: 0.875em; }
pre { margin: 0.4rem 0 0; padding: 0.6rem 0.75rem; background: var(--sunk); border-radius: 6px; white-space: pre-wrap; }
kbd { padding: 0 0.35em; border: 1px solid var(--line); border-radius: 4px; background: var(--sunk); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
summary { cursor: pointer; color: var(--accent); width: fit-content; padding-block: 0.25rem; }
.muted { color: var(--muted); }
.small { font-size: 0.875rem; }
.num { font-variant-numeric: tabular-nums; }
.lead { color: var(--muted); max-width: 46rem; margin-block-end: 1rem; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; inset-inline-start: 1rem; top: -4rem; z-index: 3; padding: 0.5rem 1rem; background: var(--card); }
.skip:focus { top: 0.5rem; }
.own { color: var(--muted); font-weight: 400; }
`;

const frame = `
.top { position: sticky; top: 0; z-index: 2; background: var(--card); border-block-end: 1px solid var(--line); }
.top .wrap { display: flex; align-items: center; gap: 0 1.5rem; min-height: 3.25rem; }
.brand { flex: none; white-space: nowrap; font-weight: 700; letter-spacing: -0.02em; font-size: 1.1rem; }
.top nav { display: flex; flex-wrap: wrap; min-width: 0; gap: 0.1rem 1.1rem; white-space: nowrap; padding-block: 0.4rem; }
.top nav a { color: var(--muted); text-decoration: none; font-size: 0.9rem; }
.top nav a:hover { color: var(--ink); text-decoration: underline; }
main, footer { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; padding-block: 1.5rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem; }
.banner { border: 2px solid var(--warn-line); border-radius: 12px; background: var(--warn); color: var(--warn-ink); padding: 1rem 1.5rem; }
.banner.demo { font-size: 1.1rem; border-inline-start-width: 10px; }
.banner-head { font-weight: 700; text-transform: uppercase; letter-spacing: 0.06em; font-size: 0.85rem; }
.notes ul { padding-inline-start: 1.25rem; }
.notes .warning code { color: var(--bad); }
.hero { padding-block: 1rem 0.5rem; }
.hero h1 { margin-block-end: 1rem; }
.sentences { display: grid; gap: 0.6rem; max-width: 58rem; }
.sentences p { font-size: 1.15rem; line-height: 1.5; }
.sentences p:first-child { font-size: clamp(1.35rem, 2.6vw, 1.85rem); line-height: 1.35; letter-spacing: -0.015em; font-weight: 600; }
.said { padding-inline-start: 1.25rem; max-width: 58rem; display: grid; gap: 0.35rem; }
.load-target { min-width: 14rem; white-space: normal; }
tr.doubted td b, tr.doubted td.num { text-decoration: line-through; }
.facts { margin-block-start: 1.1rem; font-size: 0.95rem; }
.key { display: inline-block; margin-inline-end: 1.5rem; }
.chip { --tone: var(--muted); display: inline-block; padding: 0.1em 0.6em; border-radius: 999px; border: 1px solid color-mix(in srgb, var(--tone) 45%, transparent); background: color-mix(in srgb, var(--tone) 10%, var(--card)); color: var(--tone); font-size: 0.85rem; font-weight: 600; line-height: 1.5; }
.chip.big { font-size: 1.1rem; padding: 0.3em 1em; background: var(--tone); color: var(--on-bar); border-color: transparent; }
.chip.equivalent { --tone: var(--l-equivalent); }
.chip.apart { --tone: var(--accent); font-weight: 500; }
.dot { display: inline-block; width: 0.75em; height: 0.75em; border-radius: 3px; margin-inline-end: 0.45em; background: var(--muted); }
.groups { display: grid; gap: 0.5rem; margin-block: 0.75rem 1rem; }
.groups div { display: flex; flex-wrap: wrap; gap: 0.35rem 0.9rem; align-items: baseline; }
.groups dt { min-width: 8.5rem; }
.groups dd { display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; }
figure { margin-block: 0.5rem 0.75rem; }
figcaption { color: var(--muted); font-size: 0.875rem; }
.plot-box { padding-block: 0.25rem; }
.plot { display: block; width: 100%; max-width: 60rem; min-width: 40rem; height: auto; font-family: ${sans}; }
.plot.slim { display: none; min-width: 0; max-width: 26rem; }
.scroll { overflow-x: auto; max-width: 100%; position: relative; }
`;

const tables = `
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.9rem; }
th, td { padding: 0.5rem 0.7rem; text-align: start; vertical-align: top; border-block-end: 1px solid var(--line); overflow-wrap: normal; }
td { min-width: 4.5rem; }
thead th { color: var(--muted); font-weight: 600; font-size: 0.82rem; vertical-align: bottom; white-space: nowrap; }
thead th[colspan] { text-align: center; border-block-end-width: 2px; padding-block-end: 0.2rem; }
thead th[rowspan] { white-space: normal; }
h2 + .scroll { margin-block-start: 0.75rem; }
tbody th { font-weight: 600; }
th.num, td.num { text-align: end; white-space: nowrap; }
tbody th:first-child { position: sticky; inset-inline-start: 0; background: var(--card); z-index: 1; }
.counts, .ci, .n { font-size: 0.78rem; color: var(--muted); font-variant-numeric: tabular-nums; }
.counts { display: block; white-space: nowrap; }
.times { font-size: 0.84rem; } .times th, .times td { padding-inline: 0.35rem; min-width: 0; } .times .load { min-width: 8.5rem; } .times .counts, .times .ci { font-size: 0.72rem; }
td .counts { margin-block-start: 0.1rem; }
.n.gap { color: var(--ink); font-weight: 650; }
.sub { display: block; font-size: 0.78rem; font-weight: 400; color: var(--muted); }
.pick { position: absolute; opacity: 0; }
.pick-label { display: inline-block; padding: 0.3rem 1rem; border: 1px solid var(--line); cursor: pointer; font-size: 0.9rem; }
.pick-label:first-of-type { border-start-start-radius: 999px; border-end-start-radius: 999px; }
.pick-label:last-of-type { border-start-end-radius: 999px; border-end-end-radius: 999px; border-inline-start: 0; }
.pick:checked + .pick-label { background: var(--ink); color: var(--card); border-color: var(--ink); }
.pick:focus-visible + .pick-label { outline: 3px solid var(--accent); outline-offset: 2px; }
.scale { float: inline-end; display: flex; align-items: center; gap: 0; font-size: 0.78rem; color: var(--muted); margin-block-start: -1.9rem; }
.scale .swatch { width: 1.1rem; height: 0.8rem; }
.scale span { padding-inline: 0.4rem; }
.matrices { margin-block-start: 0.9rem; }
.matrix td.heat { min-width: 9.5rem; border-inline-start: 2px solid var(--card); border-block-end: 2px solid var(--card); }
.matrix td.heat, .matrix td.heat .ci, .matrix td.heat .n, .matrix td.heat .sub { color: var(--ink); }
.matrix td.heat .counts { display: inline-block; }
.ci { white-space: nowrap; }
.take .chip { margin-block: 0.15rem; }
.matrix td.heat .n { white-space: nowrap; }
.matrix tbody th { min-width: 8rem; }
.matrix tbody th a { color: inherit; text-decoration-color: var(--line); }
.matrix tbody th .own { display: block; font-size: 0.85rem; text-align: left; }
.matrix .overall th, .matrix .overall td { border-block-end: 2px solid var(--line); }
.matrix .take { white-space: nowrap; vertical-align: middle; }
.m { display: block; }
.m .k { font-size: 0.78rem; }
.m .counts { font-size: 0.75rem; }
#by-score:checked ~ .matrices .m-score, #by-pass:checked ~ .matrices .m-pass { margin-block-end: 0.1rem; }
#by-score:checked ~ .matrices .m-score b, #by-pass:checked ~ .matrices .m-pass b { font-size: 1.25rem; letter-spacing: -0.01em; }
#by-score:checked ~ .matrices .m-score .k, #by-pass:checked ~ .matrices .m-pass .k { position: absolute; clip-path: inset(50%); }
#by-score:checked ~ .matrices .m-pass, #by-pass:checked ~ .matrices .m-score { font-size: 0.8rem; }
h4.part { margin-block: 1.5rem 0.25rem; }
.gaps { padding-inline-start: 1.25rem; }
.instead { display: inline-flex; flex-wrap: wrap; gap: 0.1rem 0.8rem; margin-inline-start: 0.6rem; }
.instead a { color: inherit; text-decoration-color: var(--line); }
.instead .dot { margin-inline-end: 0.3em; }
.disagree td { min-width: 3rem; }
.disagree .overall th, .disagree .overall td { border-block-end: 2px solid var(--line); }
p.note { color: var(--muted); font-size: 0.875rem; max-width: 58rem; margin-block: 1.1rem 0.4rem; }
.kinds td:last-child { min-width: 12rem; }
.block { margin-block: 1.5rem 0; padding-block-start: 0.25rem; border-block-start: 1px solid var(--line); }
.block h3 { margin-block: 1rem 0.25rem; }
.drift .k { display: inline-block; min-width: 2.8rem; color: var(--muted); }
.drift td { min-width: 12rem; } .drift td .counts { display: inline-block; margin: 0; }
.fields td { min-width: 8.5rem; } .fields tbody th { min-width: 7rem; max-width: 14rem; overflow-wrap: break-word; } .shade, .shade .ci, .shade .n, .shade .sub { color: var(--ink); }
.signatures { font-size: 0.82rem; } .signatures td { overflow-wrap: anywhere; } .signatures td:nth-child(3) { min-width: 16rem; }
.kinds .share { font-size: 0.78rem; display: inline-block; min-width: 3.4rem; }
.kinds .code-row th { font-weight: 400; padding-inline-start: 2rem; }
.kinds .code-row td, .kinds .code-row th { color: var(--muted); border-block-end-style: dotted; }
.kinds .sum th, .kinds .sum td { border-block-end: 0; font-weight: 600; }
`;

const browser = `
#answers { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
#filters { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; align-items: end; padding: 1rem 1.25rem; }
.field { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.2rem; min-width: 0; }
.field label { font-size: 0.8rem; color: var(--muted); }
.field.wide { flex: 1 1 16rem; }
.field.narrow { width: 7rem; }
.field.switch { display: flex; align-items: center; gap: 0.45rem; min-height: 2.4rem; }
select, input[type="search"], input[type="number"], button { font: inherit; font-size: 0.95rem; min-height: 2.4rem; max-width: 100%; padding: 0.3rem 0.7rem; color: var(--ink); background: var(--card); border: 1px solid color-mix(in srgb, var(--muted) 55%, var(--line)); border-radius: 8px; }
input[type="search"], input[type="number"], select { width: 100%; min-width: 0; text-overflow: ellipsis; }
button { cursor: pointer; }
button:hover { background: var(--sunk); }
button.quiet { border: 0; min-height: 0; padding: 0.2rem 0; color: var(--accent); background: none; text-decoration: underline; font-size: 0.875rem; }
.keys { flex-basis: 100%; font-size: 0.8rem; }
#cards { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
.question { padding: 1.1rem 1.25rem; scroll-margin-top: 4.5rem; }
.question:focus { outline: 3px solid var(--accent); outline-offset: 2px; }
.question > h3 { margin: 0 0 0.25rem; font-size: 1rem; line-height: 1.7; }
.tag { display: inline-block; padding: 0 0.6rem; margin-inline-end: 0.6rem; border-radius: 6px; background: var(--sunk); border: 1px solid var(--line); font-weight: 500; font-size: 0.9rem; }
.side { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1rem; margin-block-start: 0.5rem; }
.answer { min-width: 0; border: 1px solid var(--line); border-radius: 8px; padding: 0.8rem 1rem; display: flex; flex-direction: column; gap: 0.6rem; }
.answer header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.35rem 0.7rem; }
.answer h4 { margin-inline-end: auto; }
.passage { white-space: pre-wrap; background: var(--sunk); border-radius: 6px; padding: 0.65rem 0.85rem; unicode-bidi: plaintext; tab-size: 4; }
.passage.clamped { max-height: 18rem; overflow: hidden; mask-image: linear-gradient(#000 80%, transparent); }
.failure { border-inline-start: 4px solid var(--k-no-answer); padding-inline-start: 0.75rem; font-size: 0.9rem; }
.role { font-size: 0.8rem; color: var(--muted); margin-block: 0.6rem 0.2rem; }
.rules { padding-inline-start: 1.2rem; font-size: 0.875rem; }
.checks { list-style: none; padding: 0; font-size: 0.875rem; display: grid; gap: 0.2rem; }
.check.pass .mark { color: var(--good); } .check.fail .mark { color: var(--bad); } .check.check-error .mark { color: var(--k-check-error); } .check.no-answer .mark { color: var(--k-no-answer); } .check .mark { color: var(--muted); font-weight: 600; margin-inline-end: 0.3rem; }
details.tiny { display: inline-block; max-width: 100%; vertical-align: top; } details.tiny summary { padding: 0; font-size: 0.8rem; }
details.tiny[open] { display: block; }
.meta { color: var(--muted); font-size: 0.8rem; margin-block-start: auto; font-variant-numeric: tabular-nums; }
.hid { display: inline-block; unicode-bidi: isolate; line-height: 1.1; }
.hid::before { content: attr(data-code); font: 600 0.68em/1.2 ui-monospace, monospace; border: 1px solid var(--bad); color: var(--bad); border-radius: 3px; padding: 0 0.25em; margin-inline: 1px; }
.more-line { text-align: center; }
.more-line:not(:has(button:not([hidden]))) { display: none; }
#cards, #above { overflow-anchor: none; }
.permalink { color: var(--muted); padding-inline: 0.4rem; }
.references { display: flex; flex-wrap: wrap; gap: 0.35rem 1rem; align-items: baseline; margin-block-start: 0.35rem; }
.references .role { margin: 0; }
.reference { display: flex; flex-wrap: wrap; gap: 0.4rem; align-items: baseline; min-width: 0; max-width: 100%; }
.reference .passage, .reference pre { padding: 0.25rem 0.7rem; margin: 0; min-width: 0; max-width: 100%; }
.diff del { color: var(--bad); text-decoration: line-through; background: color-mix(in srgb, var(--bad) 5%, transparent); }
.diff ins { color: var(--good); text-decoration: underline; text-underline-offset: 0.2em; background: color-mix(in srgb, var(--good) 5%, transparent); }
.more-row { display: flex; flex-wrap: wrap; gap: 0 1.25rem; align-items: baseline; }
.raw-box { min-width: 0; max-width: 100%; font-size: 0.875rem; }
.raw-box[open] { flex-basis: 100%; }
.raw-box pre { max-height: 22rem; overflow: auto; }
.records { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 0.5rem 1.5rem; margin-block: 0.6rem; align-items: start; }
table.raw { font-size: 0.8rem; }
table.raw caption { text-align: start; color: var(--muted); padding-block-end: 0.2rem; }
table.raw th, table.raw td { padding: 0.15rem 0.4rem; }
table.raw th { font-weight: 400; position: static; }
table.raw td { overflow-wrap: anywhere; white-space: normal; }
.answer:focus { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

const about = `
.defs { display: grid; grid-template-columns: minmax(9rem, 13rem) minmax(0, 1fr); gap: 0.6rem 1.5rem; margin-block: 0.75rem; font-size: 0.92rem; }
.defs dt, .pairs dt { font-weight: 600; }
.pairs { display: grid; grid-template-columns: minmax(7rem, 11rem) minmax(0, 1fr); gap: 0.25rem 1.25rem; font-size: 0.88rem; }
.pairs dt { color: var(--muted); font-weight: 500; }
.fact-card { border-block-start: 1px solid var(--line); padding-block: 0.75rem; }
.fact-card h4 { margin-block-end: 0.4rem; }
`;

const narrow = `
@media (max-width: 40rem) {
  .wrap { padding-inline: 0.85rem; }
  .top nav { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; }
  .card { padding: 1.1rem 0.95rem; border-radius: 10px; }
  .defs, .pairs { grid-template-columns: minmax(0, 1fr); gap: 0.1rem; }
  .defs dd, .pairs dd { margin-block-end: 0.6rem; }
  .scale { float: none; margin-block: 0 0.6rem; }
  .field { flex: 1 1 8rem; }
  .groups dt { min-width: 100%; }
  .keys { display: none; }
  .plot { display: none; }
  .plot.slim { display: block; }
  th, td { padding: 0.4rem 0.5rem; }
  .matrix tbody th { min-width: 5.5rem; }
  .kinds tbody th { min-width: 7.5rem; }
  .matrix td.heat { min-width: 10.5rem; }
}
`;

const print = `
@media print {
  :root { ${light} }
  .top, .controls, .skip, .pick, .pick-label, #count, .permalink, button { display: none !important; }
  html { font-size: 11px; }
  body { background: #ffffff; font-size: 1rem; }
  .card, .answer { border-color: #b8c0c8; break-inside: avoid; }
  section.card { break-inside: auto; }
  .scroll { overflow: visible; }
  .plot { display: block; min-width: 0; }
  .plot.slim { display: none; }
  .heat, .shade, .swatch, .chip, .dot, .banner { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .passage.clamped { max-height: none; mask-image: none; }
}
`;

export const pageStyle = [
  ground,
  scripts,
  frame,
  tables,
  heat,
  tones,
  kinds,
  browser,
  about,
  front,
  narrow,
  print,
].join('\n');
