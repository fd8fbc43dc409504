import { CoupleSynchronize } from './choice.js'
import type { ConflictDetail } from './conflict.js'
import type { Coupling } from './coupling.js'
import { decide, freshCoupling, type Clocks, type DecideInput, type Mode } from './decide.js'
import type { Decision } from './decision.js'
import { comparePair, describeConflict } from './field-state.js'
import type { TransferContext } from './field-transfer.js'
import { carries, passFrom, type MappingDefinition, type PassDirection } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { Side, type Value, type Values } from './value.js'

/** Two records that a person thinks of coupling, or has coupled. */
export interface PreviewedPair {
  readonly mapping: MappingDefinition
  readonly context: TransferContext
  readonly clocks: Clocks
  readonly local: RecordSnapshot
  readonly integration: RecordSnapshot
  /** Null: they are not coupled with each other. */
  readonly coupling: Coupling | null
}

/** A value that a choice would write, by the table's own field name. */
export interface PreviewedWrite {
  readonly side: Side
  readonly field: string
  readonly before: Value
  readonly after: Value
}

/** What one choice would do. `problem`: why nothing would be written; `NONE` is what the next run would do by itself. */
export interface PreviewedChoice {
  readonly synchronize: CoupleSynchronize
  readonly writes: readonly PreviewedWrite[]
  readonly problem: string | null
}

/** Both sides' values per mapped field. */
export function previewFields(pair: PreviewedPair): ConflictDetail {
  const { mapping, context, local, integration } = pair
  const coupling = pair.coupling ?? freshCoupling('TO_INTEGRATION_TABLE', local, integration)
  const state = comparePair(mapping, coupling, local, integration, context)
  return describeConflict(state, coupling, local, integration, context)
}

/** What each choice would write, of those that the mapping's direction allows. Nothing is done. */
export function previewChoices(pair: PreviewedPair): readonly PreviewedChoice[] {
  const passes = (['TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE'] as const).filter((pass) =>
    carries(pair.mapping, pass),
  )
  const [first] = passes
  if (first === undefined) return []
  return [
    choiceOf(pair, CoupleSynchronize.none, first),
    ...passes.map((pass) => choiceOf(pair, pass, pass)),
    choiceOf(pair, CoupleSynchronize.merge, first),
  ]
}

function choiceOf(pair: PreviewedPair, synchronize: CoupleSynchronize, pass: PassDirection): PreviewedChoice {
  const { mapping, context, clocks, local, integration, coupling } = pair
  const [source, destination] = pass === passFrom(Side.local) ? [local, integration] : [integration, local]
  const input: DecideInput = {
    mapping,
    pass,
    mode: modeOf(synchronize, coupling !== null),
    source: { kind: 'found', record: source },
    destination: { kind: 'found', record: destination },
    coupling,
    skipped: false,
    inFilter: true,
    unread: false,
    match: { kind: 'one', partner: destination },
    context,
    clocks,
  }
  const decision = decide(input)
  return {
    synchronize,
    writes:
      decision.outcome === 'modified'
        ? [
            ...writesOf(Side.local, local, decision.writes.local),
            ...writesOf(Side.integration, integration, decision.writes.integration),
          ]
        : [],
    problem: problemOf(decision),
  }
}

function modeOf(synchronize: CoupleSynchronize, isCoupled: boolean): Mode {
  if (synchronize === 'NONE')
    return isCoupled ? { kind: 'scheduled' } : { kind: 'couple', createNew: false, synchronize: true }
  if (!isCoupled) return { kind: 'given', synchronize }
  return synchronize === 'MERGE'
    ? { kind: 'merge', seen: null }
    : { kind: 'forced', overwrite: true, seen: null }
}

function writesOf(side: Side, record: RecordSnapshot, values: Values | null): readonly PreviewedWrite[] {
  return Object.entries(values ?? {}).map(([field, after]) => ({
    side,
    field,
    before: record.values[field] ?? null,
    after,
  }))
}

function problemOf(decision: Decision): string | null {
  switch (decision.outcome) {
    case 'conflict':
    case 'failed':
      return decision.failure.message
    case 'destinationChanged':
      return 'Both records hold a value of their own in the same field, so merging cannot tell which is meant.'
    default:
      return null
  }
}
