import type { TestProject } from 'vitest/node'

/** Says once per run which seed the property tests use. */
export function setup(project: TestProject): void {
  const seed = project.vitest.projects[0]?.config.env['AGENTSVIEW_SEED'] ?? ''
  process.stderr.write(`Property tests use seed ${seed}; run again with AGENTSVIEW_SEED=${seed}\n`)
}
