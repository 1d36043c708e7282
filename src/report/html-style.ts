// How the HTML report looks: light, dark, narrow and printed; no fonts or pictures from elsewhere.

// The colours keep a contrast of 4.5 : 1 with what they stand on, in both schemes.
export const STYLE: string = `
:root {
	color-scheme: light dark;
	--page: #f6f7f9; --card: #ffffff; --line: #d5d9e0; --text: #1b1f27; --soft: #535b69;
	--link: #0b57c2; --code: #eef0f4;
	--bad: #a8161c; --bad-card: #fdecec; --bad-line: #e9a3a5;
	--odd: #7a2c9e; --too-strict: #855000; --stale: #2b5d7d;
	--good: #1a6b36; --good-card: #e8f5ec; --good-line: #9accaa;
	--void: #7a4a00; --void-card: #fff4dd; --void-line: #e2bf79;
}
@media (prefers-color-scheme: dark) {
	:root {
		--page: #13161b; --card: #1c2027; --line: #363c47; --text: #e7eaef; --soft: #a5aebc;
		--link: #86b6ff; --code: #262b34;
		--bad: #ff9a9a; --bad-card: #3a1d20; --bad-line: #7c3438;
		--odd: #dba4f5; --too-strict: #f0b95c; --stale: #8ec5e6;
		--good: #7fd69b; --good-card: #17301f; --good-line: #2f6541;
		--void: #f3c469; --void-card: #352a13; --void-line: #735a22;
	}
}
* { box-sizing: border-box; }
body {
	margin: 0; background: var(--page); color: var(--text);
	font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
	overflow-wrap: anywhere;
}
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
footer { padding-top: 1rem; padding-bottom: 3rem; color: var(--soft); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: .25rem 0 1rem; letter-spacing: -.01em; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font: .875em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; }
code { background: var(--code); padding: .1em .35em; border-radius: 4px; }
pre { background: var(--code); margin: 0; padding: .6rem .75rem; border-radius: 6px; white-space: pre-wrap; }
.soft { color: var(--soft); }
.over { margin: 0; color: var(--soft); font-size: .875rem; }
.verdict { padding: 1.1rem 1.35rem; border: 1px solid; border-left-width: 6px; border-radius: 10px; }
.verdict p { font-size: 1.1rem; margin: 0; }
.verdict strong { display: block; font-size: .8125rem; letter-spacing: .07em; text-transform: uppercase; }
.verdict ul { margin: .75rem 0 0; padding-left: 1.2rem; }
.verdict.bad { background: var(--bad-card); border-color: var(--bad-line); }
.verdict.bad strong { color: var(--bad); }
.verdict.good { background: var(--good-card); border-color: var(--good-line); }
.verdict.good strong { color: var(--good); }
.verdict.void { background: var(--void-card); border-color: var(--void-line); }
.verdict.void strong { color: var(--void); }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; list-style: none; }
.counts li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .7rem .9rem; }
.counts b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.counts span { color: var(--soft); font-size: .875rem; }
.dangerous { color: var(--bad); } .broken { color: var(--odd); } .too-strict { color: var(--too-strict); }
.stale, .note, .service { color: var(--stale); } .unproven { color: var(--void); } .right { color: var(--good); } .wrong { color: var(--bad); }
.causes { list-style: none; counter-reset: cause; margin: 0; padding: 0; }
.causes > li { counter-increment: cause; border-left: 5px solid currentColor; }
.causes > li > * { color: var(--text); }
.causes h3::before { content: counter(cause) ". "; }
.causes > li { padding: .7rem 1.1rem .8rem; }
.causes dl { gap: .15rem 1.1rem; }
.causes .tag { white-space: normal; }
.causes li details { margin: 0 0 .4rem; border: 0; }
.causes li summary { padding: 0; color: var(--soft); font-size: .875rem; }
.causes .ids { margin: .5rem 0; }
header h2 { margin: 1.5rem 0 .6rem; }
dd p { margin: 0 0 .4rem; }
dl { display: grid; grid-template-columns: fit-content(13rem) minmax(0, 1fr); gap: .4rem 1.1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; }
.card, details { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card { padding: .9rem 1.1rem; margin: .75rem 0; }
.card h3 { margin: 0 0 .35rem; }
details { margin: .6rem 0; }
summary { padding: .75rem 1.1rem; cursor: pointer; border-radius: 10px; }
summary::marker { color: var(--soft); }
summary b { font-weight: 600; } summary .soft { font-size: .875rem; }
.inside { padding: .35rem 1.1rem 1.1rem; }
details.dangerous, details.broken, details.too-strict, details.stale, details.note, details.service, details.unproven { border-left: 5px solid currentColor; }
details > * { color: var(--text); }
.tag { display: inline-block; border: 1px solid currentColor; border-radius: 99px; padding: 0 .55rem; font-size: .78rem; line-height: 1.45; white-space: nowrap; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; overflow-wrap: normal; }
th, td { padding: .45rem .9rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: .875rem; white-space: nowrap; }
tbody th { font-weight: 500; }
tfoot th, tfoot td { font-weight: 600; border-top-width: 2px; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.bar { display: block; width: 100%; min-width: 6rem; height: .65rem; margin-top: .4rem; border-radius: 3px; }
.bar .rest { fill: var(--line); } .bar .right { fill: var(--good); } .bar .known { fill: var(--void); } .bar .wrong { fill: var(--bad); }
.inside table { min-width: 34rem; } .inside th, .inside td { overflow-wrap: break-word; }
.inside td:last-child { overflow-wrap: anywhere; min-width: 9rem; }
.ids { margin: .25rem 0 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .35rem; }
@media (max-width: 40rem) {
	header, main, footer { padding-left: .9rem; padding-right: .9rem; }
	header { padding-top: 1.1rem; }
	h1 { font-size: 1.4rem; } h2 { margin-top: 2rem; }
	dl, .causes dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dt { margin-top: .55rem; font-size: .875rem; } dt:first-child { margin-top: 0; }
	.counts { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem; }
	table { font-size: .8125rem; } th, td { padding: .35rem .25rem; }
	thead th { font-size: .6875rem; white-space: normal; }
	.drawn, .inside thead { display: none; }
	.inside table { min-width: 0; } .inside table, .inside tbody, .inside tr, .inside th, .inside td { display: block; }
	.inside th, .inside td { padding: .1rem .6rem; } .inside td { border: 0; }
}
@media print {
	:root {
		color-scheme: light;
		--page: #fff; --card: #fff; --line: #bbb; --text: #000; --soft: #444; --link: #000; --code: #f3f3f3;
		--bad: #a8161c; --bad-card: #fff; --odd: #7a2c9e; --too-strict: #855000; --stale: #2b5d7d;
		--good: #1a6b36; --good-card: #fff; --void: #7a4a00; --void-card: #fff;
	}
	:root { --bad-line: #e9a3a5; --good-line: #9accaa; --void-line: #e2bf79; }
	body { font-size: 10.5pt; } summary { list-style: none; }
	header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
	details::details-content { content-visibility: visible; block-size: auto; display: block; }
	.card, .verdict, .counts li, tr { break-inside: avoid; }
	h2, h3, summary { break-after: avoid; }
	.scroll { overflow: visible; }
}
`.replaceAll("\t", "");
