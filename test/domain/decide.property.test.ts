import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameValue } from '../../src/domain/comparison.js'
import { decide, freshCoupling, type Mode } from '../../src/domain/decide.js'
import type { Decision, Writes } from '../../src/domain/decision.js'
import { comparePair, type FieldState } from '../../src/domain/field-state.js'
import { directionsOf, mappingCarries, type MappingDefinition } from '../../src/domain/mapping.js'
import { fieldOf } from '../../src/domain/schema.js'
import { passFrom, sourceOf } from '../../src/domain/settle.js'
import { otherSide, Side, type Value, type Values } from '../../src/domain/value.js'
import { anySituation, ODD_CONTEXT, type Situation } from './arbitrary.js'
import { mirrorDecision, mirrorInput } from './mirror.js'
import { recorded, written } from './recorder.js'
import { found } from './support.js'

const RUNS = 6_000

/** Null: the property does not speak of this situation. Otherwise what contradicts it. */
type Violations = (situation: Situation, decision: Decision) => readonly unknown[] | null

const SIDES = Object.values(Side)

const writesOn = (writes: Writes, side: Side) =>
  (side === Side.local ? writes.local : writes.integration) ?? {}
const fieldOn = (state: FieldState, side: Side) =>
  (side === Side.local ? state.field.localField : state.field.integrationField) ?? ''
const changedOn = (state: FieldState, side: Side) =>
  side === Side.local ? state.localChanged : state.integrationChanged
const valueOn = (state: FieldState, side: Side): Value =>
  side === Side.local ? state.local : state.integration
const isBidirectional = (state: FieldState) => state.carriedTo && state.carriedFrom

const stateOf = ({ input, local, integration }: Situation) => {
  const [source, partner] = sourceOf(input.pass) === Side.local ? [local, integration] : [integration, local]
  const coupling = input.coupling ?? freshCoupling(input.pass, source, partner)
  return comparePair(input.mapping, coupling, local, integration, ODD_CONTEXT)
}

/** The situation after a decision was carried out and recorded, asked again by a scheduled pass. */
const afterwards = ({ input, local, integration }: Situation, writes: Writes): Situation => {
  const after = {
    local: written(local, writes.local),
    integration: written(integration, writes.integration),
  }
  const isPerson = !['scheduled', 'unconditional'].includes(input.mode.kind)
  const last = { by: isPerson ? 'MANUAL' : 'JOB', source: sourceOf(input.pass) } as const
  const coupling = recorded(input.mapping, after.local, after.integration, last)
  const again = { ...input, coupling, skipped: false, inFilter: true, mode: { kind: 'scheduled' } as const }
  return { ...after, input: again }
}

const askedBy = ({ input, local, integration }: Situation, pass: Situation['input']['pass']) => {
  const [source, destination] = sourceOf(pass) === Side.local ? [local, integration] : [integration, local]
  return { ...input, pass, source: found(source), destination: found(destination) }
}

/** A value of one's own is told as the local field would hold it, so that it has no mirror image. */
const tellsOwnValues = (mode: Mode) =>
  mode.kind === 'resolve' &&
  mode.choice.kind === 'fields' &&
  Object.values(mode.choice.fields).some((choice) => 'value' in choice)

/** A blank beside a lookup that is cleared where its record is not coupled counts as cleared, and is filled. */
const fillsOnlyCleared = (mapping: MappingDefinition, mode: Mode, decision: Decision) => {
  const cleared = mapping.fields.filter((field) => field.clearValueOnFailedSync === true)
  const names = new Set(cleared.flatMap((field) => [field.localField, field.integrationField]))
  if (decision.outcome === 'unchanged') return cleared.length > 0 && decision.pendingFor !== null
  if (decision.outcome !== 'modified') return false
  const fieldsWritten = SIDES.flatMap((side) => Object.keys(writesOn(decision.writes, side)))
  // What a person's merge or choice left different goes along: one-way, a record with news is carried whole (row 12).
  if (isOneWay(mapping) && (mode.kind === 'merge' || mode.kind === 'resolve'))
    return fieldsWritten.some((name) => names.has(name))
  return fieldsWritten.every((name) => names.has(name))
}

const isOneWay = (mapping: MappingDefinition) => mapping.direction !== 'BIDIRECTIONAL'

const statesToWrite = (situation: Situation, decision: Decision) =>
  decision.outcome !== 'modified'
    ? []
    : stateOf(situation).fields.flatMap((state) =>
        SIDES.filter((side) => fieldOn(state, side) in writesOn(decision.writes, side)).map((side) => ({
          state,
          side,
        })),
      )

const PROPERTIES: Readonly<Record<string, Violations>> = {
  'every well-formed input has exactly one outcome, the same each time, and safe as JSON': (
    { input },
    decision,
  ) => {
    const told = JSON.stringify(decision)
    return [JSON.stringify(decide(input))].filter((again) => again !== told)
  },

  'swapping the sides mirrors the decision': ({ input }, decision) => {
    if (tellsOwnValues(input.mode)) return null
    return isDeepStrictEqual(decide(mirrorInput(input)), mirrorDecision(decision))
      ? []
      : [decide(mirrorInput(input))]
  },

  'after a successful write, deciding again gives Unchanged and writes nothing': (situation, decision) => {
    if (decision.outcome !== 'modified') return null
    const after = afterwards(situation, decision.writes)
    return directionsOf(after.input.mapping.direction)
      .map((pass) => decide(askedBy(after, pass)))
      .filter((again) => again.outcome !== 'unchanged' || again.pendingFor !== null)
      .filter((again) => !fillsOnlyCleared(after.input.mapping, situation.input.mode, again))
  },

  'after a one-way settlement not even an unconditional run finds anything to write': (
    situation,
    decision,
  ) => {
    const { mapping, mode } = situation.input
    // A person's merge or choice of fields carries what changed, and leaves what differs besides.
    if (mode.kind === 'merge' || mode.kind === 'resolve') return null
    if (decision.outcome !== 'modified' || !isOneWay(mapping)) return null
    const after = afterwards(situation, decision.writes)
    const again = decide({ ...askedBy(after, after.input.pass), mode: { kind: 'unconditional' } })
    return again.outcome === 'unchanged' ? [] : [again]
  },

  'after a write the sides agree on every field that was written': (situation, decision) => {
    if (decision.outcome !== 'modified') return null
    const after = stateOf(afterwards(situation, decision.writes)).fields
    const names = new Set(statesToWrite(situation, decision).map(({ state }) => state.field.name))
    return after.filter((state) => names.has(state.field.name) && !state.agrees)
  },

  'nothing is written that would not change the destination': (situation, decision) => {
    if (decision.outcome !== 'modified') return null
    return SIDES.flatMap((side) => {
      const [record, table] =
        side === Side.local
          ? [situation.local, ODD_CONTEXT.localTable]
          : [situation.integration, ODD_CONTEXT.integrationTable]
      return Object.entries(writesOn(decision.writes, side)).filter(([name, value]) => {
        const { type } = fieldOf(table, name)
        return sameValue(value, type, record.values[name] ?? null, type)
      })
    })
  },

  'a one-way mapping never writes its source': ({ input }, decision) => {
    if (decision.outcome !== 'modified' || !isOneWay(input.mapping)) return null
    return Object.keys(writesOn(decision.writes, sourceOf(input.pass)))
  },

  'only mapped fields are written, and only in a direction in which they are carried': (
    { input },
    decision,
  ) => {
    const carriedTo = (side: Side) =>
      input.mapping.fields
        .filter((field) => mappingCarries(input.mapping, field, passFrom(otherSide(side))))
        .map((field) => (side === Side.local ? field.localField : field.integrationField) ?? '')
    const strangers = (side: Side, values: Values) =>
      Object.keys(values).filter((name) => !carriedTo(side).includes(name))
    if (decision.outcome === 'inserted') return strangers(otherSide(sourceOf(input.pass)), decision.values)
    if (decision.outcome !== 'modified') return null
    return SIDES.flatMap((side) => strangers(side, writesOn(decision.writes, side)))
  },

  'what a side changed since the last synchronisation is overwritten only where a policy or a person says so':
    (situation, decision) => {
      const { mapping, mode } = situation.input
      const byRun = mode.kind === 'scheduled' || mode.kind === 'unconditional'
      if (decision.outcome !== 'modified' || !byRun || isOneWay(mapping)) return null
      if (mapping.updateConflictPolicy !== 'NONE') return null
      const { firstContact } = stateOf(situation)
      return statesToWrite(situation, decision).filter(
        ({ state, side }) =>
          isBidirectional(state) &&
          // Its owner is the other side, whose value goes where both changed it.
          !(state.field.owner === otherSide(side) && (firstContact || changedOn(state, otherSide(side)))) &&
          (firstContact ? valueOn(state, side) !== null : changedOn(state, side)),
      )
    },

  'by time stamps, of a record that both sides changed nothing is written while a bidirectional field without an owner differs':
    (situation, decision) => {
      const { mapping, mode } = situation.input
      if (mode.kind !== 'scheduled' || isOneWay(mapping) || mapping.updateConflictPolicy !== 'NONE')
        return null
      if (mapping.conflictDetection !== 'TIMESTAMPS') return null
      const state = stateOf(situation)
      if (state.firstContact || !state.localChanged || !state.integrationChanged) return null
      const isOpen = (field: FieldState) =>
        isBidirectional(field) && !field.agrees && field.field.owner === undefined
      if (!state.fields.some(isOpen)) return null
      return decision.outcome === 'modified' ? [decision.writes] : []
    },

  'an edited destination is never overwritten for a person who did not say so': (situation, decision) => {
    const { mode, pass } = situation.input
    const state = stateOf(situation)
    if (mode.kind !== 'forced' || mode.overwrite || state.firstContact) return null
    const edited = sourceOf(pass) === Side.local ? state.integrationChanged : state.localChanged
    return edited && decision.outcome === 'modified' ? [decision.writes] : []
  },

  'every value that loses is kept': (situation, decision) => {
    if (decision.outcome !== 'modified') return null
    const { firstContact } = stateOf(situation)
    const isKept = (side: Side, field: string, value: Value) =>
      decision.lost.some((lost) => lost.side === side && lost.field === field && lost.value === value)
    return statesToWrite(situation, decision).filter(({ state, side }) => {
      const isItsOwn = valueOn(state, side) !== null && (firstContact || changedOn(state, side))
      return isItsOwn && !isKept(side, fieldOn(state, side), valueOn(state, side))
    })
  },

  'newest wins overwrites no edit that may be the newer one': ({ input, local, integration }, decision) => {
    const { mapping, mode, clocks } = input
    if (decision.outcome !== 'modified' || decision.row !== 15 || mode.kind !== 'scheduled') return null
    if (mapping.updateConflictPolicy !== 'NEWEST_WINS') return null
    const offsets = clocks.offsets
    const states = statesToWrite({ input, local, integration }, decision)
    const lead = (side: Side) =>
      offsets.LOCAL === null || offsets.INTEGRATION === null
        ? 0
        : (local.stamp - offsets.LOCAL - (integration.stamp - offsets.INTEGRATION)) *
          (side === Side.local ? 1 : -1)
    return states.filter(
      ({ state, side }) =>
        isBidirectional(state) &&
        state.field.owner === undefined &&
        changedOn(state, side) &&
        lead(otherSide(side)) < clocks.error + ODD_CONTEXT.localTable.stampResolution,
    )
  },

  'a deletion writes no source of a one-way mapping, restores nothing from outside a filter, deletes nothing changed':
    ({ input, local, integration }, decision) => {
      if (decision.row !== 4) return null
      const { mapping, coupling } = input
      if (decision.outcome !== 'restored' && decision.outcome !== 'deletedOther') return []
      const writtenSide = decision.side
      const survivorSide = decision.outcome === 'restored' ? otherSide(writtenSide) : writtenSide
      const [survivor, filter] =
        survivorSide === Side.local ? [local, mapping.localFilter] : [integration, mapping.integrationFilter]
      const writesSource = isOneWay(mapping) && passFrom(writtenSide) === mapping.direction
      const isOutside = filter !== null && survivor.values['unmapped'] !== 'mine'
      const agreed = survivorSide === Side.local ? coupling?.local : coupling?.integration
      const isSaved =
        survivor.version !== agreed?.version && survivor.stamp > (agreed?.stamp ?? Number.POSITIVE_INFINITY)
      const deletesChange = decision.outcome === 'deletedOther' && (coupling?.base === null || isSaved)
      return [writesSource, isOutside, deletesChange].filter(Boolean)
    },

  'what is restored is what would be created': ({ input }, decision) => {
    if (decision.outcome !== 'restored') return null
    const pass = passFrom(otherSide(decision.side))
    const survivor = input.source.kind === 'found' ? input.source : input.destination
    const created = decide({
      ...input,
      mapping: { ...input.mapping, onlyCoupled: false },
      mode: { kind: 'scheduled' },
      pass,
      source: survivor,
      destination: { kind: 'notRead' },
      coupling: null,
      skipped: false,
      inFilter: true,
      match: { kind: 'none' },
    })
    return created.outcome === 'inserted' && isDeepStrictEqual(created.values, decision.values)
      ? []
      : [created]
  },

  'a choice field by field gives what was chosen': (situation, decision) => {
    const { mode } = situation.input
    if (decision.row !== 'resolved' || decision.outcome !== 'modified') return null
    if (mode.kind !== 'resolve' || mode.choice.kind !== 'fields') return null
    const choices = Object.entries(mode.choice.fields)
    if (choices.length === 0) return null
    const after = stateOf(afterwards(situation, decision.writes)).fields
    return choices.filter(([name, choice]) => {
      const before = stateOf(situation).fields.find((state) => state.field.name === name)
      const state = after.find((one) => one.field.name === name)
      if (before === undefined || state === undefined) return true
      if ('keep' in choice) return valueOn(state, choice.keep) !== valueOn(before, choice.keep)
      return !state.agrees
    })
  },

  'a merge overwrites nothing that its side changed, but for an owner': (situation, decision) => {
    if (decision.row !== 'merged' || decision.outcome !== 'modified') return null
    const { firstContact } = stateOf(situation)
    return statesToWrite(situation, decision).filter(
      ({ state, side }) =>
        isBidirectional(state) &&
        state.field.owner === undefined &&
        (firstContact ? valueOn(state, side) !== null : changedOn(state, side)),
    )
  },

  'a conflict tells every mapped field, and that one differs': ({ input }, decision) => {
    if (decision.outcome !== 'conflict' || decision.failure.errorClass !== 'CONFLICT') return null
    const told = new Set(decision.detail.fields.filter((field) => !field.equal).map((field) => field.name))
    // A constant is nobody's edit.
    const untold = input.mapping.fields.filter(
      (field) =>
        field.localField !== null && !decision.detail.fields.some((shown) => shown.name === field.name),
    )
    return told.size > 0 ? untold : [decision.detail]
  },
}

describe('decide', () => {
  it.each(Object.entries(PROPERTIES))('%s', (_name, violations) => {
    let spoken = 0
    fc.assert(
      fc.property(anySituation, (situation) => {
        const decision = decide(situation.input)
        const broken = violations(situation, decision)
        if (broken !== null) spoken += 1
        if (broken !== null && broken.length > 0)
          throw new Error(JSON.stringify({ decision, broken }, null, 1))
      }),
      { numRuns: RUNS },
    )
    expect(spoken).toBeGreaterThan(5)
  })

  it('is asked for every row of its table', () => {
    const rows = new Set(fc.sample(anySituation, 20_000).map(({ input }) => String(decide(input).row)))
    const all = [
      ...Array.from({ length: 18 }, (_, index) => String(index + 1)),
      'forced',
      'resolved',
      'merged',
    ]
    expect(all.filter((row) => !rows.has(row))).toEqual([])
  })
})
