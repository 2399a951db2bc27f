/** The one style sheet: dense, calm, light and dark, down to the width of a phone. */
export const styleSheet = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #667080; --line: #e3e6ea; --back: #fbfbfa; --card: #fff;
  --accent: #2f6f5e; --warn: #9a6700; --bad: #b42318; --mark: #ffe9a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe3e8; --soft: #8b95a3; --line: #2a3038; --back: #14171b; --card: #1a1e23;
  --accent: #6cc3a8; --warn: #d9a13a; --bad: #f0867b; --mark: #5c4a12; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
header { display: flex; gap: 1rem; align-items: center; padding: .6rem 1.2rem; border-bottom: 1px solid var(--line); background: var(--card); }
header form { flex: 1; max-width: 28rem; margin-left: auto; }
input { width: 100%; padding: .35rem .7rem; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 6px; }
input:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.brand { font-weight: 650; letter-spacing: -.01em; color: inherit; text-decoration: none; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.2rem 3rem; }
article { max-width: 52rem; margin: 0 auto; }
h1 { font-size: 1.25rem; line-height: 1.3; margin: .6rem 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: .95rem; margin: 1.4rem 0 .3rem; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
.dim { color: var(--soft); font-weight: 400; }
.stale { color: var(--warn); } .error { color: var(--bad); }
.notice { padding: .7rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
code, pre, .mono { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.wrap { overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .7rem; margin: .5rem 0 1rem; }
.cards div { padding: .6rem .9rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.cards dt { color: var(--soft); font-size: .85rem; } .cards dd { margin: 0; } .cards dt + dd { font-size: 1.4rem; font-weight: 600; line-height: 1.3; }
figure { margin: 0 0 1rem; } figcaption { display: flex; justify-content: space-between; font-size: .8rem; }
svg.days { width: 100%; height: 60px; display: block; } svg rect { fill: var(--accent); }
svg.days rect { opacity: .75; } svg.days rect:hover { opacity: 1; }
svg.share { display: block; height: 3px; margin-top: .2rem; opacity: .6; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: 0 2rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .32rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--soft); font-weight: 500; font-size: .8rem; }
th:first-child { text-align: left; padding-left: 0; font-weight: 500; } td:last-child, th:last-child { padding-right: 0; }
.left { text-align: left; }
table.sessions tbody th { white-space: normal; min-width: 14rem; max-width: 34rem; overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin: .15rem 0; }
.message { margin: 1rem 0; padding: .2rem 0 .2rem .9rem; border-left: 3px solid var(--line); }
.message.user { border-left-color: var(--accent); } .message:target { background: var(--card); }
.message h2 { margin: 0 0 .2rem; font-size: .85rem; font-weight: 600; } .message h2 a { color: var(--soft); font-weight: 400; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
details { margin: .3rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; color: var(--soft); } summary b { color: var(--ink); font-weight: 600; }
.call.error summary b { color: var(--bad); }
pre { margin: .3rem 0; padding: .5rem .7rem; max-height: 32rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
.hits { list-style: none; padding: 0; } .hits li { padding: .6rem 0; border-bottom: 1px solid var(--line); } .hits p { margin: .1rem 0; }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
.next { display: inline-block; padding: .35rem .9rem; border: 1px solid var(--line); border-radius: 6px; background: var(--card); }
@media (max-width: 36rem) { .wide { display: none; } main { padding: .6rem .8rem 2rem; } header { padding: .5rem .8rem; } table.sessions tbody th { min-width: 11rem; } }
@media print { header form { display: none; } }
`
