import type { JsonObject } from '../base/index.ts'
import { localKeys, priceKeys, projectKeys, remoteKeys, storeKeys, tables } from './schema.ts'
import type { KeySpec, KeyType, TableSpec } from './schema.ts'

/**
 * The JSON Schema of the config file, for editors: the same table of keys that checks it.
 * @param agents ids of the formats that can be read
 */
export function configJsonSchema(agents: readonly string[]): JsonObject {
  const remote = { ...tableSchema(remoteKeys(agents), ''), required: ['name', 'bucket'] }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'agentsview.toml',
    type: 'object',
    additionalProperties: false,
    properties: {
      store: tableSchema(storeKeys, tables.store),
      local: tableSchema(localKeys(agents), tables.local),
      remotes: { type: 'array', description: tables.remotes, items: remote },
      projects: {
        type: 'array',
        description: tables.projects,
        items: { ...tableSchema(projectKeys, ''), required: ['name', 'match'] },
      },
      prices: { type: 'object', description: tables.prices, additionalProperties: tableSchema(priceKeys, '') },
    },
  }
}

function tableSchema(spec: TableSpec, description: string): JsonObject {
  const properties = Object.fromEntries(Object.entries(spec).map(([key, one]) => [key, keySchema(one)]))
  return { type: 'object', ...(description === '' ? {} : { description }), additionalProperties: false, properties }
}

function keySchema(spec: KeySpec): JsonObject {
  const fallback = spec.fallback === undefined ? '' : ` Default: ${spec.fallback}.`
  return { description: `${spec.describe}${fallback}`, ...typeSchema(spec.type) }
}

function typeSchema(type: KeyType): JsonObject {
  switch (type.is) {
    case 'text':
      return { type: 'string', ...(type.choices === undefined ? {} : { enum: type.choices }) }
    case 'flag':
      return { type: 'boolean' }
    case 'count':
      return { type: 'integer', minimum: type.min, maximum: type.max }
    case 'size':
      return { anyOf: [{ type: 'string' }, { type: 'integer', minimum: type.min }] }
    case 'span':
      return { type: 'string', pattern: '^\\s*[0-9]{1,6}\\s*[smhd]\\s*$' }
    case 'texts':
      return { type: 'array', items: { type: 'string', ...(type.choices === undefined ? {} : { enum: type.choices }) } }
    case 'text-map':
      return { type: 'object', additionalProperties: { type: 'string' } }
    case 'price':
      return { anyOf: [{ type: 'string' }, { type: 'number', minimum: 0 }] }
  }
}
