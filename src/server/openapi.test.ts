import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { FilledServer } from '../../test/server/filled-server.ts'
import { makeFilledServer, rootId } from '../../test/server/filled-server.ts'
import type { DeclaredRemote } from './context.ts'
import { params } from './params.ts'

const declared: DeclaredRemote = {
  name: 'lab',
  isEnabled: true,
  problem: null,
  provider: 'minio',
  bucket: 'team',
  prefixes: [''],
  endpoint: 'http://127.0.0.1:9',
  region: 'us-east-1',
  credentials: 'profile lab',
  machineRule: 'layout {machine}/raw/{agent}/{path}',
}

let server: FilledServer
beforeAll(async () => {
  server = await makeFilledServer({
    version: '1.2.3',
    hasActions: true,
    remotes: [declared, { ...declared, name: 'off', isEnabled: false }],
    agents: [{ id: 'claude', name: 'Claude Code', resumeCommand: (id) => `go on ${id}` }],
    readObject: async () => ({ bytes: new TextEncoder().encode('{"a":1}'), isCut: false, hasGrown: false }),
    renameMachine: async () => ({ objects: 1, sessions: 2 }),
    configProblem: () => ({ code: 'config.invalid', message: 'line 3', hint: null }),
    sync: { intervalMs: 1000, isRunning: () => false, start: () => true },
    testRemote: async () => [{ name: 'list', ok: true, detail: 'fine', hint: null, code: null }],
  })
})
afterAll(() => server.close())

interface Operation {
  readonly operationId: string
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly responses: { readonly 200: { readonly content: Readonly<Record<string, { readonly schema: object }>> } }
}
interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

const readDescription = async () => (await server.json('/api/v1/openapi.json')) as unknown as OpenApi

/** The same schema, refusing fields that it does not name: a field nobody described is a mistake here. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in schema ? { ...inner, additionalProperties: false } : inner
}

async function checker() {
  const { components } = await readDescription()
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema({ $id: 'api', components: closed(components) as object })
  return (schema: object, value: unknown): unknown => {
    const pointed = JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"api#/')) as object
    return ajv.validate(pointed, value) ? null : ajv.errors
  }
}

const tries: Readonly<Record<string, readonly string[]>> = {
  '/sessions': [
    '',
    '?children=1&copies=1&all=1',
    '?sort=cost',
    '?sort=messages&limit=1',
    '?errors=1',
    '?q=parser',
    '?cost_min=1&cost_max=2.5',
  ],
  '/sessions/{id}/messages': ['', '?from=1&limit=2'],
  '/sessions/{id}/usage': ['', '?own=1'],
  '/sessions/{id}/raw': ['?offset=8', '?offset=0&length=3'],
  '/sessions/{id}/find': ['?q=needle', '?q='],
  '/search': ['?q=needle&facets=1', '?q=nothing', ''],
  '/usage/daily': ['', '?by=machine,model', '?since=7d&timezone=Asia/Tokyo'],
  '/usage/totals': ['', '?since=1d', '?since=2026-07-01&until=2026-07-29'],
  '/usage/matrix': ['', '?rows=project&cols=agent'],
  '/usage/heatmap': ['', '?year=2025'],
  '/usage/cache': ['', '?by=model'],
  '/remotes/{name}/objects': ['', '?state=failing', '?q=rollout', '?limit=1'],
}

describe('the published description', () => {
  it('holds for every answer over a real archive, and names every field of it', async () => {
    const { paths } = await readDescription()
    const check = await checker()
    let checked = 0
    for (const [path, { get, post }] of Object.entries(paths)) {
      const short = path.replace('/api/v1', '')
      const types = Object.keys((get ?? post)?.responses[200].content ?? {})
      if (types.some((type) => type !== 'application/json')) continue
      for (const query of tries[short] ?? ['']) {
        const address = `${path.replace('{id}', encodeURIComponent(rootId)).replace('{name}', 'lab')}${query}`
        const operation = get ?? post
        const answer = get === undefined ? await server.post(address, { to: 'box' }) : await server.get(address)
        expect(`${address} ${answer.status}`).toBe(`${address} 200`)
        const schema = operation?.responses[200].content['application/json']?.schema ?? {}
        expect(check(schema, await answer.json()), address).toBeNull()
        checked += 1
      }
    }
    expect(checked).toBeGreaterThan(45)
  })

  it('would refuse an answer of another shape', async () => {
    const check = await checker()
    const { paths } = await readDescription()
    const schema = paths['/api/v1/sessions']?.['get']?.responses[200].content['application/json']?.schema ?? {}
    const good = await server.json('/api/v1/sessions')
    expect(check(schema, { ...good, more: 1 })).not.toBeNull()
    expect(check(schema, { ...good, total: 'many' })).not.toBeNull()
    expect(check(schema, { ...good, sessions: [{}] })).not.toBeNull()
  })

  it('holds for failures too', async () => {
    const check = await checker()
    const failure = { $ref: '#/components/schemas/Failure' }
    for (const path of ['/sessions/none', '/sessions?limit=x', '/nowhere', '/remotes/none/objects']) {
      const answer = await server.get(`/api/v1${path}`)
      expect(answer.ok).toBe(false)
      expect(check(failure, await answer.json()), path).toBeNull()
    }
  })

  it('tells each parameter once, in words, and no two operations by one name', async () => {
    const { paths, openapi } = await readDescription()
    expect(openapi).toBe('3.1.0')
    const operations = Object.values(paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { parameters } of operations) {
      const names = parameters.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
    }
    const used = operations.flatMap(({ parameters }) => parameters.filter((one) => one.in === 'query'))
    expect(Object.keys(params).filter((name) => used.every((one) => one.name !== name))).toEqual([])
  })
})
