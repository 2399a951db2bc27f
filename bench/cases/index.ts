import { appendCase } from './append.ts'
import type { BenchCase } from './case.ts'
import { firstCase } from './first.ts'
import { largeCase } from './large.ts'
import { lineCase } from './line.ts'
import { manyCase } from './many.ts'
import { pageCase } from './page.ts'
import { queriesCase } from './queries.ts'
import { sameBytesCase } from './same-bytes.ts'
import { serverCase } from './server.ts'
import { sessionCase } from './session.ts'
import { smallCase } from './small.ts'
import { unchangedCase } from './unchanged.ts'
import { usageCase } from './usage.ts'

/** Every case, in the order they run: those that go on from one archive stand together, the one that changes it last. */
export const benchCases: readonly BenchCase[] = [
  firstCase,
  unchangedCase,
  sameBytesCase,
  usageCase,
  appendCase,
  smallCase,
  sessionCase,
  lineCase,
  queriesCase,
  pageCase,
  serverCase,
  manyCase,
  largeCase,
]
