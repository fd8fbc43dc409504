import type { ConflictDetail, ConflictField } from './conflict.js'
import { ErrorClass } from './failure.js'
import { passFrom, type Direction, type MappingDefinition } from './mapping.js'
import { otherSide, Side } from './value.js'

/** Why a value of one field is recommended. */
export const FieldReason = {
  agrees: 'AGREES',
  oneWay: 'ONE_WAY',
  onlyOneChanged: 'ONLY_ONE_CHANGED',
  otherIsBlank: 'OTHER_IS_BLANK',
  owner: 'OWNER',
  newer: 'NEWER',
  undecided: 'UNDECIDED',
  nobodyChanged: 'NOBODY_CHANGED',
} as const
export type FieldReason = (typeof FieldReason)[keyof typeof FieldReason]

/** What is recommended for one field. `keep` null: nothing is to be carried, or a person has to choose. */
export interface FieldAdvice {
  readonly name: string
  readonly keep: Side | null
  readonly reason: FieldReason
  /** Both sides hold a value of their own that the other side's would replace. */
  readonly clashes: boolean
}

/** What is recommended for a skipped synch. record. */
export const Advice = {
  keepLocal: 'KEEP_LOCAL',
  keepIntegration: 'KEEP_INTEGRATION',
  merge: 'MERGE',
  perField: 'PER_FIELD',
  choose: 'CHOOSE',
  restoreRecords: 'RESTORE_RECORDS',
  deleteCoupling: 'DELETE_COUPLING',
  fixAndRetry: 'FIX_AND_RETRY',
  retry: 'RETRY',
} as const
export type Advice = (typeof Advice)[keyof typeof Advice]

/** Why it is recommended. */
export const AdviceReason = {
  onlyOneSideChanged: 'ONLY_ONE_SIDE_CHANGED',
  ownFields: 'EACH_ITS_OWN_FIELDS',
  oneSideDecides: 'ONE_SIDE_DECIDES',
  sidesDiffer: 'SIDES_DIFFER_BY_FIELD',
  undecided: 'NOTHING_TELLS',
  deletedDestination: 'DESTINATION_DELETED',
  deletedSource: 'SOURCE_DELETED',
  permanent: 'PERMANENT_FAILURE',
  mayHaveHealed: 'MAY_HAVE_HEALED',
} as const
export type AdviceReason = (typeof AdviceReason)[keyof typeof AdviceReason]

export interface Recommendation {
  readonly advice: Advice
  readonly reason: AdviceReason
  readonly fields: readonly FieldAdvice[]
}

type Mapping = Pick<MappingDefinition, 'direction' | 'fields'>

/** One field: who alone changed it; else its owner; else the newer edit; else a person. */
export function adviseField(mapping: Mapping, detail: ConflictDetail, field: ConflictField): FieldAdvice {
  const told = (keep: Side | null, reason: FieldReason, clashes = false): FieldAdvice => ({
    name: field.name,
    keep,
    reason,
    clashes,
  })
  if (field.equal) return told(null, FieldReason.agrees)
  const source = oneWaySource(mapping.direction, field.direction as Direction)
  if (source !== null) return told(source, FieldReason.oneWay)
  const { localChanged, integrationChanged } = field
  if (!detail.firstContact && localChanged !== integrationChanged)
    return told(localChanged ? Side.local : Side.integration, FieldReason.onlyOneChanged)
  if (!detail.firstContact && !localChanged) return told(null, FieldReason.nobodyChanged)
  if (detail.firstContact && (field.local === null) !== (field.integration === null))
    return told(field.local === null ? Side.integration : Side.local, FieldReason.otherIsBlank)
  const owner = mapping.fields.find((candidate) => candidate.name === field.name)?.owner
  if (owner !== undefined) return told(owner, FieldReason.owner, true)
  return detail.editedLast === null
    ? told(null, FieldReason.undecided, true)
    : told(detail.editedLast, FieldReason.newer, true)
}

/** The side that a field is carried from where it is carried one way; null: both ways. */
function oneWaySource(mapping: Direction, field: Direction): Side | null {
  const narrow = mapping === 'BIDIRECTIONAL' ? field : mapping
  if (narrow === 'BIDIRECTIONAL') return null
  return narrow === passFrom(Side.local) ? Side.local : Side.integration
}

/** Failures that stay until somebody changes something. */
const PERMANENT: ReadonlySet<ErrorClass> = new Set([
  ErrorClass.validation,
  ErrorClass.duplicate,
  ErrorClass.ambiguousMatch,
  ErrorClass.dependencyMissing,
  ErrorClass.permission,
  ErrorClass.setup,
])

/**
 * What a person is recommended to do with a skipped synch. record. `goneSide`: of a deletion, the side that is gone, null where it is
 * not known.
 */
export function recommend(
  mapping: Mapping,
  state: {
    readonly errorClass: ErrorClass
    readonly detail: ConflictDetail | null
    readonly goneSide: Side | null
  },
): Recommendation {
  const { errorClass, detail, goneSide } = state
  if (errorClass === ErrorClass.deletedRecord) return adviseDeletion(mapping, goneSide)
  if (errorClass === ErrorClass.conflict && detail !== null) return adviseConflict(mapping, detail)
  return PERMANENT.has(errorClass)
    ? { advice: Advice.fixAndRetry, reason: AdviceReason.permanent, fields: [] }
    : { advice: Advice.retry, reason: AdviceReason.mayHaveHealed, fields: [] }
}

/** Nothing is ever restored into the source of a one-way mapping. */
function adviseDeletion(mapping: Mapping, goneSide: Side | null): Recommendation {
  const isSource =
    goneSide !== null &&
    mapping.direction !== 'BIDIRECTIONAL' &&
    mapping.direction !== passFrom(otherSide(goneSide))
  return isSource
    ? { advice: Advice.deleteCoupling, reason: AdviceReason.deletedSource, fields: [] }
    : { advice: Advice.restoreRecords, reason: AdviceReason.deletedDestination, fields: [] }
}

function adviseConflict(mapping: Mapping, detail: ConflictDetail): Recommendation {
  const fields = detail.fields.map((field) => adviseField(mapping, detail, field))
  const clashing = fields.filter((field) => field.clashes)
  if (clashing.some((field) => field.keep === null))
    return { advice: Advice.choose, reason: AdviceReason.undecided, fields }
  const kept = new Set(fields.flatMap(({ keep, reason }) => (reason === 'ONE_WAY' ? [] : (keep ?? []))))
  if (clashing.length === 0) {
    const [only] = kept
    return kept.size === 1 && only !== undefined
      ? { advice: keepOf(only), reason: AdviceReason.onlyOneSideChanged, fields }
      : { advice: Advice.merge, reason: AdviceReason.ownFields, fields }
  }
  const [only] = kept
  return kept.size === 1 && only !== undefined
    ? { advice: keepOf(only), reason: AdviceReason.oneSideDecides, fields }
    : { advice: Advice.perField, reason: AdviceReason.sidesDiffer, fields }
}

function keepOf(side: Side): Advice {
  return side === Side.local ? Advice.keepLocal : Advice.keepIntegration
}
