import { params } from './params.ts'
import type { FileRoute, Route } from './route.ts'
import type { JsonSchema, Shape } from './shape.ts'
import { failure } from './shapes/common.ts'

/** The published description of the API (OpenAPI 3.1), made from the very table that registers it. */
export function openApiOf(routes: readonly Route[], files: readonly FileRoute[], version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const route of routes) {
    const path = pathOf(route)
    paths[path] = { ...paths[path], [route.method]: operationOf(route) }
  }
  for (const file of files) paths[pathOf(file)] = { get: fileOperationOf(file) }
  paths['/api/v1/events'] = { get: eventsOperation }
  const shapes: readonly Shape<unknown>[] = [...routes.map(({ shape }) => shape), plainShape(failure)]
  return {
    openapi: '3.1.0',
    info: {
      title: 'agentsview',
      version,
      description:
        'The coding-agent sessions of all your machines. Times are RFC 3339 in UTC, money is dollars with the exact integer of nano-dollars beside it, offsets are bytes.',
    },
    paths,
    components: {
      schemas: Object.assign({}, ...shapes.map(({ parts }) => parts)) as JsonSchema,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    security: [{}, { token: [] }],
  }
}

function pathOf({ path }: { readonly path: string }): string {
  return `/api/v1${path.replace(/:(\w+)/g, '{$1}')}`
}

function fileOperationOf(file: FileRoute): JsonSchema {
  return {
    operationId: operationId({ ...file, method: 'get' }),
    summary: file.summary,
    parameters: parametersOf(file),
    responses: {
      200: { description: 'The file', content: Object.fromEntries(file.types.map((type) => [type, {}])) },
      default: { description: 'Why there is none', content: { 'application/json': { schema: failure.json } } },
    },
  }
}

function parametersOf(route: Pick<Route, 'path' | 'params'>): readonly JsonSchema[] {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  return [...inPath, ...route.params.map((name) => ({ name, in: 'query', required: false, ...params[name] }))]
}

function operationOf(route: Route): JsonSchema {
  return {
    operationId: operationId(route),
    summary: route.summary,
    parameters: parametersOf(route),
    ...(route.body === null ? {} : { requestBody: { content: { 'application/json': { schema: route.body } } } }),
    responses: {
      200: { description: 'The answer', content: { 'application/json': { schema: route.shape.json } } },
      default: { description: 'Why there is none', content: { 'application/json': { schema: failure.json } } },
    },
  }
}

/** `GET /sessions/:id/messages` → `getSessionsIdMessages`. */
function operationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '')
  return `${method}${words.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join('')}`
}

const eventsOperation = {
  operationId: 'getEvents',
  summary: 'Server-sent events: syncs as they go, sessions that grow; Last-Event-ID resumes',
  parameters: [{ name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string' } }],
  responses: { 200: { description: 'A stream', content: { 'text/event-stream': { schema: { type: 'string' } } } } },
}

function plainShape<T>({ json, parts }: Shape<T>): Shape<unknown> {
  return { json, parts }
}
