import type { Mode } from '../../src/domain/decide.js'
import { comparePair, type FieldState } from '../../src/domain/field-state.js'
import { directionsOf, fieldOn, passFrom, sourceOf, type PassDirection } from '../../src/domain/mapping.js'
import { otherSide, Side, type Value } from '../../src/domain/value.js'
import { Crash, ModelEngine, type PassOptions } from './model-engine.js'
import { ModelSystem } from './model-system.js'
import { BLANK, MODEL_CONTEXT, UNMAPPED, type Edit, type Step, type World } from './model-world.js'

const SIDES = Object.values(Side)
const CALM: PassOptions = { crash: null, race: null }

/** Two editable systems and an engine around `decide`, in true time. Breaking a rule throws. */
export class Model {
  private now = Date.UTC(2026, 0, 5, 10)
  private readonly systems: Readonly<Record<Side, ModelSystem>>
  private readonly engine: ModelEngine
  /** Mapped fields that the destination's own users changed since the sides last agreed on them. */
  private readonly ownEdits = new Set<string>()
  /** Of each bidirectional field the latest edit of all, and how many values had been lost before it. */
  private readonly latest = new Map<string, Edit & { readonly lostBefore: number }>()

  constructor(private readonly world: World) {
    this.systems = {
      LOCAL: new ModelSystem(Side.local, world.resolution.LOCAL, world.offset.LOCAL),
      INTEGRATION: new ModelSystem(Side.integration, world.resolution.INTEGRATION, world.offset.INTEGRATION),
    }
    this.engine = new ModelEngine(
      world,
      this.systems,
      () => this.now,
      (isCreated) => this.whenSettled(isCreated),
    )
    const { beginning } = world
    for (const side of SIDES) {
      const isThere = typeof beginning === 'string' || beginning.alone === side
      if (isThere)
        this.systems[side].store(beginning === 'agreed' ? BLANK[side] : world.values[side], this.now)
    }
    if (typeof beginning !== 'string') return
    this.engine.couple(beginning === 'fresh' ? null : {})
    for (const side of SIDES) this.systems[side].pending = beginning === 'fresh'
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
        this.edit(step)
        return
      case 'save':
        this.save(step.side)
        return
      case 'delete':
        this.delete(step.side)
        return
      case 'undelete':
        this.undelete(step.side)
        return
      case 'pass':
        if (this.passes().includes(step.pass))
          this.pass(step.pass, { crash: step.crash, race: step.race && (() => this.edit(step.race as Edit)) })
        return
      case 'synchronize':
        this.person(step.pass, { kind: 'forced', overwrite: step.overwrite, seen: null })
        return
      case 'merge':
        this.person(step.pass, { kind: 'merge', seen: null })
        return
      case 'keep':
        this.keep(step.side)
        return
      case 'choose':
        this.choose(step.first, step.own)
    }
  }

  /** Runs until two runs in a row write nothing. Throws when the sides keep changing each other. */
  runUntilQuiet(): void {
    let quiet = 0
    for (let run = 0; run < 14 && quiet < 2; run += 1) {
      const before = this.engine.writes
      for (const pass of this.passes()) {
        this.now += 1_000
        this.pass(pass, CALM)
      }
      quiet = this.engine.writes === before ? quiet + 1 : 0
    }
    if (quiet < 2) throw this.broken('the two sides never come to rest')
  }

  /** After rest: what disagrees without an open conflict, error, or an edit of the destination's own users. */
  disagreements(): readonly string[] {
    if (!this.isClear) return []
    const gone = SIDES.filter((side) => this.systems[side].record === null)
    if (this.engine.coupling !== null && gone.length > 0) return ['a deletion was never answered']
    if (gone.length === 0 && this.engine.coupling === null && this.passes().length === 2)
      return ['two records were never coupled']
    return [...this.differences(), ...this.lostEdits()]
  }

  /** Neither skipped nor failing. */
  get isClear(): boolean {
    return !this.engine.skipped && SIDES.every((side) => this.systems[side].failure === null)
  }

  /** How it stands with the pair. */
  get pair(): { readonly coupled: boolean; readonly skipped: boolean; readonly writes: number } {
    const { coupling, skipped, writes } = this.engine
    return { coupled: coupling !== null, skipped, writes }
  }

  /** What a system's record holds in a field; undefined where there is no record. */
  held(side: Side, field: string): Value | undefined {
    return this.systems[side].record?.values[field]
  }

  /** What both systems hold, for comparing two histories. */
  end(): object {
    const valuesOf = (side: Side) => this.systems[side].record?.values ?? null
    return { clear: this.isClear, local: valuesOf(Side.local), integration: valuesOf(Side.integration) }
  }

  broken(rule: string): Error {
    return this.engine.broken(rule)
  }

  private differences(): readonly string[] {
    return (this.state() ?? [])
      .filter((one) => (one.carriedTo || one.carriedFrom) && !one.agrees)
      .filter((one) => !(isOneWay(one) && this.ownEdits.has(one.field.name)))
      .map((one) => `${one.field.name}: ${String(one.local)} <> ${String(one.integration)}`)
  }

  /** The latest edit of a bidirectional field stands where it was made, or what became of it was kept. */
  private lostEdits(): readonly string[] {
    return [...this.latest].flatMap(([name, edit]) => {
      const held = this.systems[edit.side].record?.values[edit.field]
      const kept = this.engine.lost.slice(edit.lostBefore)
      const isKept = kept.some(
        (lost) => lost.side === edit.side && lost.field === edit.field && lost.value === edit.value,
      )
      // A blank that loses was nothing that could be kept.
      return held === undefined || held === edit.value || isKept || edit.value === null
        ? []
        : [`the edit of ${name} to ${String(edit.value)} on ${edit.side} is nowhere`]
    })
  }

  private passes(): readonly PassDirection[] {
    return directionsOf(this.world.mapping.direction)
  }

  private edit({ side, field, value }: Edit): void {
    const system = this.systems[side]
    const { record } = system
    if (record === null) return
    this.engine.log.push(`${side} user: ${field} = ${String(value)}`)
    const isChanged = record.values[field] !== value
    system.store({ ...record.values, [field]: value }, this.now)
    system.editedAt = this.now
    const mapped = this.world.mapping.fields.find((one) => fieldOn(one, side) === field)
    if (!isChanged || mapped === undefined) return
    const state = this.state()?.find((one) => one.field === mapped)
    if (state?.agrees === true && mapped.localCurrencyAmount === undefined) this.ownEdits.delete(mapped.name)
    else this.ownEdits.add(mapped.name)
    const base = this.engine.coupling?.base?.[mapped.name]
    const agreed = side === Side.local ? base?.local : base?.integration
    // Put back to what was agreed on, it is no edit that anyone could see.
    if (value === agreed) this.latest.delete(mapped.name)
    else if (mapped.direction === 'BIDIRECTIONAL' && this.passes().length === 2)
      this.latest.set(mapped.name, { side, field, value, lostBefore: this.engine.lost.length })
  }

  private save(side: Side): void {
    const name = UNMAPPED[side]
    this.edit({ side, field: name, value: this.systems[side].record?.values[name] ?? null })
  }

  private delete(side: Side): void {
    if (this.systems[side].record === null) return
    this.engine.log.push(`${side} user: deletes it`)
    this.systems[side].remove()
    this.latest.clear()
    for (const field of this.world.mapping.fields) this.ownEdits.add(field.name)
  }

  private undelete(side: Side): void {
    const system = this.systems[side]
    if (system.record !== null || system.deleted === null) return
    this.engine.log.push(`${side} user: restores it`)
    system.store(system.deleted.values, this.now, system.deleted.id)
  }

  private pass(pass: PassDirection, options: PassOptions): void {
    try {
      this.engine.pass(pass, options)
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      this.engine.log.push(`${pass}: dies at ${String(options.crash)}`)
    }
  }

  private person(pass: PassDirection, mode: Mode): void {
    if (!this.passes().includes(pass) || this.engine.coupling === null) return
    if (this.systems[sourceOf(pass)].record === null) return
    this.engine.byPerson(pass, mode)
  }

  private keep(side: Side): void {
    const pass = this.passes().includes(passFrom(side)) ? passFrom(side) : this.passes()[0]
    this.resolve(pass, { kind: 'side', keep: side })
  }

  private choose(first: Side, own: Value): void {
    const fields = Object.fromEntries(
      (this.state() ?? [])
        .filter((one) => one.carriedTo && one.carriedFrom && !one.agrees)
        .map((one, index) => [
          one.field.name,
          one.field.localField === 'phoneNumber'
            ? { value: own }
            : { keep: index % 2 === 0 ? first : otherSide(first) },
        ]),
    )
    this.resolve(this.passes()[0], { kind: 'fields', fields })
  }

  private resolve(
    pass: PassDirection | undefined,
    choice: Extract<Mode, { kind: 'resolve' }>['choice'],
  ): void {
    const state = this.state()
    if (!this.engine.skipped || state === null || pass === undefined) return
    const values = Object.fromEntries(state.map((one) => [one.field.name, one]))
    const { LOCAL: local, INTEGRATION: integration } = this.systems
    const versions = {
      local: local.record?.version ?? null,
      integration: integration.record?.version ?? null,
    }
    this.engine.byPerson(pass, { kind: 'resolve', choice, seen: { versions, values } })
  }

  private state(): readonly FieldState[] | null {
    const { LOCAL: local, INTEGRATION: integration } = this.systems
    const { coupling } = this.engine
    if (coupling === null || local.record === null || integration.record === null) return null
    return comparePair(this.world.mapping, coupling, local.record, integration.record, MODEL_CONTEXT).fields
  }

  private whenSettled(isCreated: boolean): void {
    for (const one of this.state() ?? []) {
      // A destination's own edit no longer excuses a difference once the sides agreed again.
      if (one.agrees) this.ownEdits.delete(one.field.name)
      // What its source held in fields that are carried only towards it is its users' own.
      else if (isCreated) this.ownEdits.add(one.field.name)
    }
  }
}

function isOneWay(state: FieldState): boolean {
  return state.carriedTo !== state.carriedFrom
}
