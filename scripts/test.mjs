/**
 * npm test: all unit tests and the end-to-end tests that need nothing but Node. What is said after `--` goes
 * to vitest: a path, `-t name`, `--project unit`.
 */
import { cleanEnvironment, finishWith, runTool, setUp } from './setup.mjs'
import { build } from './build.mjs'

await setUp()
// End-to-end tests also start the built program.
const built = await build()
await finishWith(
  built === 0 ? runTool('vitest', ['run', ...process.argv.slice(2)], { env: cleanEnvironment() }) : built,
)
