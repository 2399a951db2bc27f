/**
 * npm run soak: what must hold after hundreds of kills and changes, for as long as it takes (about half an hour).
 * `npm run soak -- --kills 500 --rounds 500 --seed S`; archives on a server need `npm run get:sqld` first.
 * `npm run soak -- --mutations [--list codex-usage,pricing] [words]` instead breaks each rule of `test/mutations/rules/`
 * in a copy and expects a test to notice (about half an hour for all).
 */
import { join } from 'node:path'
import { cleanEnvironment, finishWith, root, run, setUp } from '../scripts/setup.mjs'

await setUp()
const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
const given = process.argv.slice(2)
const options = given.filter((option) => option !== '--mutations')
const program =
  options.length < given.length
    ? [join(root, 'test/mutations/run.mjs')]
    : [tsx, '--expose-gc', join(root, 'bench/soak.ts')]
await finishWith(
  run(process.execPath, [...program, ...options], {
    env: cleanEnvironment({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }),
  }),
)
