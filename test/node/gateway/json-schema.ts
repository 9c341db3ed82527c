/** A checker of JSON Schema, apart from the library that made the schemas, as far as OpenAPI documents here go. */
type Schema = Record<string, any>

/** Describe, never constrain. */
const notes = new Set(['description', 'title', 'default', 'example', 'examples', 'deprecated', 'format', 'discriminator'])

/** What is wrong with the value, by path; nothing when it fits. */
export type Checker = (name: string, value: unknown) => string[]

export const checkerOf = (document: { components: { schemas: Record<string, Schema> } }): Checker => {
  const named = (ref: string): Schema => {
    const schema = document.components.schemas[ref.slice('#/components/schemas/'.length)]
    if (schema === undefined) throw new Error(`${ref} is not in the document`)
    return schema
  }

  const visit = (schema: Schema | boolean, value: any, path: string): string[] => {
    if (schema === true) return []
    if (schema === false) return [`${path}: nothing may be here`]
    if (value === null && schema['nullable'] === true) return []
    return Object.entries(schema).flatMap(([keyword, rule]) => {
      const fail = (holds: boolean, what: string): string[] => (holds ? [] : [`${path}: ${what}`])
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      switch (keyword) {
        case '$ref':
          return visit(named(rule), value, path)
        case 'type':
          return fail(
            [rule].flat().some((type) => isType(type, value)),
            `not ${rule}: ${JSON.stringify(value)}`
          )
        case 'const':
          return fail(value === rule, `not ${rule}`)
        case 'enum':
          return fail(rule.includes(value), `${JSON.stringify(value)} is none of ${rule}`)
        case 'anyOf':
        case 'oneOf': {
          const branches = rule.map((branch: Schema) => visit(branch, value, path))
          return branches.some((branch: string[]) => branch.length === 0) ? [] : branches.flat()
        }
        case 'allOf':
          return rule.flatMap((part: Schema) => visit(part, value, path))
        case 'required':
          return isObject ? rule.flatMap((key: string) => fail(key in value, `${key} is missing`)) : []
        case 'properties':
          if (!isObject) return []
          return Object.entries<Schema>(rule).flatMap(([key, part]) =>
            key in value ? visit(part, value[key], `${path}.${key}`) : []
          )
        case 'additionalProperties': {
          if (!isObject) return []
          const extra = Object.keys(value).filter((key) => !(key in (schema['properties'] ?? {})))
          return extra.flatMap((key) => visit(rule, value[key], `${path}.${key}`))
        }
        case 'propertyNames':
          return isObject ? Object.keys(value).flatMap((key) => visit(rule, key, `${path}.${key}`)) : []
        case 'items':
          return Array.isArray(value) ? value.flatMap((item, index) => visit(rule, item, `${path}[${index}]`)) : []
        case 'minItems':
          return fail(!Array.isArray(value) || value.length >= rule, 'too short')
        case 'maxItems':
          return fail(!Array.isArray(value) || value.length <= rule, 'too long')
        case 'minimum':
          return fail(typeof value !== 'number' || value >= rule, `below ${rule}`)
        case 'maximum':
          return fail(typeof value !== 'number' || value <= rule, `above ${rule}`)
        case 'minLength':
          return fail(typeof value !== 'string' || value.length >= rule, 'too short')
        case 'maxLength':
          return fail(typeof value !== 'string' || value.length <= rule, 'too long')
        case 'pattern':
          return fail(typeof value !== 'string' || new RegExp(rule).test(value), `does not match ${rule}`)
        default:
          // A keyword skipped in silence would make this check weaker than it claims.
          if (notes.has(keyword) || keyword === 'nullable' || keyword.startsWith('x-')) return []
          throw new Error(`${path}: keyword ${keyword} is not known here`)
      }
    })
  }
  return (name, value) => visit(named(`#/components/schemas/${name}`), value, name)
}

const isType = (type: string, value: unknown): boolean => {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}
