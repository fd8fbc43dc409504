import { QueryError } from '../../common/odata/errors.js'
import type { Comparison, Filter, Literal, Operand } from '../../common/odata/filter.js'
import { parseFilter } from '../../common/odata/filter.js'
import { parseSelect } from '../../common/odata/query.js'
import { assertNever } from '../../common/table.js'
import type { Definition, Plain } from './definition.js'

/** What is asked of definitions, and of those that are expanded within them. */
export interface DefinitionQuery {
  readonly select: readonly string[] | null
  readonly filter: Filter | null
  readonly expand: ReadonlyMap<string, DefinitionQuery>
}

const OPTIONS = new Set(['$select', '$filter', '$expand'])

/** Throws QueryError. */
export function readQuery(options: ReadonlyMap<string, string>): DefinitionQuery {
  for (const name of options.keys()) {
    if (name.startsWith('$') && !OPTIONS.has(name)) {
      throw new QueryError('unsupported', `The query option '${name}' is not supported on definitions.`)
    }
  }
  const filter = options.get('$filter')
  const expand = (options.get('$expand') ?? '').trim()
  return {
    select: parseSelect(options.get('$select')),
    // An enumeration's value is written with the name of its type, which says nothing here.
    filter:
      filter === undefined ? null : parseFilter(filter.replaceAll(/Microsoft\.Dynamics\.CRM\.\w+(?=')/g, '')),
    expand: new Map(expand === '' ? [] : splitOutside(expand, ',').map(readExpand)),
  }
}

function readExpand(text: string): [string, DefinitionQuery] {
  const match = /^\s*(\w+)\s*(?:\((.*)\))?\s*$/s.exec(text)
  if (match?.[1] === undefined) throw new QueryError('syntax', `Syntax error in $expand '${text}'.`)
  const inner = (match[2] ?? '').trim()
  const options = inner === '' ? [] : splitOutside(inner, ';')
  return [
    match[1],
    readQuery(
      new Map(
        options.map((option): [string, string] => {
          const equals = option.indexOf('=')
          if (equals === -1) throw new QueryError('syntax', `Syntax error in $expand '${text}'.`)
          return [option.slice(0, equals).trim(), option.slice(equals + 1)]
        }),
      ),
    ),
  ]
}

/** Splits at a separator that is neither within parentheses nor within quotes. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let start = 0
  for (const [at, character] of [...text].entries()) {
    if (character === "'") quoted = !quoted
    else if (quoted) continue
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

/**
 * Those definitions that fit, as JSON. `base` is the type by which they are asked for where it is a base type: it limits
 * what can be selected, and each definition tells its own type. Throws QueryError.
 */
export function queryDefinitions(
  definitions: readonly Definition[],
  query: DefinitionQuery,
  base: string | null,
): Plain[] {
  return definitions
    .filter((definition) => query.filter === null || matches(definition, query.filter))
    .map((definition) => definitionJson(definition, query, base))
}

export function definitionJson(definition: Definition, query: DefinitionQuery, base: string | null): Plain {
  const json: Record<string, Plain> = {}
  if (base !== null) json['@odata.type'] = `#Microsoft.Dynamics.CRM.${definition.type}`
  const { properties } = definition
  const selectable = base === null ? null : (definition.common ?? null)
  for (const name of query.select ?? Object.keys(properties)) {
    const value = properties[name]
    const known =
      value !== undefined && (query.select === null || selectable === null || selectable.includes(name))
    if (!known) throw unknownProperty(name, base ?? definition.type)
    json[name] = value
  }
  json['MetadataId'] = properties['MetadataId'] ?? null
  for (const [name, inner] of query.expand) {
    const target = definition.navigations[name]
    if (target === undefined || selectable !== null) throw unknownProperty(name, base ?? definition.type)
    json[name] =
      target === null
        ? null
        : isDefinition(target)
          ? definitionJson(target, inner, null)
          : queryDefinitions(target, inner, name === 'Attributes' ? 'AttributeMetadata' : null)
  }
  return json
}

function isDefinition(target: Definition | readonly Definition[]): target is Definition {
  return !Array.isArray(target)
}

function matches(definition: Definition, filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matches(definition, part))
    case 'or':
      return filter.parts.some((part) => matches(definition, part))
    case 'not':
      return !matches(definition, filter.part)
    case 'compare':
      return compare(filter.comparison, valueOf(definition, filter.left), valueOf(definition, filter.right))
    case 'in':
    case 'test':
    case 'dynamicsIn':
      throw new QueryError('unsupported', 'Filters of definitions compare properties with values only.')
    default:
      return assertNever(filter)
  }
}

function valueOf(definition: Definition, operand: Operand): Plain {
  switch (operand.kind) {
    case 'literal':
      return literalValue(operand.literal)
    case 'field': {
      const [first = '', ...path] = operand.name.split('/')
      let value = definition.properties[first]
      if (value === undefined) throw unknownProperty(operand.name, definition.type)
      for (const name of path) {
        value =
          typeof value === 'object' && value !== null && !Array.isArray(value)
            ? propertyOf(value, name)
            : undefined
        if (value === undefined) throw unknownProperty(operand.name, definition.type)
      }
      return value
    }
    case 'call':
      throw new QueryError('unsupported', 'Filters of definitions have no functions.')
    default:
      return assertNever(operand)
  }
}

function propertyOf(value: Plain, name: string): Plain | undefined {
  return (value as Readonly<Record<string, Plain>>)[name]
}

function literalValue(literal: Literal): Plain {
  switch (literal.type) {
    case 'boolean':
      return literal.value
    case 'null':
      return null
    case 'number':
      return Number(literal.text)
    default:
      return literal.text
  }
}

function compare(comparison: Comparison, left: Plain, right: Plain): boolean {
  if (comparison === 'eq') return left === right
  if (comparison === 'ne') return left !== right
  if (left === null || right === null) return false
  switch (comparison) {
    case 'gt':
      return left > right
    case 'ge':
      return left >= right
    case 'lt':
      return left < right
    case 'le':
      return left <= right
    default:
      return assertNever(comparison)
  }
}

function unknownProperty(name: string, type: string): QueryError {
  return new QueryError(
    'unknownField',
    `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${type}'.`,
  )
}
