import { AgentsviewError } from '../../../base/index.ts'
import type { ErrorCode, JsonObject } from '../../../base/index.ts'
import type { Check } from '../../../bucket/index.ts'
import type { Remote } from '../../../model/index.ts'
import type { CommandContext } from '../../context.ts'
import { hintParts, paint } from '../../output/index.ts'

/** What testing one remote found. */
export interface TestedRemote {
  readonly name: string
  readonly ok: boolean
  readonly checks: readonly Check[]
}

/** Tests a remote; a failure is in the checks. @throws AgentsviewError `cancelled` */
export async function testRemote(remote: Remote, signal: AbortSignal): Promise<TestedRemote> {
  const { probeRemote } = await import('../../../bucket/index.ts')
  const checks = await probeRemote(remote, signal)
  return { name: remote.name, ok: checks.every((check) => check.ok), checks }
}

/** A tested remote as JSON. */
export function testedJson(tested: TestedRemote): JsonObject {
  const checks = tested.checks.map(({ name, ok, detail, hint, code }) => ({ name, ok, detail, hint, code }))
  return { name: tested.name, ok: tested.ok, checks }
}

/** Prints the checks of a remote for people. */
export function printChecks(context: CommandContext, tested: TestedRemote): void {
  const { out } = context
  out.line(tested.ok ? paint('green', '✓ ') : paint('red', '✗ '), paint('bold', tested.name))
  for (const check of tested.checks) {
    out.line('  ', check.ok ? paint('green', '✓ ') : paint('red', '✗ '), check.name.padEnd(12), check.detail)
    if (check.hint !== null) out.line('    ', ...hintParts(check.hint))
  }
}

/** The first failure of a tested remote as an error; null when all is well. */
export function failureOf(tested: TestedRemote, before = ''): AgentsviewError | null {
  const failed = tested.checks.find((check) => !check.ok)
  if (failed === undefined) return null
  return new AgentsviewError({
    code: failed.code ?? ('remote.refused' satisfies ErrorCode),
    message: `${before}${tested.name}: ${failed.name}: ${failed.detail}`,
    hint: failed.hint ?? `agentsview remotes show ${tested.name}`,
    context: { remote: tested.name },
  })
}
