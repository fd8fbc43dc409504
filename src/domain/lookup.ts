import { ErrorClass, type Failure } from './failure.js'
import type { Ends, Transferred } from './field-transfer.js'
import { sourceOf, type FieldMapping, type PassDirection } from './mapping.js'
import { fieldOf, type TableDefinition } from './schema.js'
import type { Value } from './value.js'

/** Ids coupled through another mapping, both ways. Only ids that occur in the records at hand. */
export interface LookupCouplings {
  readonly toIntegration: Readonly<Record<string, string>>
  readonly toLocal: Readonly<Record<string, string>>
}

/** Whether the field refers to a currency: only there Business Central's blank means the local currency. */
export function isCurrencyLookup(field: FieldMapping, integrationTable: TableDefinition): boolean {
  if (field.lookupMappings === undefined || field.integrationField === null) return false
  const { type } = fieldOf(integrationTable, field.integrationField)
  return type.kind === 'lookup' && type.table === 'transactioncurrencies'
}

/**
 * The record that is coupled to the one referred to, through the first of the field's mappings that has it. None: blank by
 * Clear Value on Failed Sync, else a failure that says what it waits for. `localBlank`: what the local side's blank stands for
 * at the integration side.
 */
export function transferLookup(
  field: FieldMapping,
  pass: PassDirection,
  value: Value,
  ends: Ends,
  lookups: Readonly<Record<string, LookupCouplings>>,
  localBlank: string | null,
): Transferred {
  const isTo = pass === 'TO_INTEGRATION_TABLE'
  if (isTo && value === null) return { kind: 'value', value: localBlank }
  if (value === null || (!isTo && value === localBlank)) return { kind: 'value', value: null }
  const id = String(value)
  const mappings = field.lookupMappings ?? []
  const partner = mappings
    .map((name) => (isTo ? lookups[name]?.toIntegration[id] : lookups[name]?.toLocal[id]))
    .find((found) => found !== undefined)
  if (partner !== undefined) return { kind: 'value', value: partner }
  if (field.clearValueOnFailedSync === true) return { kind: 'value', value: null }
  return { kind: 'failed', failure: notCoupled(mappings, pass, id, ends) }
}

function notCoupled(mappings: readonly string[], pass: PassDirection, id: string, ends: Ends): Failure {
  const { sourceField, destinationTable } = ends
  const names = mappings.join(' or ')
  return {
    errorClass: ErrorClass.dependencyMissing,
    message: `${sourceField.caption} ${id} must be coupled to a record in ${names}.`,
    cause: `The record refers to a ${sourceField.caption} that has no partner in the ${destinationTable.caption}'s system yet.`,
    remedy: `Synchronize the mapping ${names}, or couple that record. This record waits and is carried as soon as it is coupled.`,
    field: sourceField.name,
    waitsFor: { mappings, side: sourceOf(pass), id },
  }
}
