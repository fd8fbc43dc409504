import { ErrorClass, type Failure } from './failure.js'
import type { MatchRule } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { canonicalCode, foldCase } from './text.js'
import { Side, type Value, type Values } from './value.js'

/** What matching found for an uncoupled record. */
export type Match =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly partner: RecordSnapshot }
  | { readonly kind: 'several'; readonly failure: Failure }
  /** The only candidate may be the result of a creation whose outcome is not known yet. */
  | { readonly kind: 'busy' }

export interface MatchCandidates {
  readonly source: RecordSnapshot
  readonly sourceSide: Side
  readonly rules: readonly MatchRule[]
  /** Records of the other side; more than match may be given. */
  readonly candidates: readonly RecordSnapshot[]
  readonly isCoupled: (id: string) => boolean
  readonly isBusy: (id: string) => boolean
  /** How many uncoupled source records of this page claim the same candidate. */
  readonly claimants: (id: string) => number
  readonly captions: { readonly source: string; readonly destination: string }
}

/**
 * Finds the free partner of an uncoupled record. Rules are tried by priority, each on its own; the first with any candidate
 * decides: one free candidate matches, anything else is ambiguous. A record is never created beside a candidate that
 * matches it, free or not (Business Central's match-based coupling does that, and makes duplicates).
 */
export function findPartner(input: MatchCandidates): Match {
  for (const rule of [...input.rules].sort((a, b) => a.priority - b.priority)) {
    const found = candidatesOf(rule, input.source, input.sourceSide, input.candidates)
    const [first] = found
    if (first === undefined) continue
    if (found.length > 1)
      return ambiguous(input, rule, `${found.length} ${input.captions.destination} records match`)
    if (input.isBusy(first.id)) return { kind: 'busy' }
    if (input.isCoupled(first.id))
      return ambiguous(input, rule, 'the only match is already coupled to another record')
    if (input.claimants(first.id) > 1) return ambiguous(input, rule, 'several records match the same one')
    return { kind: 'one', partner: first }
  }
  return { kind: 'none' }
}

/** The records that satisfy one rule: all pairs equal, none blank. */
export function candidatesOf(
  rule: MatchRule,
  source: RecordSnapshot,
  sourceSide: Side,
  candidates: readonly RecordSnapshot[],
): readonly RecordSnapshot[] {
  const wanted = matchKey(rule, sourceSide, source.values)
  if (wanted === null) return []
  const other = sourceSide === Side.local ? Side.integration : Side.local
  return candidates.filter((candidate) => matchKey(rule, other, candidate.values) === wanted)
}

/** The key by which a rule compares a record of one side, or null when one of its fields is blank. */
export function matchKey(rule: MatchRule, side: Side, values: Values): string | null {
  const parts: string[] = []
  for (const pair of rule.pairs) {
    const value: Value | undefined = values[side === Side.local ? pair.localField : pair.integrationField]
    if (value === null || value === undefined) return null
    const text = String(value).trim()
    if (text === '') return null
    parts.push(rule.caseSensitive ? text.normalize('NFC') : foldCase(canonicalCode(text)))
  }
  return JSON.stringify(parts)
}

/** The failure of a record for which match-based coupling finds nobody. */
export function unmatched(
  rules: readonly MatchRule[],
  sourceSide: Side,
  captions: { readonly source: string; readonly destination: string },
): Failure {
  const fields = [...rules]
    .sort((a, b) => a.priority - b.priority)
    .map((rule) => fieldsOf(rule, sourceSide))
    .join('; ')
  return {
    errorClass: ErrorClass.ambiguousMatch,
    message: `Failed to couple the ${captions.source} record, because no unique uncoupled matching ${captions.destination} record was found with the specified matching criteria.`,
    cause: `No ${captions.destination} record agrees with it (matched on ${fields}).`,
    remedy: `Couple the records by hand, create a new ${captions.destination} record for it, or put right the fields that are matched.`,
  }
}

function fieldsOf(rule: MatchRule, side: Side): string {
  return rule.pairs.map((pair) => (side === Side.local ? pair.localField : pair.integrationField)).join(', ')
}

function ambiguous(input: MatchCandidates, rule: MatchRule, reason: string): Match {
  const fields = fieldsOf(rule, input.sourceSide)
  return {
    kind: 'several',
    failure: {
      errorClass: ErrorClass.ambiguousMatch,
      message: `Cannot couple the ${input.captions.source} record: ${reason} (matched on ${fields}).`,
      cause: `The match rule with priority ${rule.priority} does not lead to exactly one free ${input.captions.destination} record.`,
      remedy: `Make ${fields} unique, or couple the records by hand. Nothing is created while it is unclear which record is meant.`,
      field: fields,
    },
  }
}
