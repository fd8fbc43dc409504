import { sameValue } from '../../src/domain/comparison.js'
import type { Base, Coupling } from '../../src/domain/coupling.js'
import { decide, type Mode, type SideRead } from '../../src/domain/decide.js'
import type { Decision, LostValue } from '../../src/domain/decision.js'
import { fieldOn, mappedValue, sourceOf, type PassDirection } from '../../src/domain/mapping.js'
import type { Match } from '../../src/domain/match.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { fieldOf } from '../../src/domain/schema.js'
import { otherSide, Side, type Values } from '../../src/domain/value.js'
import type { ModelSystem } from './model-system.js'
import { BLANK, MODEL_CONTEXT, UNMAPPED, type CrashPoint, type World } from './model-world.js'
import { recorded } from './recorder.js'
import { found, FROM, GONE, NOT_READ, TO } from './support.js'

const SIDES = Object.values(Side)

/** A write that was decided, stored before it is sent. */
interface Intent {
  readonly kind: 'UPDATE' | 'CREATE' | 'DELETE'
  readonly side: Side
  readonly id: string
  readonly values: Values
  /** Null: a creation. */
  readonly version: string | null
  readonly pass: PassDirection
  /** The record that the values come from. */
  readonly source: RecordSnapshot
  readonly isSourceHalf: boolean
  sent: boolean
}

/** A pass that died. */
export class Crash extends Error {}

export interface PassOptions {
  readonly crash: CrashPoint | null
  /** What happens between reading and writing. */
  readonly race: (() => void) | null
}

/** What Accord remembers of one pair, and what it does: reads, decides, stores its intents, writes, records. */
export class ModelEngine {
  coupling: Coupling | null = null
  /** Ids of the coupled records. */
  coupled: Record<Side, string> | null = null
  skipped = false
  readonly lost: LostValue[] = []
  readonly log: string[] = []
  writes = 0
  private intents: Intent[] = []
  private ids = 1

  constructor(
    private readonly world: World,
    private readonly systems: Readonly<Record<Side, ModelSystem>>,
    private readonly now: () => number,
    /** Told of each record that is settled, for what the model itself keeps count of. */
    private readonly settled: (isCreated: boolean) => void,
  ) {}

  couple(base: Base | null): void {
    const { LOCAL: local, INTEGRATION: integration } = this.records()
    if (local === null || integration === null) throw this.broken('coupled without both records')
    this.coupling = {
      ...recorded(this.world.mapping, local, integration, null),
      ...(base === null && { base }),
    }
    this.coupled = { LOCAL: local.id, INTEGRATION: integration.id }
  }

  broken(rule: string): Error {
    return new Error(`${rule}\n${this.log.join('\n')}`)
  }

  /** One scheduled pass: intents left open are settled first, then what is due is read, decided and written. */
  pass(pass: PassDirection, options: PassOptions): void {
    this.settleIntents()
    const system = this.systems[sourceOf(pass)]
    const read = system.read(this.now())
    // A one-way mapping has no pass that reads its destination: deletions there are found by a search.
    const destination = this.systems[otherSide(sourceOf(pass))]
    const isBereft = this.world.mapping.direction !== 'BIDIRECTIONAL' && destination.tombstone
    if (!read.isDue && !isBereft) return read.commit()
    const wasPending = read.wasPending || isBereft
    this.carryOut(pass, { kind: 'scheduled' }, { ...options, unread: read.unread, wasPending })
    if (isBereft) destination.tombstone = false
    // What a person left behind meanwhile stays pending; the rest of the pass is done.
    const { pending } = system
    read.commit()
    if (pending && !read.wasPending) system.pending = true
    if (system.failure !== null) system.pending = true
    return undefined
  }

  byPerson(pass: PassDirection, mode: Mode): void {
    this.settleIntents()
    this.carryOut(pass, mode, { crash: null, race: null, unread: true, wasPending: true })
  }

  private records(): Readonly<Record<Side, RecordSnapshot | null>> {
    return { LOCAL: this.systems.LOCAL.record, INTEGRATION: this.systems.INTEGRATION.record }
  }

  /** Decides and writes; where a version has moved meanwhile, decides again on what stands then. */
  private carryOut(
    pass: PassDirection,
    mode: Mode,
    how: PassOptions & { readonly unread: boolean; readonly wasPending: boolean },
  ): void {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const decision = this.decideOnce(pass, mode, how.unread, how.wasPending || attempt > 0)
      this.log.push(`${pass} ${mode.kind}: row ${decision.row} ${decision.outcome} ${detailOf(decision)}`)
      if (how.crash === 0) throw new Crash()
      this.intents = this.plan(pass, decision)
      if (decision.outcome === 'modified') this.lost.push(...decision.lost)
      if (how.crash === 1) throw new Crash()
      if (attempt === 0) how.race?.()
      if (this.sendAll(how.crash === 2) === 'stale') {
        this.keepHalves()
        continue
      }
      if (how.crash === 3 && this.intents.length > 0) throw new Crash()
      this.record(pass, mode, decision)
      this.intents = []
      return
    }
    throw this.broken('decided again and again')
  }

  private decideOnce(pass: PassDirection, mode: Mode, unread: boolean, wasPending: boolean): Decision {
    const side = sourceOf(pass)
    const { mapping } = this.world
    const { coupling } = this
    const records = this.records()
    const source = records[side]
    const destination = records[otherSide(side)]
    const isManual = coupling?.last?.by === 'MANUAL' && coupling.last.source === side && unread
    const isEcho =
      coupling !== null &&
      source !== null &&
      versionOn(coupling, side) === source.version &&
      !wasPending &&
      !isManual
    const readOf = (record: RecordSnapshot | null): SideRead => (record === null ? GONE : found(record))
    const match: Match =
      coupling === null && destination !== null ? { kind: 'one', partner: destination } : { kind: 'none' }
    return decide({
      mapping,
      pass,
      mode,
      source: readOf(source),
      destination: coupling === null || isEcho ? NOT_READ : readOf(destination),
      coupling,
      skipped: this.skipped,
      inFilter: true,
      unread,
      match,
      context: MODEL_CONTEXT,
      clocks: {
        offsets: { LOCAL: this.systems.LOCAL.offset, INTEGRATION: this.systems.INTEGRATION.offset },
        error: 0,
      },
    })
  }

  private plan(pass: PassDirection, decision: Decision): Intent[] {
    const side = sourceOf(pass)
    const records = this.records()
    const intent = (at: Side, rest: Pick<Intent, 'kind' | 'values'>): Intent => {
      const source = records[otherSide(at)] ?? records[at]
      if (source === null) throw this.broken('a write without a record it comes from')
      const target = records[at]
      this.ids += 1
      return {
        ...rest,
        side: at,
        id: rest.kind === 'CREATE' ? `${at}-${this.ids}` : (target?.id ?? ''),
        version: rest.kind === 'CREATE' ? null : (target?.version ?? ''),
        pass,
        source,
        isSourceHalf: at === side,
        sent: false,
      }
    }
    switch (decision.outcome) {
      case 'inserted':
        return [intent(otherSide(side), { kind: 'CREATE', values: decision.values })]
      case 'restored':
        return [intent(decision.side, { kind: 'CREATE', values: decision.values })]
      case 'deletedOther':
        return [intent(decision.side, { kind: 'DELETE', values: {} })]
      case 'modified':
        return [otherSide(side), side].flatMap((at) => {
          const values = at === Side.local ? decision.writes.local : decision.writes.integration
          return values === null ? [] : [intent(at, { kind: 'UPDATE', values })]
        })
      default:
        return []
    }
  }

  private sendAll(diesAfterFirst: boolean): 'done' | 'stale' {
    for (const [index, intent] of this.intents.entries()) {
      if (diesAfterFirst && index === 1) throw new Crash()
      if (!this.send(intent)) return 'stale'
      if (diesAfterFirst && this.intents.length === 1) throw new Crash()
    }
    return 'done'
  }

  /** Sends one request; false where the version has moved. */
  private send(intent: Intent): boolean {
    const system = this.systems[intent.side]
    this.check(intent)
    if (intent.kind !== 'CREATE' && system.record?.version !== intent.version) return false
    intent.sent = true
    this.writes += 1
    if (intent.kind === 'DELETE') {
      this.checkDeletion(intent)
      system.remove()
      return true
    }
    if (intent.kind === 'CREATE' && system.record !== null) throw this.broken('a second record was created')
    const before = intent.kind === 'CREATE' ? BLANK[intent.side] : (system.record?.values ?? {})
    system.store({ ...before, ...intent.values }, this.now(), intent.id)
    return true
  }

  private check(intent: Intent): void {
    const { direction } = this.world.mapping
    const source = direction === TO ? Side.local : direction === FROM ? Side.integration : null
    if (intent.side === source) throw this.broken('a one-way mapping wrote its source')
    if (UNMAPPED[intent.side] in intent.values) throw this.broken('an unmapped field was written')
  }

  /** Never a record of which a user changed a mapped value since the last synchronisation. */
  private checkDeletion(intent: Intent): void {
    const record = this.systems[intent.side].record
    const changed = this.world.mapping.fields.filter((field) => {
      const name = fieldOn(field, intent.side)
      const base = this.coupling?.base?.[field.name]
      const agreed = intent.side === Side.local ? base?.local : base?.integration
      return name !== null && record !== null && record.values[name] !== agreed
    })
    if (changed.length > 0) throw this.broken('a record was deleted that had been changed')
  }

  /** Of a settlement of which the second write was stale, the fields of the first enter the base alone. */
  private keepHalves(): void {
    for (const intent of this.intents)
      if (intent.sent && intent.kind === 'UPDATE') this.takeIntoBase(intent, false)
    this.intents = []
  }

  /** Writes of a pass that died: repeated on the version compared, or found done by what was sent. */
  private settleIntents(): void {
    let firstLanded = true
    for (const intent of this.intents) {
      const wasSent = intent.sent
      if (intent.isSourceHalf && !firstLanded && !wasSent) continue
      const landed = intent.kind === 'CREATE' ? this.settleCreation(intent) : this.settleWrite(intent)
      this.log.push(`settled ${intent.kind} ${intent.side}: ${landed ? 'landed' : 'stale'}`)
      firstLanded = landed
      for (const side of SIDES) this.systems[side].pending = true
    }
    this.intents = []
  }

  private settleCreation(intent: Intent): boolean {
    const system = this.systems[intent.side]
    const wasSent = intent.sent
    if (system.record === null && !wasSent) this.send(intent)
    const { source } = intent
    const asSent = { ...BLANK[intent.side], ...intent.values }
    const created: RecordSnapshot = {
      id: intent.id,
      version: system.record?.version ?? 'gone',
      stamp: system.record?.stamp ?? 0,
      values: asSent,
    }
    const [local, integration] = intent.side === Side.local ? [created, source] : [source, created]
    const fresh = recorded(this.world.mapping, local, integration, {
      by: 'JOB',
      source: otherSide(intent.side),
    })
    const unknown = wasSent ? { version: null, stamp: created.stamp } : null
    this.coupling = {
      ...fresh,
      ...(unknown !== null && (intent.side === Side.local ? { local: unknown } : { integration: unknown })),
    }
    this.coupled = { LOCAL: local.id, INTEGRATION: integration.id }
    this.skipped = false
    this.settled(true)
    return true
  }

  private settleWrite(intent: Intent): boolean {
    const system = this.systems[intent.side]
    const { record } = system
    if (intent.kind === 'DELETE') {
      const isDone = record === null || this.send(intent)
      if (isDone) this.uncouple()
      return isDone
    }
    if (record === null) return false
    if (record.version === intent.version) {
      this.send(intent)
      this.takeIntoBase(intent, false)
      return true
    }
    const isHeld = Object.entries(intent.values).every(([name, sent]) => {
      const { type } = fieldOf(
        intent.side === Side.local ? MODEL_CONTEXT.localTable : MODEL_CONTEXT.integrationTable,
        name,
      )
      return sameValue(sent, type, record.values[name] ?? null, type)
    })
    if (!intent.sent || !isHeld) return false
    this.takeIntoBase(intent, true)
    return true
  }

  private takeIntoBase(intent: Intent, isAdopted: boolean): void {
    const { coupling } = this
    const record = this.systems[intent.side].record
    if (coupling === null || coupling.base === null || record === null) return
    const base: Record<string, Base[string]> = { ...coupling.base }
    for (const field of intent.isSourceHalf && isAdopted ? [] : this.world.mapping.fields) {
      const name = fieldOn(field, intent.side)
      const written = name === null ? undefined : intent.values[name]
      if (written === undefined) continue
      const other = mappedValue(field, otherSide(intent.side), intent.source.values)
      base[field.name] =
        intent.side === Side.local
          ? { local: written, integration: other }
          : { local: other, integration: written }
    }
    const known = { version: isAdopted ? null : record.version, stamp: record.stamp }
    this.coupling = {
      ...coupling,
      base,
      ...(intent.side === Side.local ? { local: known } : { integration: known }),
    }
  }

  private uncouple(): void {
    this.coupling = null
    this.coupled = null
    this.skipped = false
    for (const side of SIDES) this.systems[side].failure = null
    this.settled(false)
  }

  private record(pass: PassDirection, mode: Mode, decision: Decision): void {
    const side = sourceOf(pass)
    const system = this.systems[side]
    const isPerson = mode.kind !== 'scheduled' && mode.kind !== 'unconditional'
    const last = { by: isPerson ? 'MANUAL' : 'JOB', source: side } as const
    switch (decision.outcome) {
      case 'deleted':
      case 'uncoupled':
      case 'deletedOther':
        return this.uncouple()
      case 'inserted':
      case 'restored':
        return this.remember(last, isPerson, true)
      case 'modified':
        return this.remember(last, isPerson)
      case 'unchanged':
        system.failure = null
        if (decision.refresh && this.coupling !== null) this.remember(last, isPerson)
        else if (decision.partner !== null) this.remember(last, isPerson)
        if (decision.pendingFor !== null) this.systems[sourceOf(decision.pendingFor)].pending = true
        return undefined
      case 'conflict':
        if (decision.partner !== null) this.couple(null)
        if (!isPerson) this.skipped = true
        return undefined
      case 'failed':
        if (decision.partner !== null) this.couple(null)
        system.failure = decision.failure.message
        system.pending = true
        return undefined
      default:
        return undefined
    }
  }

  /** As the engine records a success: both sides' versions, stamps and mapped values. */
  private remember(last: Coupling['last'], isPerson: boolean, isCreated = false): void {
    const { LOCAL: local, INTEGRATION: integration } = this.records()
    if (local === null || integration === null) throw this.broken('recorded without both records')
    this.coupling = recorded(this.world.mapping, local, integration, last)
    this.coupled = { LOCAL: local.id, INTEGRATION: integration.id }
    if (isPerson || isCreated) this.skipped = false
    for (const side of SIDES) this.systems[side].failure = null
    this.settled(isCreated)
  }
}

function versionOn(coupling: Coupling, side: Side): string | null {
  return side === Side.local ? coupling.local.version : coupling.integration.version
}

function detailOf(decision: Decision): string {
  if (decision.outcome === 'modified') return JSON.stringify(decision.writes)
  return decision.outcome === 'failed' || decision.outcome === 'conflict' ? decision.failure.message : ''
}
