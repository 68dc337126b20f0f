/** The style sheet of the page of a report. */
export const STYLE = `
:root { --guest: #b3701f; --host: #2f6db3; --refused: #8a8a8a; --cross: #c0392b; color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 1180px; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; border-bottom: 1px solid #ddd; }
p { margin: .4rem 0; } small, .note { color: #666; } code, .code { font: 12.5px/1.45 ui-monospace, monospace; }
nav a { margin-right: 1rem; } .chart { width: 100%; }
.data { border-collapse: collapse; margin: .6rem 0; } .data td, .data th { padding: .15rem .7rem .15rem 0; text-align: left; }
.data th { color: #666; font-weight: 600; } .data .number { text-align: right; font-variant-numeric: tabular-nums; }
.data tbody tr:hover { background: #f5f7fa; }
details { margin: .5rem 0; overflow-x: auto; } summary { cursor: pointer; font-weight: 600; } summary small { font-weight: 400; margin-left: .5rem; }
.code { border-collapse: collapse; tab-size: 4; } .code td { padding: 0 .6rem 0 0; white-space: pre; vertical-align: top; }
.code td:first-child { color: #aaa; text-align: right; user-select: none; } .code td:nth-child(2) { width: 13rem; text-align: right; }
.code .gap td { color: #999; text-align: center; }
.verdict { color: #fff; border-radius: 3px; padding: 0 .4rem; font-size: 11px; cursor: help; }
.verdict.host { background: var(--host); } .verdict.guest { background: var(--guest); } .verdict.refused { background: var(--refused); }
.t-keyword { color: #8b2a8b; } .t-string { color: #2a7a3a; } .t-comment { color: #8a8a8a; font-style: italic; } .t-type { color: #1f6f78; }
.t-function { color: #1f4f9f; } .t-number { color: #b3541e; } .t-constant { color: #b3541e; }
`
