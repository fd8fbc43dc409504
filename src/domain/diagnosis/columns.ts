import { reasonsMissing } from '../catalog/available.js'
import type { TableUse } from '../checked-tables.js'
import type { Finding } from '../finding.js'
import type { FieldDefinition, TableDefinition } from '../schema.js'
import type { Side } from '../value.js'
import { DiagnosisCode } from './code.js'
import { diagnose } from './diagnose.js'

/**
 * What has become of the columns that mappings name: `actual` is the table as its system's metadata describes it now. Those that are missing
 * are told together.
 */
export function examineColumns(use: TableUse, actual: TableDefinition, side: Side): readonly Finding[] {
  const names = [...new Set([...use.fields, ...use.written])].sort()
  const present = new Map(actual.fields.map((field) => [field.name, field]))
  const known = new Map(use.table.fields.map((field) => [field.name, field]))
  const gone = names.filter((name) => !present.has(name))
  return [
    // What the mapping's own table lacks is left out of its runs; what only the system lacks makes them fail.
    ...missing(
      use,
      gone.filter((name) => known.has(name)),
      'ERROR',
      side,
    ),
    ...missing(
      use,
      gone.filter((name) => !known.has(name)),
      'WARNING',
      side,
    ),
    ...names.flatMap((name) => {
      const now = present.get(name)
      return now === undefined ? [] : changed(use, known.get(name), now, side)
    }),
  ]
}

function missing(
  use: TableUse,
  names: readonly string[],
  severity: Finding['severity'],
  side: Side,
): readonly Finding[] {
  return reasonsMissing(use.table, names).map((reason) =>
    diagnose(DiagnosisCode.columnMissing, {
      side,
      what: `${reason} Mappings: ${use.mappings.join(', ')}.`,
      severity,
      evidence: `metadata of ${use.table.name}`,
    }),
  )
}

function changed(
  use: TableUse,
  known: FieldDefinition | undefined,
  now: FieldDefinition,
  side: Side,
): readonly Finding[] {
  if (known === undefined || !use.written.includes(now.name)) return []
  const findings: Finding[] = []
  const [before, length] = [lengthOf(known), lengthOf(now)]
  if (before !== null && length !== null && length < before) {
    findings.push(
      diagnose(DiagnosisCode.columnTooShort, {
        side,
        what: `The column ${now.name} of ${use.table.name} holds ${length} characters; ${use.mappings.join(', ')} expects ${before}.`,
        evidence: `metadata of ${use.table.name}`,
      }),
    )
  }
  if (now.readOnly === true && known.readOnly !== true) {
    findings.push(
      diagnose(DiagnosisCode.columnReadOnly, {
        side,
        what: `The column ${now.name} of ${use.table.name} can only be read, and ${use.mappings.join(', ')} writes it.`,
        evidence: `metadata of ${use.table.name}`,
      }),
    )
  }
  return findings
}

function lengthOf({ type }: FieldDefinition): number | null {
  return 'maxLength' in type ? type.maxLength : null
}
