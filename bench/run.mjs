/**
 * npm run bench: measures the program on made-up logs of known truth against a real S3 server, beside what a bare
 * loop needs for the same bytes. All cases at full size take about an hour and write bench/results.md.
 * `npm run bench -- --case first,append --runs 3 --quick`; `--list` names the cases.
 */
import { join } from 'node:path'
import { cleanEnvironment, finishWith, root, runTool, setUp } from '../scripts/setup.mjs'
import { build } from '../scripts/build.mjs'

await setUp()
const built = await build()
await finishWith(
  built === 0
    ? runTool('tsx', [join(root, 'bench/main.ts'), ...process.argv.slice(2)], {
        env: cleanEnvironment({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }),
      })
    : built,
)
