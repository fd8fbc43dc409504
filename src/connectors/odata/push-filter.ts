import { filterFields, matchesFilter, type Filter } from '../../domain/filter.js'
import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import { fieldOf } from '../../domain/schema.js'
import type { Value } from '../../domain/value.js'
import { ConnectorError } from '../connector.js'
import { bareLiteral, plainCode } from '../http/filter-literals.js'
import { queryOption, quoteLiteral } from '../http/odata.js'
import { pushDown, type CompareFilter, type PushedFilter } from '../http/push-down.js'
import { showsCase, testOfId } from './matching.js'
import { getPage, readRecords, selectOf } from './rows.js'
import type { ODataService } from './service.js'
import { pathOf } from './service.js'

const RELATION = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const
/** Records among which one is looked for that proves a filter. */
const SAMPLES = 20

/**
 * As much of a filter as `$filter` of OData v4 says: never less than the filter lets through, perhaps more. Text is compared with
 * its case there, so it is folded; only letters that everybody folds alike are asked for. A record that passes proves each of several
 * conditions, but only one of several alternatives: these are never asked for.
 */
export function pushFilter(table: TableDefinition, filter: Filter | null): PushedFilter | null {
  return pushDown(filter, {
    alternatives: 'never',
    compare(comparison) {
      const field = table.fields.find((candidate) => candidate.name === comparison.field)
      const text = field === undefined ? null : compare(field, comparison)
      return text === null ? null : { text, exact: false }
    },
  })
}

function compare(field: FieldDefinition, { comparison, value }: CompareFilter): string | null {
  const { name, type } = field
  switch (comparison) {
    case 'blank':
      return equals(field, null)
    case 'in':
      return among(field, Array.isArray(value) ? value : [value as Value])
    case '=':
      return equals(field, value as Value)
    case '<>':
      // A service may take a comparison with null for neither true nor false, and no one record shows both.
      return null
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (!['decimal', 'integer', 'date', 'dateTime'].includes(type.kind)) return null
      const literal = bareLiteral(type, value as Value)
      return literal === null ? null : `${name} ${RELATION[comparison]} ${literal}`
    }
    case 'beginsWith':
    case 'contains': {
      const text = type.kind === 'text' ? plainCode(value as Value) : null
      // A capital I with a dot holds an i to us, and perhaps not to the service.
      if (text === null || text.includes('I')) return null
      const test = comparison === 'contains' ? 'contains' : 'startswith'
      return `${test}(tolower(${name}),${quoteLiteral(text.toLowerCase())})`
    }
  }
}

function equals(field: FieldDefinition, value: Value): string | null {
  const { name, type } = field
  // Codes are compared without the blanks around them here.
  if (type.kind === 'code') return null
  if (value === null)
    // What is blank besides null differs from type to type, and from service to service; a blank text is null or empty.
    return type.kind === 'decimal' || type.kind === 'integer' || type.kind === 'boolean'
      ? `${name} eq null`
      : null
  if (type.kind === 'text') {
    const text = plainCode(value)
    return text === null ? null : `tolower(${name}) eq ${quoteLiteral(text.toLowerCase())}`
  }
  if (type.kind === 'lookup' && field.referenceKey !== undefined) return null
  const literal = bareLiteral(type, value)
  return literal === null ? null : `${name} eq ${literal}`
}

function among(field: FieldDefinition, [value, ...others]: readonly Value[]): string | null {
  return value === undefined || others.length > 0 ? null : equals(field, value)
}

/**
 * What to ask a service for in place of everything; null: everything. A service may understand less of a filter than it admits, so one is
 * asked for only after it has given a record that lies inside it. That is found out once.
 */
export async function provenFilter(
  service: ODataService,
  table: TableDefinition,
  filter: Filter | null,
): Promise<string | null> {
  const pushed = pushFilter(table, filter)
  if (pushed === null || filter === null) return null
  const key = `${table.name} ${pushed.text}`
  const known = service.provenFilters.get(key)
  if (known !== undefined) return known ? pushed.text : null
  const proven = await proves(service, table, filter, pushed.text)
  if (proven !== null) service.provenFilters.set(key, proven)
  return proven === true ? pushed.text : null
}

/**
 * Null: none of the first records lies inside the filter with a text that shows how case is compared, so that nothing is known.
 * Throws {@link ConnectorError}.
 */
async function proves(
  service: ODataService,
  table: TableDefinition,
  filter: Filter,
  text: string,
): Promise<boolean | null> {
  const fields = [...new Set(filterFields(filter))]
  const all = `${service.url}/${pathOf(service, table)}?${selectOf(service, table, fields)}&$top=${SAMPLES}`
  const samples = readRecords(service, table, fields, (await getPage(service, service.send, all)).rows)
  const inside = samples.find(
    ({ values }) =>
      matchesFilter(filter, values, (name) => fieldOf(table, name).type) &&
      fields.every((name) => fieldOf(table, name).type.kind !== 'text' || showsCase(values[name] ?? null)),
  )
  const test = inside === undefined ? null : testOfId(table, inside.id)
  if (inside === undefined || test === null) return null
  const only = test.map(({ left, literal }) => `${left} eq ${literal}`).join(' and ')
  try {
    const page = await getPage(
      service,
      service.send,
      `${all}&${queryOption('$filter', `${only} and ${text}`)}`,
    )
    return readRecords(service, table, fields, page.rows).some(({ id }) => id === inside.id)
  } catch (error) {
    const status = error instanceof ConnectorError ? error.failure.status : undefined
    if (status === undefined || ![400, 405, 413, 414, 422, 500, 501].includes(status)) throw error
    return false
  }
}
