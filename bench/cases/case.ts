import type { Lab } from '../lab/lab.ts'
import type { CaseReport } from '../lab/report.ts'

/** One thing the bench measures. */
export interface BenchCase {
  readonly name: string
  readonly about: string
  run(lab: Lab): Promise<Omit<CaseReport, 'name'>>
}
