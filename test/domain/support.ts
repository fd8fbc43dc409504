import type { Coupling } from '../../src/domain/coupling.js'
import { decide, type Clocks, type DecideInput, type SideRead } from '../../src/domain/decide.js'
import type { Decision, LostValue } from '../../src/domain/decision.js'
import type { TransferContext } from '../../src/domain/field-transfer.js'
import {
  MAPPING_DEFAULTS,
  mappedValue,
  type FieldMapping,
  type MappingDefinition,
  type PassDirection,
} from '../../src/domain/mapping.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { sourceOf } from '../../src/domain/mapping.js'
import { otherSide, Side, type Value, type Values } from '../../src/domain/value.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import { CUSTOMER } from '../../src/domain/catalog/business-central.js'

/** The moment of the last synchronisation in every story, and a little later. */
export const AGREED_AT = Date.UTC(2026, 0, 5, 10, 0, 0)
export const LATER = AGREED_AT + 60_000
export const EVEN_LATER = AGREED_AT + 120_000

export const TO: PassDirection = 'TO_INTEGRATION_TABLE'
export const FROM: PassDirection = 'FROM_INTEGRATION_TABLE'

/**
 * Values by what a field is to the pass at hand: two bidirectional fields, one carried only from source to destination
 * (`there`), one carried only the other way (`back`).
 */
export interface Told {
  readonly name?: Value
  readonly phone?: Value
  readonly there?: Value
  readonly back?: Value
}

export const AGREED: Required<Told> = {
  name: 'Alfreds Futterkiste',
  phone: '030-0074321',
  there: 'www.alfreds.example',
  back: 'maria@alfreds.example',
}

export const field = (
  localField: string,
  integrationField: string,
  direction: FieldMapping['direction'],
  rest: Partial<FieldMapping> = {},
): FieldMapping => ({
  name: `${localField}:${integrationField}`,
  localField,
  integrationField,
  direction,
  ...rest,
})

const NAME = field('displayName', 'name', 'BIDIRECTIONAL')
const PHONE = field('phoneNumber', 'telephone1', 'BIDIRECTIONAL')
const WEBSITE = field('website', 'websiteurl', TO)
const EMAIL = field('email', 'emailaddress1', FROM)

/** Customers and accounts, bidirectional, blank policy, detection by time stamps. */
export const MAPPING: MappingDefinition = {
  name: 'CUSTOMER',
  localTable: 'customers',
  integrationTable: 'accounts',
  direction: 'BIDIRECTIONAL',
  ...MAPPING_DEFAULTS,
  onlyCoupled: false,
  fields: [NAME, PHONE, WEBSITE, EMAIL],
  templates: {
    local: [{ name: 'COMPANY', priority: 1, filter: null, values: { type: 'Company' } }],
    integration: [{ name: 'CUSTOMER', priority: 1, filter: null, values: { customertypecode: '3' } }],
  },
}

export const CONTEXT: TransferContext = {
  localTable: CUSTOMER,
  integrationTable: ACCOUNT,
  lookups: {},
  baseCurrency: null,
}

/** Both clocks are ours. */
export const CLOCKS: Clocks = { offsets: { LOCAL: 0, INTEGRATION: 0 }, error: 2_000 }

export const found = (record: RecordSnapshot): SideRead => ({ kind: 'found', record })
export const GONE: SideRead = { kind: 'gone' }
export const NOT_READ: SideRead = { kind: 'notRead' }

/** One end of the pass at hand, told by the fields' parts in the story. */
export interface End {
  readonly side: Side
  readonly caption: string
  /** The values of this end by its own field names. */
  readonly values: (told: Told) => Values
  readonly record: (told: Told, version: string, stamp: number) => RecordSnapshot
  /** As the last synchronisation left it. */
  readonly untouched: SideRead
  /** Edited since: a new version, a later stamp, these values. */
  readonly edited: (told?: Told, at?: number) => SideRead
}

/** The stage of one story: the same story is told for the To pass and for the From pass. */
export interface Stage {
  readonly pass: PassDirection
  readonly opposite: PassDirection
  readonly source: End
  readonly destination: End
  readonly coupling: Coupling
  /** Coupled, but never yet in contact. */
  readonly freshCoupling: Coupling
  /** The mapping as one-way, in the direction of the pass. */
  readonly oneWay: MappingDefinition
  /** The policy by which that end wins. */
  readonly policy: (winner: 'source' | 'destination') => MappingDefinition['updateConflictPolicy']
  /** Both sides as last synchronised, a scheduled pass, besides what the story says. */
  readonly input: (told?: Partial<DecideInput>) => DecideInput
  readonly decide: (told?: Partial<DecideInput>) => Decision
}

export function stage(pass: PassDirection): Stage {
  const sourceSide = sourceOf(pass)
  const source = endOf(sourceSide, pass)
  const destination = endOf(otherSide(sourceSide), pass)
  const both = {
    local: { version: 'v1', stamp: AGREED_AT },
    integration: { version: 'v1', stamp: AGREED_AT },
  }
  const ends = sourceSide === Side.local ? [source, destination] : [destination, source]
  const agreed = ends.map((end) => end.values(AGREED)) as [Values, Values]
  const base = Object.fromEntries(
    MAPPING.fields.map((mapped) => [
      mapped.name,
      {
        local: mappedValue(mapped, Side.local, agreed[0]),
        integration: mappedValue(mapped, Side.integration, agreed[1]),
      },
    ]),
  )
  const coupling: Coupling = { ...both, base, last: { by: 'JOB', source: sourceSide } }
  const input = (told: Partial<DecideInput> = {}): DecideInput => ({
    mapping: MAPPING,
    pass,
    mode: { kind: 'scheduled' },
    source: source.untouched,
    destination: destination.untouched,
    coupling,
    skipped: false,
    inFilter: true,
    unread: true,
    match: { kind: 'none' },
    context: CONTEXT,
    clocks: CLOCKS,
    ...told,
  })
  return {
    pass,
    opposite: pass === TO ? FROM : TO,
    source,
    destination,
    coupling,
    freshCoupling: { ...both, base: null, last: null },
    oneWay: { ...MAPPING, direction: pass },
    policy: (winner) =>
      (winner === 'source') === (pass === TO)
        ? 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE'
        : 'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE',
    input,
    decide: (told) => decide(input(told)),
  }
}

function endOf(side: Side, pass: PassDirection): End {
  const [there, back] = pass === TO ? [WEBSITE, EMAIL] : [EMAIL, WEBSITE]
  const nameOf = (mapping: FieldMapping) =>
    (side === Side.local ? mapping.localField : mapping.integrationField) ?? ''
  const names = { name: nameOf(NAME), phone: nameOf(PHONE), there: nameOf(there), back: nameOf(back) }
  const values = (told: Told): Values =>
    Object.fromEntries(Object.entries(told).map(([part, value]) => [names[part as keyof Told], value]))
  const record = (told: Told, version: string, stamp: number): RecordSnapshot => ({
    id: side === Side.local ? '11111111-1111-1111-1111-111111111111' : '22222222-2222-2222-2222-222222222222',
    version,
    stamp,
    values: values({ ...AGREED, ...told }),
  })
  return {
    side,
    caption: side === Side.local ? 'Customer' : 'Account',
    values,
    record,
    untouched: found(record({}, 'v1', AGREED_AT)),
    edited: (told = {}, at = LATER) => found(record(told, 'v2', at)),
  }
}

/** A decision without its explanations: what it says exactly, of a failure its class and message. */
export function gist(decision: Decision): object {
  switch (decision.outcome) {
    case 'failed':
    case 'unmatched':
    case 'conflict': {
      const { row, partner, outcome, failure } = decision
      return { row, partner, outcome, errorClass: failure.errorClass, message: failure.message }
    }
    case 'destinationChanged':
    case 'changedSince':
      return { row: decision.row, partner: decision.partner, outcome: decision.outcome }
    case 'modified':
      return { ...decision, lost: byField(decision.lost) }
    default:
      return decision
  }
}

/** The order in which lost values are told says nothing. */
export function byField(lost: readonly LostValue[]): readonly LostValue[] {
  return lost.toSorted((a, b) => a.field.localeCompare(b.field))
}

/** Writes by end instead of by side. */
export function writesTo(on: Stage, told: { source?: Told; destination?: Told }) {
  const of = (end: End, values: Told | undefined) => (values === undefined ? null : end.values(values))
  const source = of(on.source, told.source)
  const destination = of(on.destination, told.destination)
  return on.source.side === Side.local
    ? { local: source, integration: destination }
    : { local: destination, integration: source }
}
