import type { Filter } from '../../filter.js'
import type { Direction, FieldMapping, InsertTemplate, MatchRule } from '../../mapping.js'
import type { Value, Values } from '../../value.js'

export const map = (
  localField: string,
  integrationField: string,
  direction: Direction,
  rest: Partial<FieldMapping> = {},
): FieldMapping => ({
  name: `${localField}:${integrationField}`,
  localField,
  integrationField,
  direction,
  ...rest,
})

/** A value given to every record of the local table that comes from the integration table. */
export const constantFrom = (localField: string, constant: Value): FieldMapping => ({
  name: `${localField}:`,
  localField,
  integrationField: null,
  constant,
  direction: 'FROM_INTEGRATION_TABLE',
})

export const both = (localField: string, integrationField: string, rest: Partial<FieldMapping> = {}) =>
  map(localField, integrationField, 'BIDIRECTIONAL', rest)
export const to = (localField: string, integrationField: string, rest: Partial<FieldMapping> = {}) =>
  map(localField, integrationField, 'TO_INTEGRATION_TABLE', rest)
export const from = (localField: string, integrationField: string, rest: Partial<FieldMapping> = {}) =>
  map(localField, integrationField, 'FROM_INTEGRATION_TABLE', rest)

export const template = (values: Values): InsertTemplate => ({
  name: 'DEFAULT',
  priority: 1,
  filter: null,
  values,
})

/** Records match where these two fields are equal, whatever their case. */
export const match = (priority: number, localField: string, integrationField: string): MatchRule => ({
  priority,
  pairs: [{ localField, integrationField }],
  caseSensitive: false,
})

export const equal = (field: string, value: Value): Filter => ({
  kind: 'compare',
  field,
  comparison: '=',
  value,
})
export const blank = (field: string): Filter => ({
  kind: 'compare',
  field,
  comparison: 'blank',
  value: null,
})
export const filled = (field: string): Filter => ({
  kind: 'compare',
  field,
  comparison: '<>',
  value: null,
})
export const all = (...filters: Filter[]): Filter => ({ kind: 'and', filters })
