import type { Failure } from './failure.js'
import { endsOf, transferField, type TransferContext } from './field-transfer.js'
import { matchesFilter } from './filter.js'
import { carries, sourceOf, type MappingDefinition, type PassDirection } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { fieldOf } from './schema.js'
import { otherSide, Side, type Value, type Values } from './value.js'

/** What a record is created with, or why it cannot be. */
export type Creation =
  | { readonly kind: 'values'; readonly values: Values }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** The record that `pass` creates from its source: every carried field that is not blank, over the values of the template. */
export function createValues(
  mapping: MappingDefinition,
  pass: PassDirection,
  source: RecordSnapshot,
  context: TransferContext,
): Creation {
  const values: Record<string, Value> = { ...templateValues(mapping, pass, source, context) }
  for (const field of mapping.fields) {
    if (!carries(field, pass)) continue
    const transferred = transferField(field, pass, source.values, context)
    if (transferred.kind === 'failed') return transferred
    if (transferred.kind === 'omitted' || transferred.value === null) continue
    const { destinationField } = endsOf(field, pass, context)
    if (destinationField.readOnly !== true) values[destinationField.name] = transferred.value
  }
  return { kind: 'values', values }
}

/** The values of the first template by priority whose filter the source satisfies. */
export function templateValues(
  mapping: MappingDefinition,
  pass: PassDirection,
  source: RecordSnapshot,
  context: TransferContext,
): Values {
  const [templates, table] =
    otherSide(sourceOf(pass)) === Side.local
      ? [mapping.templates.local, context.integrationTable]
      : [mapping.templates.integration, context.localTable]
  const fitting = templates
    .toSorted((a, b) => a.priority - b.priority)
    .find((template) => matchesFilter(template.filter, source.values, (name) => fieldOf(table, name).type))
  return fitting?.values ?? {}
}
