/**
 * npm test: all unit tests, the end-to-end tests that need nothing but Node, and the pages where a browser is
 * installed. What is said after `--` goes to vitest: a path, `-t name`, `--project unit`.
 */
import { cleanEnvironment, finishWith, runTool, setUp } from './setup.mjs'
import { build } from './build.mjs'

await setUp()
// End-to-end tests also start the built program.
const built = await build()
const said = process.argv.slice(2)
// The minutes of kills and faults are CI's; `npm test -- --project long` runs them here.
const projects = said.includes('--project') ? [] : ['--project', 'unit', '--project', 'e2e', '--project', 'browser']
await finishWith(built === 0 ? runTool('vitest', ['run', ...projects, ...said], { env: cleanEnvironment() }) : built)
