import { describe, expect, it } from 'vitest'

import type { RemoteSummary, SyncEvent } from '../../model/index.ts'
import type { SentEvent } from './hub.ts'
import { makeEventHub } from './hub.ts'
import { relaySync } from './relay-sync.ts'

const change = (version: string) => ({ kind: 'archive-changed', version }) as const

/** What a listener that comes with this id is told at once. */
function missed(hub: ReturnType<typeof makeEventHub>, lastId: string | null): readonly SentEvent[] {
  const told: SentEvent[] = []
  hub.listen(lastId, (event) => told.push(event))()
  return told
}

describe('the hub', () => {
  it('tells a listener that comes back exactly what it missed', () => {
    const hub = makeEventHub(3)
    const told: SentEvent[] = []
    hub.listen(null, (event) => told.push(event))
    for (const version of ['a', 'b', 'c', 'd', 'e']) hub.publish('archive', change(version))
    const ids = told.map(({ id }) => id ?? '')
    expect(new Set(ids).size).toBe(5)
    const versions = (events: readonly SentEvent[]) =>
      events.map(({ name, data }) => (name === 'reset' ? name : data.slice(-3, -2)))
    expect(versions(missed(hub, ids[4] ?? ''))).toEqual([])
    expect(versions(missed(hub, ids[3] ?? ''))).toEqual(['e'])
    expect(versions(missed(hub, ids[1] ?? ''))).toEqual(['c', 'd', 'e'])
    expect(versions(missed(hub, ids[0] ?? ''))).toEqual(['reset'])
    expect(missed(hub, null)).toEqual([])
  })

  it.each(['', '-', 'x-1', '1', '-1', 'NaN', '9'.repeat(400), '<script>-1'])(
    'tells a listener with an id of its own making (%s) to load anew',
    (lastId) => {
      const hub = makeEventHub()
      hub.publish('archive', change('a'))
      expect(missed(hub, lastId).map(({ name }) => name)).toEqual(['reset'])
    },
  )

  it('does not take an id of an earlier server, or of the future, for its own', () => {
    const [earlier, later] = [makeEventHub(), makeEventHub()]
    const told: SentEvent[] = []
    earlier.listen(null, (event) => told.push(event))
    earlier.publish('archive', change('a'))
    later.publish('archive', change('a'))
    const id = told[0]?.id ?? ''
    expect(missed(later, id).map(({ name }) => name)).toEqual(['reset'])
    expect(missed(earlier, id.replace(/-1$/, '-7')).map(({ name }) => name)).toEqual(['reset'])
  })

  it('says when somebody listens and when nobody does', () => {
    const hub = makeEventHub()
    const told: boolean[] = []
    hub.onListening((isListening) => told.push(isListening))
    const [one, two] = [hub.listen(null, () => undefined), hub.listen(null, () => undefined)]
    one()
    one()
    two()
    hub.listen(null, () => undefined)
    expect(told).toEqual([true, false, true])
  })
})

describe('the relay of a sync', () => {
  it('sums up what happens to objects and keeps what matters', () => {
    let now = 1000
    const hub = makeEventHub()
    const told: unknown[] = []
    hub.listen(null, ({ data }) => told.push(JSON.parse(data)))
    const relay = relaySync(hub, () => now)
    const remote = 'lab'
    const error = { code: 'remote.refused', message: 'no', hint: null } as const
    const counts = { ms: 1 } as RemoteSummary
    const events: readonly SyncEvent[] = [
      { kind: 'remote-started', remote },
      { kind: 'remote-listed', remote, objects: 900, isComplete: true },
      { kind: 'work-planned', remote, objects: 300, bytes: 5000 },
      ...Array.from({ length: 300 }, (_, at) => ({ kind: 'bytes-read', remote, key: `k${at}`, bytes: 10 }) as const),
      ...Array.from({ length: 299 }, (_, at) => ({ kind: 'object-finished', remote, key: `k${at}` }) as const),
      { kind: 'object-failed', remote, key: 'bad', error },
      { kind: 'remote-finished', remote, summary: counts },
      { kind: 'sync-finished', totals: counts },
    ]
    relay.started([remote])
    for (const event of events) {
      relay.onEvent(event)
      now += 1
    }
    const kinds = told.map((event) => (event as { kind: string }).kind)
    expect(kinds.slice(0, 2)).toEqual(['sync-started', 'remote-started'])
    expect(kinds.slice(-4)).toEqual(['object-failed', 'sync-progressed', 'remote-finished', 'sync-finished'])
    expect(kinds.length).toBeLessThan(15)
    expect(told.at(-3)).toMatchObject({
      listed: 900,
      plannedObjects: 300,
      readBytes: 3000,
      doneObjects: 299,
      failedObjects: 1,
    })
  })
})
