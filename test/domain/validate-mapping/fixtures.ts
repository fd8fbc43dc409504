import type { Filter } from '../../../src/domain/filter.js'
import { MAPPING_DEFAULTS, type FieldMapping, type MappingDefinition } from '../../../src/domain/mapping.js'
import type { FieldDefinition, TableDefinition } from '../../../src/domain/schema.js'
import type { FieldType, Side } from '../../../src/domain/value.js'
import { field, TO } from '../support.js'

const TYPES = {
  text: { kind: 'text', maxLength: 10 },
  text2: { kind: 'text', maxLength: 10 },
  code: { kind: 'code', maxLength: 5 },
  decimal: { kind: 'decimal', scale: 2, nullable: false },
  integer: { kind: 'integer', nullable: true },
  boolean: { kind: 'boolean', nullable: true },
  guid: { kind: 'guid' },
  date: { kind: 'date' },
  dateTime: { kind: 'dateTime' },
  picture: { kind: 'unsupported', name: 'media' },
  readOnly: { kind: 'text', maxLength: 10 },
  createOnly: { kind: 'text', maxLength: 10 },
} as const satisfies Readonly<Record<string, FieldType>>

const tableWith = (
  name: string,
  caption: string,
  rest: Readonly<Record<string, FieldType>>,
): TableDefinition => ({
  system: name === 'locals' ? 'BUSINESS_CENTRAL' : 'DATAVERSE',
  name,
  caption,
  keyField: 'id',
  stampField: 'modified',
  stampResolution: 1,
  nameField: 'text',
  page: '',
  fields: Object.entries({ ...TYPES, ...rest }).map(([fieldName, type]): FieldDefinition => {
    const flags = {
      ...(fieldName === 'readOnly' && { readOnly: true }),
      ...(fieldName === 'createOnly' && { createOnly: true }),
    }
    return { name: fieldName, caption: `The ${fieldName}`, type, ...flags }
  }),
})
export const TABLES: Readonly<Record<Side, TableDefinition>> = {
  LOCAL: tableWith('locals', 'Local', {
    option: { kind: 'option', members: ['Ship', 'All'] },
    lookup: { kind: 'lookup', table: 'parents' },
  }),
  INTEGRATION: tableWith('remotes', 'Remote', {
    option: { kind: 'option', members: ['1', '2'] },
    lookup: { kind: 'lookup', table: 'accounts' },
  }),
}

export const same = (name: string, rest: Partial<FieldMapping> = {}) =>
  field(name, name, 'BIDIRECTIONAL', rest)
export const RULE = {
  priority: 1,
  pairs: [{ localField: 'code', integrationField: 'code' }],
  caseSensitive: false,
}
export const PARENT: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'PARENT',
  localTable: 'parents',
  integrationTable: 'accounts',
  direction: 'BIDIRECTIONAL',
  fields: [],
}
/** Nothing is wrong with it. */
export const GOOD: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'GOOD',
  localTable: 'locals',
  integrationTable: 'remotes',
  direction: 'BIDIRECTIONAL',
  fields: [same('text'), same('decimal')],
  matchRules: [RULE],
}
export const OTHERS: readonly MappingDefinition[] = [PARENT]
export const constant = (rest: Partial<FieldMapping> = {}): FieldMapping => ({
  name: ':text2',
  localField: null,
  integrationField: 'text2',
  constant: 'Person',
  direction: TO,
  ...rest,
})
export const withFields = (...fields: FieldMapping[]): Partial<MappingDefinition> => ({
  fields: [same('text'), ...fields],
})
export const compare = (name: string, comparison: string, value: unknown) =>
  ({ kind: 'compare', field: name, comparison, value }) as Filter
export const template = (rest: object) => ({ name: 'T', priority: 1, filter: null, values: {}, ...rest })
export const templates = (...local: object[]) =>
  ({ templates: { local: local.map(template), integration: [] } }) as unknown as Partial<MappingDefinition>
