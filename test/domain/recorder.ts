import type { Base, Coupling } from '../../src/domain/coupling.js'
import { mappedValue, type FieldMapping, type MappingDefinition } from '../../src/domain/mapping.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { Side, type Values } from '../../src/domain/value.js'

/** What is remembered of a pair after a success: both sides' mapped values, versions and stamps as they stand now. */
export function recorded(
  mapping: MappingDefinition,
  local: RecordSnapshot,
  integration: RecordSnapshot,
  last: Coupling['last'],
): Coupling {
  const baseOf = (field: FieldMapping) => ({
    local: mappedValue(field, Side.local, local.values),
    integration: mappedValue(field, Side.integration, integration.values),
  })
  const base: Base = Object.fromEntries(mapping.fields.map((field) => [field.name, baseOf(field)]))
  return {
    local: { version: local.version, stamp: local.stamp },
    integration: { version: integration.version, stamp: integration.stamp },
    base,
    last,
  }
}

/** The record after a write of these values: a new version, a later stamp. */
export function written(record: RecordSnapshot, values: Values | null): RecordSnapshot {
  if (values === null) return record
  return {
    ...record,
    version: `${record.version}+`,
    stamp: record.stamp + 1_000,
    values: { ...record.values, ...values },
  }
}
