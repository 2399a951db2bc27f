/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * The schema of a TypeScript type: the compiler refuses one that leaves a field out, has one too many or
 * says another type, so that the published schema and the code cannot part.
 */
export interface Shape<T> {
  readonly json: JsonSchema
  /** Named schemas it refers to. */
  readonly parts: Readonly<Record<string, JsonSchema>>
  readonly isOptional?: true
  /** Ties the schema to its type; never there. */
  readonly holds?: (value: T) => T
}

type Fields<T> = { readonly [K in keyof T]-?: Shape<T[K]> }
type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never

const plain = <T>(json: JsonSchema): Shape<T> => ({ json, parts: {} })

export const text: Shape<string> = plain({ type: 'string' })
/** RFC 3339 in UTC. */
export const time: Shape<string> = plain({ type: 'string', format: 'date-time' })
export const flag: Shape<boolean> = plain({ type: 'boolean' })
/** A whole number from 0 on. */
export const count: Shape<number> = plain({ type: 'integer', minimum: 0 })
export const number: Shape<number> = plain({ type: 'number' })

/** This very value. */
export function just<const T extends string | number>(value: T): Shape<T> {
  return plain({ const: value })
}

/** One of some words. */
export function oneOf<const T extends string>(...values: readonly T[]): Shape<T> {
  return plain({ enum: values })
}

/** The same, or null. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  const { type } = shape.json
  const json =
    typeof type === 'string' ? { ...shape.json, type: [type, 'null'] } : { anyOf: [shape.json, { type: 'null' }] }
  return { json, parts: shape.parts }
}

/** A field that may be left out. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return { json: shape.json, parts: shape.parts, isOptional: true }
}

/** A list of such values. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return { json: { type: 'array', items: item.json }, parts: item.parts }
}

/** A list of so many numbers. */
export function numbers<T extends readonly number[]>(length: ItemOf<readonly [T['length']]>): Shape<T> {
  return plain({ type: 'array', items: { type: 'number' }, minItems: length, maxItems: length })
}

/** An object with these fields; further ones may come with later versions. */
export function object<T>(fields: Fields<T>): Shape<T> {
  const entries = Object.entries<Shape<unknown>>(fields as Record<string, Shape<unknown>>)
  return {
    json: {
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, { json }]) => [name, json])),
      required: entries.flatMap(([name, { isOptional }]) => (isOptional === true ? [] : [name])),
    },
    parts: Object.assign({}, ...entries.map(([, { parts }]) => parts)) as Shape<T>['parts'],
  }
}

/** Gives a schema a name, under which others refer to it. */
export function named<T>(name: string, shape: Shape<T>): Shape<T> {
  return { json: { $ref: `#/components/schemas/${name}` }, parts: { ...shape.parts, [name]: shape.json } }
}
