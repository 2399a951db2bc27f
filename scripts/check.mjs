/** npm run check: everything that must hold before a commit, in one go; the same here, in CI and before a push. */
import { finishWith, root, run, runTool, setUp } from './setup.mjs'

const steps = [
  { name: 'format', start: () => runTool('oxfmt', ['--check'], { quiet: true }) },
  { name: 'lint', start: () => runTool('oxlint', [], { quiet: true }) },
  { name: 'types', start: () => runTool('tsc', ['-p', '.'], { quiet: true }) },
  { name: 'types of the page', start: () => runTool('tsc', ['-p', 'web'], { quiet: true }) },
  { name: 'types of its tests', start: () => runTool('tsc', ['-p', 'test/browser'], { quiet: true }) },
  { name: 'dead code', start: () => runTool('knip', [], { quiet: true }) },
  { name: 'generated files', start: () => run(process.execPath, ['scripts/gen.mjs', '--check'], { quiet: true }) },
  { name: 'unit tests', start: () => runTool('vitest', ['run', '--project', 'unit'], { quiet: true }) },
]

async function check() {
  const failed = []
  for (const { name, start } of steps) {
    const began = performance.now()
    const code = await start()
    if (code !== 0) failed.push(name)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(16)}${seconds.padStart(6)} s\n`)
  }
  if (failed.length > 0) process.stdout.write(`Failed: ${failed.join(', ')} (in ${root})\n`)
  return failed.length === 0 ? 0 : 1
}

// CI has just run them as a part of its own.
if (process.argv.includes('--no-tests')) steps.pop()

await setUp()
await finishWith(check())
