import type { SchemaWords } from '../common/schema-changes.js'
import { BusinessCentralError, dialogError } from './errors.js'
import type { BusinessCentralTable } from './table.js'

export const SCHEMA_WORDS: SchemaWords<BusinessCentralTable> = {
  unknown: (table, column) =>
    new BusinessCentralError(
      400,
      'BadRequest',
      `The property '${column}' does not exist on type 'Microsoft.NAV.${table.entity}'. Make sure to only use property names that are defined by the type.`,
    ),
  required: (table, column) =>
    dialogError(`${column} must have a value in ${table.caption}. It cannot be zero or empty.`),
  tooLong: (_table, _column, length, text) =>
    new BusinessCentralError(
      400,
      'Application_StringExceededLength',
      `The length of the string is ${text.length}, but it must be less than or equal to ${length} characters. Value: ${text}`,
    ),
  // Metadata does not tell what must have a value.
  requiring: (table) => table,
}
