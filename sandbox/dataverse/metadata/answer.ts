import type { Answer, ApiRequest } from '../../common/answer.js'
import { jsonAnswer } from '../../common/answer.js'
import { DataverseError, notImplemented } from '../errors.js'
import type { OptionSets } from '../options.js'
import { SERVICE_ROOT } from '../route.js'
import type { DataverseTable } from '../tables.js'
import { DATAVERSE_TABLES } from '../tables.js'
import type { Definition, Plain } from './definition.js'
import { entityDefinition } from './entities.js'
import type { DefinitionQuery } from './query.js'
import { definitionJson, queryDefinitions, readQuery } from './query.js'

/** Where a path has led so far: one definition, or several of them. */
interface Place {
  readonly found: Definition | readonly Definition[]
  /** The base type of several kinds of definition that the path has not narrowed to one. */
  readonly base: string | null
  /** For the context: `EntityDefinitions('account')/Attributes`. */
  readonly context: string
}

const CAST = 'Microsoft.Dynamics.CRM.'

/**
 * Answers a GET below `EntityDefinitions`: the definitions of tables, their columns, options and relationships. Throws
 * QueryError or DataverseError.
 */
export function answerDefinitions(
  request: ApiRequest,
  segments: readonly string[],
  options: ReadonlyMap<string, string>,
  optionSets: OptionSets,
  tableNow: (table: DataverseTable) => DataverseTable,
): Answer {
  const query = readQuery(options)
  const all = DATAVERSE_TABLES.map((table) => entityDefinition(tableNow(table), optionSets))
  let place: Place = { found: all, base: null, context: '' }
  for (const [index, segment] of segments.entries()) place = step(place, segment, index === 0)
  const { found, base, context } = place
  const shown = `${request.origin}${SERVICE_ROOT}/$metadata#${context}${selectionOf(query)}`
  if (isList(found)) {
    const value = queryDefinitions(found, query, base)
    return jsonAnswer(200, JSON.stringify({ '@odata.context': shown, value }), ODATA, value.length)
  }
  const json = definitionJson(found, query, base) as Readonly<Record<string, Plain>>
  return jsonAnswer(200, JSON.stringify({ '@odata.context': `${shown}/$entity`, ...json }), ODATA, 1)
}

const ODATA = { 'odata-version': '4.0' }

function isList(found: Definition | readonly Definition[]): found is readonly Definition[] {
  return Array.isArray(found)
}

function step(place: Place, segment: string, first: boolean): Place {
  if (segment.startsWith(CAST)) return cast(place, segment.slice(CAST.length))
  const match = /^(\w+)(?:\((.*)\))?$/.exec(segment)
  const name = match?.[1] ?? segment
  const target = first ? place.found : navigate(place, name)
  const context = first ? name : `${place.context}/${name}`
  const base = name === 'Attributes' ? 'AttributeMetadata' : null
  const key = match?.[2]
  if (key === undefined) return { found: target, base, context }
  if (!isList(target)) throw notFound(segment)
  return {
    found: oneOf(target, key),
    base,
    context: `${context}${name === 'EntityDefinitions' ? keyOf(key) : ''}`,
  }
}

function navigate(place: Place, name: string): Definition | readonly Definition[] {
  if (isList(place.found))
    throw notImplemented(`The sandbox does not serve '${name}' of all definitions at once.`)
  const target = place.found.navigations[name]
  // What only some kinds of column have is found once the path names the kind.
  if (target === undefined || target === null || place.base !== null) throw notFound(name)
  return target
}

function cast(place: Place, type: string): Place {
  const context = `${place.context}/${CAST}${type}`
  if (!isList(place.found)) {
    if (place.found.type !== type) throw notFound(`${CAST}${type}`)
    return { found: place.found, base: null, context }
  }
  return { found: place.found.filter((definition) => definition.type === type), base: null, context }
}

/** By `LogicalName='account'`, `SchemaName='...'` or `MetadataId`. */
function oneOf(definitions: readonly Definition[], key: string): Definition {
  const named = /^(LogicalName|SchemaName|MetadataId)=(?:'([^']*)'|([0-9a-f-]{36}))$/i.exec(key)
  const property = named?.[1] ?? 'MetadataId'
  const value = named?.[2] ?? named?.[3] ?? key
  const found = definitions.find(
    (definition) =>
      definition.properties[property] === (property === 'SchemaName' ? value : value.toLowerCase()),
  )
  if (found !== undefined) return found
  throw new DataverseError(404, '0x80060888', `Could not find a definition with the key '${key}'.`)
}

function keyOf(key: string): string {
  return `(${key.replace(/^\w+=/, '')})`
}

function selectionOf(query: DefinitionQuery): string {
  const names = [
    ...(query.select ?? []),
    ...[...query.expand].map(([name, inner]) => `${name}${selectionOf(inner) || '()'}`),
  ]
  return names.length === 0 ? '' : `(${names.join(',')})`
}

function notFound(segment: string): DataverseError {
  return new DataverseError(404, '0x8006088a', `Resource not found for the segment '${segment}'.`)
}
