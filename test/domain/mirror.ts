import type { ConflictDetail } from '../../src/domain/conflict.js'
import type { Base, Coupling } from '../../src/domain/coupling.js'
import type { ResolveChoice } from '../../src/domain/choice.js'
import type { DecideInput, Mode } from '../../src/domain/decide.js'
import type { Decision } from '../../src/domain/decision.js'
import type { Failure } from '../../src/domain/failure.js'
import type { Direction, FieldMapping, MappingDefinition, PassDirection } from '../../src/domain/mapping.js'
import { otherSide, type Side } from '../../src/domain/value.js'

type Pair<T> = { readonly local: T; readonly integration: T }
const swap = <T>(pair: Pair<T>): Pair<T> => ({ local: pair.integration, integration: pair.local })
const mirrorSide = (side: Side | null): Side | null => (side === null ? null : otherSide(side))
const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))

const DIRECTIONS: Readonly<Record<Direction, Direction>> = {
  BIDIRECTIONAL: 'BIDIRECTIONAL',
  TO_INTEGRATION_TABLE: 'FROM_INTEGRATION_TABLE',
  FROM_INTEGRATION_TABLE: 'TO_INTEGRATION_TABLE',
}
export const mirrorPass = (pass: PassDirection): PassDirection =>
  pass === 'TO_INTEGRATION_TABLE' ? 'FROM_INTEGRATION_TABLE' : 'TO_INTEGRATION_TABLE'

const POLICIES = {
  NONE: 'NONE',
  NEWEST_WINS: 'NEWEST_WINS',
  SEND_DATA_UPDATE_TO_INTEGRATION_TABLE: 'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE',
  GET_DATA_UPDATE_FROM_INTEGRATION_TABLE: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE',
} as const

function mirrorField(field: FieldMapping): FieldMapping {
  const { transformTo, transformFrom, optionMap, owner, ...rest } = field
  return {
    ...rest,
    localField: field.integrationField,
    integrationField: field.localField,
    direction: DIRECTIONS[field.direction],
    ...(transformFrom !== undefined && { transformTo: transformFrom }),
    ...(transformTo !== undefined && { transformFrom: transformTo }),
    ...(optionMap !== undefined && { optionMap: optionMap.map(swap) }),
    ...(owner !== undefined && { owner: otherSide(owner) }),
  }
}

function mirrorMapping(mapping: MappingDefinition): MappingDefinition {
  return {
    ...mapping,
    localTable: mapping.integrationTable,
    integrationTable: mapping.localTable,
    localFilter: mapping.integrationFilter,
    integrationFilter: mapping.localFilter,
    direction: DIRECTIONS[mapping.direction],
    updateConflictPolicy: POLICIES[mapping.updateConflictPolicy],
    fields: mapping.fields.map(mirrorField),
    templates: swap(mapping.templates),
  }
}

const mirrorBase = (base: Base | null): Base | null => (base === null ? null : mapValues(base, swap))

function mirrorCoupling(coupling: Coupling): Coupling {
  const last = coupling.last && { ...coupling.last, source: mirrorSide(coupling.last.source) }
  return { ...swap(coupling), base: mirrorBase(coupling.base), last }
}

function mirrorChoice(choice: ResolveChoice): ResolveChoice {
  if (choice.kind === 'side') return { kind: 'side', keep: otherSide(choice.keep) }
  const fields = mapValues(choice.fields, (chosen) =>
    'keep' in chosen ? { keep: otherSide(chosen.keep) } : chosen,
  )
  return { kind: 'fields', fields }
}

function mirrorMode(mode: Mode): Mode {
  switch (mode.kind) {
    case 'forced':
    case 'merge':
      return { ...mode, seen: mode.seen && swap(mode.seen) }
    case 'resolve':
      return {
        ...mode,
        choice: mirrorChoice(mode.choice),
        seen: { versions: swap(mode.seen.versions), values: mapValues(mode.seen.values, swap) },
      }
    case 'given':
      return {
        ...mode,
        synchronize:
          mode.synchronize === 'NONE' || mode.synchronize === 'MERGE'
            ? mode.synchronize
            : mirrorPass(mode.synchronize),
      }
    default:
      return mode
  }
}

/** The same situation with the two systems exchanged: source stays source, destination stays destination. */
export function mirrorInput(input: DecideInput): DecideInput {
  const { context } = input
  return {
    ...input,
    mapping: mirrorMapping(input.mapping),
    pass: mirrorPass(input.pass),
    mode: mirrorMode(input.mode),
    coupling: input.coupling && mirrorCoupling(input.coupling),
    clocks: {
      ...input.clocks,
      offsets: { LOCAL: input.clocks.offsets.INTEGRATION, INTEGRATION: input.clocks.offsets.LOCAL },
    },
    context: {
      ...context,
      lookups: mapValues(context.lookups, ({ toIntegration, toLocal }) => ({
        toIntegration: toLocal,
        toLocal: toIntegration,
      })),
      localTable: context.integrationTable,
      integrationTable: context.localTable,
    },
  }
}

function mirrorDetail(detail: ConflictDetail): ConflictDetail {
  return {
    firstContact: detail.firstContact,
    localStamp: detail.integrationStamp,
    integrationStamp: detail.localStamp,
    localVersion: detail.integrationVersion,
    integrationVersion: detail.localVersion,
    coupledLocalStamp: detail.coupledIntegrationStamp,
    coupledIntegrationStamp: detail.coupledLocalStamp,
    editedLast: mirrorSide(detail.editedLast),
    fields: detail.fields.map((field) => ({
      ...field,
      localField: field.integrationField,
      integrationField: field.localField,
      localCaption: field.integrationCaption,
      integrationCaption: field.localCaption,
      direction: DIRECTIONS[field.direction as Direction],
      base: field.base && swap(field.base),
      local: field.integration,
      integration: field.local,
      localChanged: field.integrationChanged,
      integrationChanged: field.localChanged,
    })),
  }
}

const mirrorFailure = (failure: Failure): Failure =>
  failure.waitsFor === undefined
    ? failure
    : { ...failure, waitsFor: { ...failure.waitsFor, side: otherSide(failure.waitsFor.side) } }

/** What is expected of the mirrored situation. Captions go with their tables, so that messages stay word for word. */
export function mirrorDecision(decision: Decision): Decision {
  switch (decision.outcome) {
    case 'failed':
      return { ...decision, failure: mirrorFailure(decision.failure) }
    case 'restored':
    case 'deletedOther':
      return { ...decision, side: otherSide(decision.side) }
    case 'modified':
      return {
        ...decision,
        writes: swap(decision.writes),
        lost: decision.lost.map((lost) => ({ ...lost, side: otherSide(lost.side) })),
      }
    case 'unchanged':
      return { ...decision, pendingFor: decision.pendingFor && mirrorPass(decision.pendingFor) }
    case 'conflict':
    case 'destinationChanged':
    case 'changedSince':
      return { ...decision, detail: mirrorDetail(decision.detail) }
    default:
      return decision
  }
}
