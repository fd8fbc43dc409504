import type { SchemaWords } from '../common/schema-changes.js'
import { DataverseError, badRequest } from './errors.js'
import type { DataverseTable } from './tables.js'

export const SCHEMA_WORDS: SchemaWords<DataverseTable> = {
  unknown: (table, column) =>
    badRequest(
      `Could not find a property named '${column}' on type 'Microsoft.Dynamics.CRM.${table.entity}'.`,
    ),
  required: (table, column) =>
    new DataverseError(
      400,
      '0x80040203',
      `The attribute '${column}' of the '${table.entity}' entity is required.`,
    ),
  tooLong: (table, column, length) =>
    new DataverseError(
      400,
      '0x80044331',
      `The length of the '${column}' attribute of the '${table.entity}' entity exceeded the maximum allowed length of '${length}'.`,
    ),
  requiring: (table, column) => ({ ...table, required: [...table.required, column] }),
}
