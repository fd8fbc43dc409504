import type { DecideInput } from '../../../src/domain/decide.js'
import type { LostValue, Row } from '../../../src/domain/decision.js'
import type { Failure } from '../../../src/domain/failure.js'
import { AGREED_AT, byField, MAPPING, NOT_READ, writesTo, type Stage, type Told } from '../support.js'

export type Cases = readonly [Case, ...Case[]]

/** One story of one row: told for both passes, with exact writes, messages and lost values. */
export interface Case {
  readonly name: string
  readonly given: (on: Stage) => Partial<DecideInput>
  readonly gives: (on: Stage) => object
}

export const CONFLICT_MESSAGE = {
  TO_INTEGRATION_TABLE:
    'Cannot update the Account record because it has a later modified date than the Customer record.',
  FROM_INTEGRATION_TABLE:
    'Cannot update the Customer record because it has a later modified date than the Account record.',
} as const
export const FIRST_CONTACT_MESSAGE = {
  TO_INTEGRATION_TABLE:
    'Cannot update the Account record because it and the Customer record hold different values and were never synchronized.',
  FROM_INTEGRATION_TABLE:
    'Cannot update the Customer record because it and the Account record hold different values and were never synchronized.',
} as const
export const DELETION_MESSAGE = {
  TO_INTEGRATION_TABLE: 'The Account record cannot be updated because it is coupled to a deleted record.',
  FROM_INTEGRATION_TABLE: 'The Customer record cannot be updated because it is coupled to a deleted record.',
} as const

export const at = (row: Row, outcome: object, partner: string | null = null) => ({ row, partner, ...outcome })
export const unchanged = (row: Row, rest: { refresh: boolean; pendingFor?: string; partner?: string }) =>
  at(
    row,
    { outcome: 'unchanged', refresh: rest.refresh, pendingFor: rest.pendingFor ?? null },
    rest.partner ?? null,
  )
export const conflict = (on: Stage, row: Row, partner: string | null = null) =>
  at(row, { outcome: 'conflict', errorClass: 'CONFLICT', message: CONFLICT_MESSAGE[on.pass] }, partner)
export const firstContactConflict = (on: Stage, row: Row, partner: string | null = null) =>
  at(row, { outcome: 'conflict', errorClass: 'CONFLICT', message: FIRST_CONTACT_MESSAGE[on.pass] }, partner)
export const deletion = (on: Stage, row: Row) =>
  at(row, { outcome: 'conflict', errorClass: 'DELETED_RECORD', message: DELETION_MESSAGE[on.pass] })

/** What is written to each end, and which values are overwritten though their end had them of its own. */
export const modified = (
  on: Stage,
  row: Row,
  told: { source?: Told; destination?: Told; lost?: { source?: Told; destination?: Told } },
  partner: string | null = null,
) => {
  const lostAt = (end: 'source' | 'destination'): LostValue[] => {
    const { side, values } = on[end]
    const replacing = values(told[end] ?? {})
    return Object.entries(values(told.lost?.[end] ?? {})).map(([name, value]) => ({
      side,
      field: name,
      value,
      replacedBy: replacing[name] ?? null,
    }))
  }
  return at(
    row,
    {
      outcome: 'modified',
      writes: writesTo(on, told),
      lost: byField([...lostAt('source'), ...lostAt('destination')]),
    },
    partner,
  )
}

/** A server's clock that stepped back. */
export const EARLIER = AGREED_AT - 60_000
export const CLASH = { source: { phone: '1' }, destination: { phone: '2' } }
export const WIDER_CLASH = { ...CLASH, source: { phone: '1', there: 'www.mine.example' } }

export const oneWay = (on: Stage) => ({ mapping: on.oneWay })
export const byFields = { ...MAPPING, conflictDetection: 'FIELDS' } as const
export const failure: Failure = {
  errorClass: 'AMBIGUOUS_MATCH',
  message: '2 records match',
  cause: 'They have the same name.',
  remedy: 'Give them different names.',
}
export const uncoupled = { coupling: null, destination: NOT_READ } as const
export const partnerOf = (on: Stage, told: Told = {}) => on.destination.record(told, 'v7', 5)
export const matched = (on: Stage, told: Told = {}) =>
  ({ ...uncoupled, match: { kind: 'one', partner: partnerOf(on, told) } }) as const
export const manuallyFromSource = (on: Stage) => ({
  coupling: { ...on.coupling, last: { by: 'MANUAL', source: on.source.side } } as const,
})
export const forced = (
  overwrite: boolean,
  seen: { local: string | null; integration: string | null } | null = null,
) => ({ mode: { kind: 'forced', overwrite, seen } }) as const

export const keep = (
  on: Stage,
  which: 'source' | 'destination',
  shown: { source: Told; destination: Told },
  versions: { source: string | null; destination: string | null },
): Pick<DecideInput, 'mode' | 'skipped'> => {
  const toLocal = on.source.side === 'LOCAL' ? 'source' : 'destination'
  const toIntegration = toLocal === 'source' ? 'destination' : 'source'
  const values = (end: 'source' | 'destination') => {
    const record = on[end].record(shown[end], '', 0)
    return (name: string | null) => record.values[name ?? ''] ?? null
  }
  return {
    skipped: true,
    mode: {
      kind: 'resolve',
      choice: { kind: 'side', keep: on[which].side },
      seen: {
        versions: { local: versions[toLocal], integration: versions[toIntegration] },
        values: Object.fromEntries(
          MAPPING.fields.map(({ name, localField, integrationField }) => [
            name,
            { local: values(toLocal)(localField), integration: values(toIntegration)(integrationField) },
          ]),
        ),
      },
    },
  }
}
