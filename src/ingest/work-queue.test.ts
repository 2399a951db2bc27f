import { describe, expect, it } from 'vitest'

import type { ReadWork } from './read-object.ts'
import { workQueue } from './work-queue.ts'

function work(name: string): ReadWork {
  const object = { remote: 'r', bucket: 'b', key: name, size: 1, etag: 'e', modifiedAt: 0 }
  const place = { machine: 'm', agent: 'claude', path: name }
  return { kind: 'reread', object, place, cursor: null, why: 'new' }
}

const some = { pieces: 10_000, bytes: 1e9 }

describe('workQueue', () => {
  it('lets a listing wait while very much is waiting, and go on as it is taken', async () => {
    const queue = workQueue()
    for (let at = 0; at < 25_000; at += 1) queue.push(work(`k${at}`))
    let hasRoom = false
    const room = queue.room().then(() => void (hasRoom = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(hasRoom).toBe(false)
    expect(await queue.take(some)).toHaveLength(10_000)
    await room
    expect(hasRoom).toBe(true)
  })

  it('gives every piece once, in order, however it is pushed and taken', async () => {
    const queue = workQueue()
    const taken: string[] = []
    let pushed = 0
    for (let round = 0; round < 9; round += 1) {
      for (let at = 0; at < 7000; at += 1) queue.push(work(`k${pushed++}`))
      taken.push(...(await queue.take({ pieces: 5000, bytes: 1e9 })).map(({ object }) => object.key))
    }
    queue.end()
    for (;;) {
      const more = await queue.take(some)
      if (more.length === 0) break
      taken.push(...more.map(({ object }) => object.key))
    }
    expect(taken).toEqual(Array.from({ length: pushed }, (_, at) => `k${at}`))
  })

  it('lets a waiting listing go when nobody takes any more', async () => {
    const queue = workQueue()
    for (let at = 0; at < 20_001; at += 1) queue.push(work(`k${at}`))
    const room = queue.room()
    queue.abandon()
    await room
    queue.push(work('late'))
    queue.end()
    expect(await queue.take(some)).toEqual([])
  })
})
