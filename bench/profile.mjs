/**
 * Shows where the time of a command goes: self time by function, each thread by itself.
 * `node bench/profile.mjs [--bytes 200MB] [--top 40] [--again]` profiles a first sync of a made-up fleet, or the one after it;
 * `--kind session`, `line` or `small` takes logs of that kind: one session or line of `--bytes`, or so many tiny ones;
 * `node bench/profile.mjs -- usage daily --db file:PATH` any other command line.
 */
import { join } from 'node:path'
import { cleanEnvironment, finishWith, root, runTool, setUp } from '../scripts/setup.mjs'
import { build } from '../scripts/build.mjs'

await setUp()
const built = await build()
await finishWith(
  built === 0
    ? runTool('tsx', [join(root, 'bench/profile.ts'), ...process.argv.slice(2)], { env: cleanEnvironment() })
    : built,
)
