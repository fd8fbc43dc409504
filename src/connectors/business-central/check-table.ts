import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Failure } from '../../domain/failure.js'
import type { Finding } from '../../domain/finding.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { CheckedTable } from '../connector.js'
import type { ExactJsonObject } from '../http/exact-json.js'
import { attempt, findingOfFailure } from '../http/find-failure.js'
import { queryOption } from '../http/odata.js'

export interface TableCheck {
  /** The first row of a table, with these members; null: it is empty. Throws {@link ConnectorError}. */
  readonly readFirst: (table: TableDefinition, query: string) => Promise<ExactJsonObject | null>
  /** Why this change is refused; null: it was not. Throws {@link ConnectorError} where the call as a whole fails. */
  readonly tryToChange: (
    table: TableDefinition,
    id: string,
    etag: string,
    body: Readonly<Record<string, string | boolean>>,
  ) => Promise<Failure | null>
}

/** Whether a table can be read, and changed where mappings change it. Throws {@link ConnectorError}. */
export async function checkTable(
  context: TableCheck,
  { table, written }: CheckedTable,
): Promise<readonly Finding[]> {
  const field = harmlessField(table, written)
  const members = field === null ? [table.keyField] : [table.keyField, field]
  const query = `${queryOption('$select', members.join(','))}&${queryOption('$top', '1')}`
  const read = await attempt(() => context.readFirst(table, query))
  if ('failure' in read) return [ofTable(table, read.failure)]
  if (written.length === 0 || read.result === null) return []
  return checkChanging(context, table, field, read.result)
}

/**
 * A change that comes to nothing: to a version that the record never had, and of a field to the value that it has. Permissions
 * are looked at before versions, so a conflict means that the change would have been allowed.
 */
async function checkChanging(
  context: TableCheck,
  table: TableDefinition,
  field: string | null,
  row: ExactJsonObject,
): Promise<readonly Finding[]> {
  const id = row[table.keyField]
  const value = field === null ? undefined : row[field]
  if (typeof id !== 'string' || field === null) return []
  if (typeof value !== 'string' && typeof value !== 'boolean') return []
  const refusal = await context.tryToChange(table, id, strangeEtag(row['@odata.etag']), { [field]: value })
  return refusal?.errorClass === 'PERMISSION' ? [findingOfFailure(refusal)] : []
}

/** A field that the mappings write anyway, of a type that is sent back exactly as it came. */
function harmlessField(table: TableDefinition, written: readonly string[]): string | null {
  const field = table.fields.find(
    ({ name, type, readOnly, createOnly, byCode, behindPrefix }) =>
      written.includes(name) &&
      ['text', 'boolean'].includes(type.kind) &&
      readOnly !== true &&
      createOnly !== true &&
      byCode === undefined &&
      behindPrefix === undefined,
  )
  return field?.name ?? null
}

/** A well-formed ETag of a version that the record never had: Business Central refuses one that it cannot read as such. */
export function strangeEtag(etag: unknown): string {
  const encoded = typeof etag === 'string' ? /^W\/"([A-Za-z0-9+/=]+)"$/.exec(etag)?.[1] : undefined
  const known = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('latin1')
  const digits = /;(\d+);/.exec(known)?.[1] ?? '00000000000000000001'
  const never = `1${'0'.repeat(digits.length - 1)}`
  const text = known === '' ? `'${digits.length};${never};00;'` : known.replace(digits, never)
  return `W/"${Buffer.from(text, 'latin1').toString('base64')}"`
}

function ofTable(table: TableDefinition, failure: Failure): Finding {
  if (failure.status !== 404 || failure.diagnosis !== DiagnosisCode.addressWrong)
    return findingOfFailure(failure)
  return diagnose(DiagnosisCode.tableMissing, {
    what: `Business Central has no table ${table.name}.`,
    evidence: `HTTP 404 ${failure.code ?? ''}`.trim(),
  })
}
