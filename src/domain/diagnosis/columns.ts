import { reasonMissing } from '../catalog/available.js'
import type { TableUse } from '../checked-tables.js'
import type { Finding } from '../finding.js'
import type { FieldDefinition, TableDefinition } from '../schema.js'
import type { Side } from '../value.js'
import { DiagnosisCode } from './code.js'
import { diagnose } from './diagnose.js'

/** What has become of the columns that mappings name: `actual` is the table as its system's metadata describes it now. */
export function examineColumns(use: TableUse, actual: TableDefinition, side: Side): readonly Finding[] {
  const names = [...new Set([...use.fields, ...use.written])].sort()
  return names.flatMap((name) => {
    const known = use.table.fields.find((field) => field.name === name)
    const now = actual.fields.find((field) => field.name === name)
    return now === undefined ? [missing(use, known, name, side)] : changed(use, known, now, side)
  })
}

function missing(use: TableUse, known: FieldDefinition | undefined, name: string, side: Side): Finding {
  return diagnose(DiagnosisCode.columnMissing, {
    side,
    what: `${reasonMissing(use.table, name)} Mappings: ${use.mappings.join(', ')}.`,
    // What the mapping's own table lacks is left out of its runs; what only the system lacks makes them fail.
    severity: known === undefined ? 'WARNING' : 'ERROR',
    evidence: `metadata of ${use.table.name}`,
  })
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
