import { params } from './params.ts'
import type { Route } from './route.ts'
import type { JsonSchema, Shape } from './shape.ts'
import { failure } from './shapes/common.ts'

/** The published description of the API (OpenAPI 3.1), made from the very table that registers it. */
export function openApiOf(routes: readonly Route[], version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method]: operationOf(route) }
  }
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

function operationOf(route: Route): JsonSchema {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = route.params.map((name) => ({ name, in: 'query', required: false, ...params[name] }))
  return {
    operationId: operationId(route),
    summary: route.summary,
    parameters: [...inPath, ...inQuery],
    ...(route.body === null ? {} : { requestBody: { content: { 'application/json': { schema: route.body } } } }),
    responses: {
      200: { description: 'The answer', content: { 'application/json': { schema: route.shape.json } } },
      default: { description: 'Why there is none', content: { 'application/json': { schema: failure.json } } },
    },
  }
}

/** `GET /sessions/:id/messages` → `getSessionsIdMessages`. */
function operationId({ method, path }: Route): string {
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
