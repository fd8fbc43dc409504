import type { ConflictDetail } from './conflict.js'
import type { PreviewedChoice } from './coupling-preview.js'
import type { Filter } from './filter.js'
import type { Side } from './value.js'

/** What a person wants to see of records before he couples them. */
export type ExaminationInput =
  | {
      readonly kind: 'pair'
      readonly mappingId: string
      readonly localId: string
      readonly integrationId: string
      /** Also who changed each of them last, where its system tells. */
      readonly who?: boolean
    }
  | { readonly kind: 'candidates'; readonly mappingId: string; readonly side: Side; readonly id: string }
  /** One record, and its partner where it is coupled through the mapping. */
  | { readonly kind: 'record'; readonly mappingId: string; readonly side: Side; readonly id: string }
  /** Records by a text that people know them by, whether Accord has ever met them or not. */
  | { readonly kind: 'search'; readonly mappingId: string; readonly side: Side; readonly text: string }

/** The coupling that a record has now, through whatever mapping. */
export interface HeldBy {
  readonly couplingId: string
  readonly partnerId: string
  readonly partnerName: string | null
}

/** A record as it was found. */
export interface ExaminedRecord {
  readonly id: string
  readonly found: boolean
  /** Why it was not found, or cannot be coupled whatever is coupled now. */
  readonly problem: string | null
  readonly name: string | null
  readonly version: string | null
  readonly stamp: number | null
  readonly heldBy: HeldBy | null
  /** Who changed it last, as its system tells; null: it does not. Left out: not asked for. */
  readonly modifiedBy?: string | null
}

/** Two records side by side. */
export interface ExaminedPair {
  readonly kind: 'pair'
  readonly local: ExaminedRecord
  readonly integration: ExaminedRecord
  /** Their coupling with each other. */
  readonly couplingId: string | null
  /** Why they cannot be coupled as things stand. */
  readonly problem: string | null
  /** Null where one of them was not found. */
  readonly detail: ConflictDetail | null
  readonly choices: readonly PreviewedChoice[]
}

/** What one match rule finds. */
export interface ExaminedRule {
  readonly priority: number
  readonly fields: readonly string[]
  readonly caseSensitive: boolean
  readonly total: number
  /** The first of them. */
  readonly candidates: readonly ExaminedRecord[]
}

/** The records that the match rules find for a record. */
export interface ExaminedCandidates {
  readonly kind: 'candidates'
  readonly record: ExaminedRecord
  /** The one free record that match-based coupling would take. */
  readonly partnerId: string | null
  /** Why it would take none. */
  readonly problem: string | null
  readonly rules: readonly ExaminedRule[]
}

/** One record as it stands now, for the question why it is in sync or not. */
export interface ExaminedStanding {
  readonly kind: 'record'
  readonly presence: 'FOUND' | 'GONE' | 'FORBIDDEN'
  /** What the system said where it may not be read. */
  readonly message: string | null
  readonly name: string | null
  readonly version: string | null
  readonly stamp: number | null
  /** The clause of its side's filter that keeps it out. */
  readonly clause: Filter | null
  /** Null: it is not coupled through this mapping. */
  readonly partner: {
    readonly id: string
    readonly found: boolean
    readonly version: string | null
    readonly stamp: number | null
  } | null
  /** Of a coupled pair of which both were found: the mapped fields that a side has changed since both agreed, by name. */
  readonly changed: Readonly<Record<Side, readonly string[]>> | null
}

/** Records of one side by a text. */
export interface ExaminedSearch {
  readonly kind: 'search'
  /** False: there may be more. */
  readonly isComplete: boolean
  readonly records: readonly ExaminedRecord[]
}

export type Examination = ExaminedPair | ExaminedCandidates | ExaminedStanding | ExaminedSearch

/** Bytes of JSON that may pass through Temporal. */
const LARGEST = 45_000
const LENGTHS = [1_000, 300, 100, 30]

/** The same with texts cut, longer ones first, until it is small enough to pass through Temporal. */
export function bounded(examination: Examination): Examination {
  for (const length of LENGTHS) {
    const text = JSON.stringify(examination, (_key, value: unknown) =>
      typeof value === 'string' && value.length > length ? `${value.slice(0, length)}…` : value,
    )
    if (new TextEncoder().encode(text).length <= LARGEST) return JSON.parse(text) as Examination
  }
  throw new Error('The mapping has more fields than can be shown side by side.')
}
