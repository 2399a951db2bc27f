/**
 * npm run soak: what must hold after hundreds of kills and changes, for as long as it takes (about half an hour).
 * `npm run soak -- --kills 500 --rounds 500 --seed S`; archives on a server need `npm run get:sqld` first.
 */
import { join } from 'node:path'
import { cleanEnvironment, finishWith, root, run, setUp } from '../scripts/setup.mjs'

await setUp()
const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
await finishWith(
  run(process.execPath, [tsx, '--expose-gc', join(root, 'bench/soak.ts'), ...process.argv.slice(2)], {
    env: cleanEnvironment({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }),
  }),
)
