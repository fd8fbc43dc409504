import type { Coupling } from '../../src/domain/coupling.js'
import { decide, type Mode } from '../../src/domain/decide.js'
import type { Decision, LostValue, Writes } from '../../src/domain/decision.js'
import { comparePair, type FieldState } from '../../src/domain/field-state.js'
import { directionsOf, fieldOn, type PassDirection } from '../../src/domain/mapping.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { passFrom, sourceOf } from '../../src/domain/settle.js'
import { otherSide, Side, type Value, type Values } from '../../src/domain/value.js'
import { clockFall, nextWatermark, readFrom } from '../../src/domain/watermark.js'
import { BLANK, MODEL_CONTEXT, UNMAPPED, type Step, type World } from './model-world.js'
import { recorded } from './recorder.js'
import { CLOCKS, found, FROM, NOT_READ, TO } from './support.js'

const COMMIT_DELAY = 60_000
const SIDES = Object.values(Side)

interface System {
  record: RecordSnapshot | null
  offset: number
  watermark: number | null
  offsetAtWatermark: number | null
  /** The version last handled by a scheduled pass. */
  handled: string | null
  /** The pass that reads this side must look at the record whatever its stamp. */
  pending: boolean
  /** Why the last attempt of that pass failed. */
  failure: string | null
}

/** Two editable systems and a recorder around {@link decide}, in true time. Breaking a rule throws. */
export class Model {
  private now = Date.UTC(2026, 0, 5, 10)
  private versions = 0
  private coupling: Coupling | null
  private skipped = false
  private readonly systems: Record<Side, System>
  /** Mapped fields that the destination's own users changed since the sides last agreed on them. */
  private readonly ownEdits = new Set<string>()
  readonly lost: LostValue[] = []
  /** What happened, for the report of a counter-example. */
  readonly log: string[] = []

  constructor(private readonly world: World) {
    this.systems = { LOCAL: this.system(Side.local), INTEGRATION: this.system(Side.integration) }
    const { beginning } = world
    for (const side of SIDES) {
      const isThere = typeof beginning === 'string' || beginning.alone === side
      if (isThere) this.store(side, beginning === 'agreed' ? BLANK[side] : world.values[side])
    }
    const { LOCAL: local, INTEGRATION: integration } = this.systems
    const { record: l } = local
    const { record: i } = integration
    const isFresh = beginning === 'fresh'
    this.coupling =
      l === null || i === null
        ? null
        : { ...recorded(world.mapping, l, i, null), ...(isFresh && { base: null }) }
    for (const side of SIDES) this.systems[side].pending = isFresh
  }

  step(step: Step): void {
    switch (step.kind) {
      case 'wait':
        this.now += step.milliseconds
        return
      case 'clockFalls':
        this.systems[step.side].offset -= step.milliseconds
        return
      case 'edit':
        this.edit(step.side, step.field, step.value)
        return
      case 'save':
        this.edit(
          step.side,
          UNMAPPED[step.side],
          this.systems[step.side].record?.values[UNMAPPED[step.side]] ?? null,
        )
        return
      case 'pass':
        if (this.passes().includes(step.pass)) this.pass(step.pass)
        return
      case 'synchronize':
        if (this.passes().includes(step.pass) && this.coupling !== null)
          this.byPerson(
            step.pass,
            { kind: 'forced', overwrite: step.overwrite, seen: null },
            sourceOf(step.pass),
          )
        return
      case 'keep':
        this.keep(step.side)
    }
  }

  /** Runs until two runs in a row write nothing. Throws when the sides keep changing each other. */
  runUntilQuiet(): void {
    let quiet = 0
    for (let run = 0; run < 12 && quiet < 2; run += 1) {
      let writes = 0
      for (const pass of this.passes()) {
        this.now += 1_000
        if (this.pass(pass)) writes += 1
      }
      quiet = writes === 0 ? quiet + 1 : 0
    }
    if (quiet < 2) throw this.broken('the two sides never come to rest')
  }

  /** After rest: what disagrees without an open conflict, error, or an edit of the destination's own users. */
  disagreements(): readonly string[] {
    if (this.skipped || SIDES.some((side) => this.systems[side].failure !== null)) return []
    const state = this.state()
    if (state === null) {
      const alone = SIDES.find((side) => this.systems[side].record !== null)
      const carries = alone !== undefined && this.passes().includes(passFrom(alone))
      return carries ? ['a record was never created on the other side'] : []
    }
    return state
      .filter((one) => (one.carriedTo || one.carriedFrom) && !one.agrees)
      .filter((one) => !(isOneWay(one) && this.ownEdits.has(one.field.name)))
      .map((one) => `${one.field.name}: ${String(one.local)} <> ${String(one.integration)}`)
  }

  get isSkipped(): boolean {
    return this.skipped
  }

  broken(rule: string): Error {
    return new Error(`${rule}\n${this.log.join('\n')}`)
  }

  private passes(): readonly PassDirection[] {
    return directionsOf(this.world.mapping.direction)
  }

  private system(side: Side): System {
    return {
      record: null,
      offset: this.world.offset[side],
      watermark: null,
      offsetAtWatermark: null,
      handled: null,
      pending: false,
      failure: null,
    }
  }

  private store(side: Side, values: Values): RecordSnapshot {
    const resolution = this.world.resolution[side]
    const stamp = Math.floor((this.now + this.systems[side].offset) / resolution) * resolution
    this.versions += 1
    const record = { id: `${side}-id`, version: `v${this.versions}`, stamp, values }
    this.systems[side].record = record
    return record
  }

  private edit(side: Side, name: string, value: Value): void {
    const { record } = this.systems[side]
    if (record === null) return
    this.log.push(`${side} user: ${name} = ${String(value)}`)
    const isChanged = record.values[name] !== value
    this.store(side, { ...record.values, [name]: value })
    const mapped = this.world.mapping.fields.find((one) => fieldOn(one, side) === name)
    if (!isChanged || mapped === undefined) return
    const isAgreed = this.state()?.some((one) => one.field === mapped && one.agrees) ?? false
    if (isAgreed && mapped.localCurrencyAmount === undefined) this.ownEdits.delete(mapped.name)
    else this.ownEdits.add(mapped.name)
  }

  private state(): readonly FieldState[] | null {
    const { LOCAL: local, INTEGRATION: integration } = this.systems
    if (this.coupling === null || local.record === null || integration.record === null) return null
    return comparePair(this.world.mapping, this.coupling, local.record, integration.record, MODEL_CONTEXT)
      .fields
  }

  /** One scheduled pass, as the engine reads it: by watermark, handled versions dropped, pending records first. */
  private pass(pass: PassDirection): boolean {
    const side = sourceOf(pass)
    const system = this.systems[side]
    const clock = this.now + system.offset
    const fall = clockFall(system.offsetAtWatermark, system.offset)
    const from = readFrom(system.watermark, fall)
    system.watermark = nextWatermark(system.watermark, clock, COMMIT_DELAY, fall)
    system.offsetAtWatermark = system.offset
    const { record } = system
    if (record === null) return false
    const unread = record.version !== system.handled
    const isRead = (from === null || record.stamp >= from) && unread
    if (!isRead && !system.pending) return false
    const wasPending = system.pending
    system.handled = record.version
    system.pending = false
    return this.carryOut(pass, { kind: 'scheduled' }, unread, wasPending)
  }

  private keep(side: Side): void {
    const state = this.state()
    const pass = this.passes().includes(passFrom(side)) ? passFrom(side) : this.passes()[0]
    const { LOCAL: local, INTEGRATION: integration } = this.systems
    if (!this.skipped || state === null || pass === undefined) return
    const values = Object.fromEntries(state.map((one) => [one.field.name, one]))
    const versions = {
      local: local.record?.version ?? null,
      integration: integration.record?.version ?? null,
    }
    this.byPerson(
      pass,
      { kind: 'resolve', choice: { kind: 'side', keep: side }, seen: { versions, values } },
      side,
    )
  }

  private byPerson(pass: PassDirection, mode: Mode, source: Side): void {
    this.carryOut(pass, mode, true, true, source)
  }

  /** Decides, writes and records. Returns whether anything was written. */
  private carryOut(
    pass: PassDirection,
    mode: Mode,
    unread: boolean,
    wasPending: boolean,
    personsSource: Side | null = null,
  ): boolean {
    const side = sourceOf(pass)
    const source = this.systems[side].record
    const destination = this.systems[otherSide(side)].record
    if (source === null) return false
    const { coupling } = this
    const manual = coupling?.last?.by === 'MANUAL' && coupling.last.source === side && unread
    const isEcho = coupling !== null && coupledOn(coupling, side) === source.version && !wasPending && !manual
    const decision = decide({
      mapping: this.world.mapping,
      pass,
      mode,
      source: found(source),
      destination: destination === null || isEcho || coupling === null ? NOT_READ : found(destination),
      coupling,
      skipped: this.skipped,
      inFilter: true,
      unread,
      match: { kind: 'none' },
      context: MODEL_CONTEXT,
      clocks: CLOCKS,
    })
    this.log.push(`${pass} ${mode.kind}: row ${decision.row} ${decision.outcome} ${writesOf(decision)}`)
    return this.apply(pass, decision, personsSource)
  }

  private apply(pass: PassDirection, decision: Decision, personsSource: Side | null): boolean {
    const side = sourceOf(pass)
    const system = this.systems[side]
    switch (decision.outcome) {
      case 'inserted':
        this.store(otherSide(side), { ...BLANK[otherSide(side)], ...decision.values })
        this.record(side, null)
        // What the source held in fields that are carried only towards it is its users' own.
        for (const state of this.state() ?? []) if (!state.agrees) this.ownEdits.add(state.field.name)
        return true
      case 'modified':
        this.check(decision.writes)
        this.lost.push(...decision.lost)
        for (const at of SIDES) {
          const values = at === Side.local ? decision.writes.local : decision.writes.integration
          const before = this.systems[at].record
          if (values !== null && before !== null) this.store(at, { ...before.values, ...values })
        }
        this.record(side, personsSource)
        return true
      case 'unchanged':
        system.failure = null
        if (decision.refresh) this.record(side, personsSource)
        if (decision.pendingFor !== null) this.systems[sourceOf(decision.pendingFor)].pending = true
        return false
      case 'conflict':
        this.skipped = true
        return false
      case 'failed':
        system.failure = decision.failure.message
        system.pending = true
        return false
      default:
        return false
    }
  }

  /** As the engine records a success: both sides' versions, stamps and mapped values. */
  private record(source: Side, personsSource: Side | null): void {
    const { LOCAL: local, INTEGRATION: integration } = this.systems
    if (local.record === null || integration.record === null)
      throw this.broken('recorded without both records')
    const last =
      personsSource === null
        ? ({ by: 'JOB', source } as const)
        : ({ by: 'MANUAL', source: personsSource } as const)
    this.coupling = recorded(this.world.mapping, local.record, integration.record, last)
    if (personsSource !== null) this.skipped = false
    for (const side of SIDES) this.systems[side].failure = null
    // A destination's own edit no longer excuses a difference once the sides agreed again.
    for (const state of this.state() ?? []) if (state.agrees) this.ownEdits.delete(state.field.name)
  }

  private check(writes: Writes): void {
    const { direction } = this.world.mapping
    if (direction === TO && writes.local !== null) throw this.broken('a one-way mapping wrote its source')
    if (direction === FROM && writes.integration !== null)
      throw this.broken('a one-way mapping wrote its source')
    for (const name of Object.values(UNMAPPED))
      if (name in (writes.local ?? {}) || name in (writes.integration ?? {}))
        throw this.broken(`the unmapped field ${name} was written`)
  }
}

function isOneWay(state: FieldState): boolean {
  return state.carriedTo !== state.carriedFrom
}

function coupledOn(coupling: Coupling, side: Side): string | null {
  return side === Side.local ? coupling.local.version : coupling.integration.version
}

function writesOf(decision: Decision): string {
  if (decision.outcome === 'modified') return JSON.stringify(decision.writes)
  return decision.outcome === 'failed' ? decision.failure.message : ''
}
