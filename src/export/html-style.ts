/** How an exported page looks: on paper, in the light and in the dark. */
export const style = `
:root { color-scheme: light dark; --line: #d5dae2; --soft: #f5f6f8; --mute: #5c6470; --prompt: #2350cf; }
@media (prefers-color-scheme: dark) { :root { --line: #39404b; --soft: #1d2127; --mute: #a5adba; --prompt: #8fb0ff; } }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 24px 16px; }
section + section { margin-top: 64px; border-top: 3px solid var(--line); padding-top: 24px; }
h1 { font-size: 22px; line-height: 1.3; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; font-size: 13px; }
dt { color: var(--mute); }
dd { margin: 0; overflow-wrap: anywhere; }
article { border-top: 1px solid var(--line); padding: 10px 0 12px; }
article.user { border-left: 3px solid var(--prompt); padding-left: 12px; }
article.system, article.added { color: var(--mute); }
header { font-size: 12.5px; color: var(--mute); }
header a { color: inherit; }
p { margin: 8px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
pre { margin: 8px 0; padding: 8px 10px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--soft); border: 1px solid var(--line); border-radius: 6px; font: 12.5px/1.5 ui-monospace, monospace; }
details { margin: 6px 0; }
summary { cursor: pointer; font-size: 13px; overflow-wrap: anywhere; }
@media print { details > summary { list-style: none; } }
`
