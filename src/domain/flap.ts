import type { Coupling } from './coupling.js'
import type { Decision, Writes } from './decision.js'
import { ErrorClass, type Failure } from './failure.js'
import { comparePair, describeConflict } from './field-state.js'
import { fieldEnd, type TransferContext } from './field-transfer.js'
import { fieldOn, mappedValue, type MappingDefinition } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { Side, type Value } from './value.js'

/** So many rounds are carried; the next is stopped. */
export const MOST_ROUNDS = 5
/** Without a write for so long, edits are people's. Milliseconds. */
export const LONG_QUIET = 24 * 3_600_000
/** A run in between that wrote nothing counts as quiet only after this: runs woken by hints come faster than an answer. */
export const SHORT_QUIET = 10 * 60_000

/** What a coupling remembers of our writes, by name of the field mapping; JSON-safe. */
export interface FlapState {
  readonly fields: Readonly<Record<string, FlapField>>
}

interface FlapField {
  /** The side that our last write of the field went to. */
  readonly side: Side
  /** How often in a row our writes went to the other side than the one before. */
  readonly rounds: number
  readonly time: number
  readonly run: number
}

/** When a settlement is made: epoch milliseconds, and the number of the mapping's run. */
export interface FlapMoment {
  readonly time: number
  readonly run: number
}

/** What a settlement writes to one side. */
export interface FlapWrite {
  readonly side: Side
  readonly fields: readonly WrittenField[]
}

/** A field that is written, with the two values that stand against each other. */
export interface WrittenField {
  readonly name: string
  /** How people call it: `Phone No.`. */
  readonly caption: string
  readonly local: Value
  readonly integration: Value
}

export type FlapResult =
  | { readonly kind: 'continue'; readonly state: FlapState }
  | { readonly kind: 'stop'; readonly failure: Failure }

/**
 * Asked before a write: whether the two systems keep changing a field against each other (engine rule 9). A round is a write
 * of a field whose last write by us went to the other side, without quiet in between. After {@link MOST_ROUNDS} of them the
 * next is stopped, with a failure that names the fields that fight.
 */
export function nextFlap(previous: FlapState | null, written: FlapWrite, at: FlapMoment): FlapResult {
  const kept = Object.entries(previous?.fields ?? {}).filter(([, field]) => !wasQuiet(field, at))
  const fields: Record<string, FlapField> = Object.fromEntries(kept)
  const fighting: WrittenField[] = []
  for (const field of written.fields) {
    const before = fields[field.name]
    const rounds = before === undefined || before.side === written.side ? 0 : before.rounds + 1
    if (rounds > MOST_ROUNDS) fighting.push(field)
    fields[field.name] = { side: written.side, rounds, time: at.time, run: at.run }
  }
  return fighting.length > 0
    ? { kind: 'stop', failure: fight(fighting) }
    : { kind: 'continue', state: { fields } }
}

function wasQuiet(field: FlapField, at: FlapMoment): boolean {
  const since = at.time - field.time
  return since >= LONG_QUIET || (at.run - field.run > 1 && since >= SHORT_QUIET)
}

/** What {@link guardFlap} needs to know of the pair that was decided. */
export interface FlapInput {
  readonly mapping: MappingDefinition
  readonly context: TransferContext
  readonly coupling: Coupling
  readonly local: RecordSnapshot
  readonly integration: RecordSnapshot
  readonly previous: FlapState | null
  readonly at: FlapMoment
}

/**
 * A run's decision, or the conflict that stops it, and what the coupling has to remember once it is carried out. Nothing is
 * remembered of what a person decides, nor after a stop: the next rounds count anew.
 */
export function guardFlap(
  decision: Decision,
  input: FlapInput,
): { readonly decision: Decision; readonly state: FlapState | null } {
  if (decision.outcome !== 'modified') return { decision, state: input.previous }
  if (typeof decision.row === 'string') return { decision, state: null }
  let state = input.previous
  for (const written of writtenFields(decision.writes, input)) {
    const result = nextFlap(state, written, input.at)
    if (result.kind === 'stop') return { decision: stopped(decision, result.failure, input), state: null }
    state = result.state
  }
  return { decision, state }
}

function writtenFields(writes: Writes, { mapping, local, integration, context }: FlapInput): FlapWrite[] {
  return Object.values(Side).flatMap((side) => {
    const values = side === Side.local ? writes.local : writes.integration
    if (values === null) return []
    const fields = mapping.fields.filter((field) => {
      const name = fieldOn(field, side)
      return name !== null && name in values
    })
    return {
      side,
      fields: fields.map((field) => ({
        name: field.name,
        caption: fieldEnd(field, side, context).caption,
        local: mappedValue(field, Side.local, local.values),
        integration: mappedValue(field, Side.integration, integration.values),
      })),
    }
  })
}

function stopped(decision: Decision, failure: Failure, input: FlapInput): Decision {
  const { mapping, coupling, local, integration, context } = input
  const state = comparePair(mapping, coupling, local, integration, context)
  return {
    row: decision.row,
    partner: decision.partner,
    outcome: 'conflict',
    failure,
    detail: describeConflict(state, coupling, local, integration, context),
  }
}

function fight(fields: readonly WrittenField[]): Failure {
  const shown = (value: Value) =>
    value === null ? 'blank' : `'${String(value).slice(0, 60).toWellFormed()}'`
  const captions = fields.map((field) => field.caption).join(', ')
  const values = fields
    .map(({ caption, local, integration }) => `${caption}: ${shown(local)} and ${shown(integration)}`)
    .join('; ')
  const [first] = fields
  return {
    errorClass: ErrorClass.conflict,
    message: `The two systems keep changing ${captions} against each other (${values}).`,
    cause: `After ${MOST_ROUNDS} rounds without a rest it looks as if an automation on each side puts its own value back whenever ours arrives.`,
    remedy: `Find what changes ${captions} by itself in each system and stop one of them, or give the field mapping one direction or an owner; then choose which changes to keep.`,
    ...(first !== undefined && { field: first.name }),
  }
}
