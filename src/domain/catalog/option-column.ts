import type { TableDefinition } from '../schema.js'
import { canonicalCode } from '../text.js'

/** Characters of a code in Business Central's tables of terms and methods. */
const CODE_LENGTH = 10

/** The options of a Dataverse column as a table, so that they can be coupled with records (ADR 0010). */
export function optionTable(entity: string, column: string, caption: string): TableDefinition {
  return {
    system: 'DATAVERSE',
    name: `${entity}.${column}`,
    caption,
    keyField: 'value',
    stampField: '',
    stampResolution: 1000,
    nameField: 'label',
    page: entity,
    optionColumn: { entity, column },
    fields: [
      { name: 'value', caption: 'Value', type: { kind: 'text', maxLength: 11 }, readOnly: true },
      { name: 'label', caption: 'Label', type: { kind: 'text', maxLength: 1000 }, readOnly: true },
      { name: 'code', caption: 'Code', type: { kind: 'code', maxLength: CODE_LENGTH }, readOnly: true },
    ],
  }
}

/** The code that Business Central makes of an option's label: its first ten characters, in upper case. */
export function codeOfLabel(label: string): string {
  return canonicalCode(label.slice(0, CODE_LENGTH)).toWellFormed()
}
