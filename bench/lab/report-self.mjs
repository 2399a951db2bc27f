/**
 * Loaded with `--import` into every Node program that is measured: at its end it writes what it used.
 * VmHWM rather than the maximum of getrusage: on Linux a child's maximum begins with its parent's memory.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const report = process.env.AGENTSVIEW_BENCH_REPORT
if (isMainThread && report !== undefined) {
  process.once('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    const peakKiB = process.platform === 'linux' ? highWater() : maxRSS
    writeFileSync(report, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakBytes: peakKiB * 1024 }))
  })
}

function highWater() {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0)
}
