import type { DeletionConflictPolicy, MappingDefinition } from '../../../src/domain/mapping.js'
import { EVEN_LATER, GONE, MAPPING, NOT_READ, TO, found, type Stage } from '../support.js'
import { EARLIER, at, deletion, forced, oneWay, type Case, type Cases } from './story.js'

const under = (deletionConflictPolicy: DeletionConflictPolicy, mapping: MappingDefinition = MAPPING) => ({
  mapping: { ...mapping, deletionConflictPolicy },
})
const RESTORE = 'RESTORE_RECORDS'
const DELETE_OTHER = 'DELETE_OTHER_RECORD'

/** The mapping of a pass that carries only the other way: its source is the destination of the pass at hand. */
const against = (on: Stage): MappingDefinition => ({ ...MAPPING, direction: on.opposite })

/** A filter that no record of the story satisfies, on the side of one end. */
const shutting = (on: Stage, end: 'source' | 'destination'): Partial<MappingDefinition> => {
  const filter = { kind: 'compare', field: nameOn(on, end), comparison: '=', value: 'Nobody' } as const
  return on[end].side === 'LOCAL' ? { localFilter: filter } : { integrationFilter: filter }
}
const nameOn = (on: Stage, end: 'source' | 'destination') =>
  Object.keys(on[end].values({ name: null }))[0] ?? ''

/** What a lost end is given again: the survivor's carried values over the template of its side. */
const restored = (on: Stage, end: 'source' | 'destination', told: { phone?: string } = {}) => ({
  ...at(4, {
    outcome: 'restored',
    side: on[end].side,
    values: {
      ...(on[end].side === 'LOCAL' ? { type: 'Company' } : { customertypecode: '3' }),
      ...on[end].values({
        name: 'Alfreds Futterkiste',
        phone: '030-0074321',
        ...(end === 'destination' ? { there: 'www.alfreds.example' } : { back: 'maria@alfreds.example' }),
        ...told,
      }),
    },
  }),
})

const STANDS: Case[] = [
  {
    name: 'the destination is gone, the source edited',
    given: (on) => ({ source: on.source.edited({ phone: '1' }), destination: GONE }),
    gives: (on) => deletion(on, 4),
  },
  {
    name: 'the destination is gone, the source not edited',
    given: () => ({ destination: GONE }),
    gives: (on) => deletion(on, 4),
  },
  { name: 'the source is gone', given: () => ({ source: GONE }), gives: (on) => deletion(on, 4) },
  {
    name: 'the destination is gone, the source outside the filter: the deletion is told first',
    given: () => ({ destination: GONE, inFilter: false }),
    gives: (on) => deletion(on, 4),
  },
  {
    name: 'a one-way mapping restores nothing and removes nothing',
    given: (on) => ({ ...oneWay(on), destination: GONE }),
    gives: (on) => deletion(on, 4),
  },
  {
    name: 'a person synchronizes a pair of which one side is gone',
    given: () => ({ ...forced(true), destination: GONE, skipped: true }),
    gives: (on) => deletion(on, 4),
  },
]

/** Row 4 by Resolve Deletion Conflicts. Typed by the policy: one without a case does not compile. */
export const DELETIONS: Readonly<Record<DeletionConflictPolicy, Cases>> = {
  NONE: STANDS as [Case, ...Case[]],
  RESTORE_RECORDS: [
    {
      name: 'restore: the destination is created anew from the source',
      given: (on) => ({ ...under(RESTORE), source: on.source.edited({ phone: '1' }), destination: GONE }),
      gives: (on) => restored(on, 'destination', { phone: '1' }),
    },
    {
      name: 'restore: the source is created anew from the destination',
      given: () => ({ ...under(RESTORE), source: GONE }),
      gives: (on) => restored(on, 'source'),
    },
    {
      name: 'restore: also where only coupled records take part',
      given: () => ({ ...under(RESTORE, { ...MAPPING, onlyCoupled: true }), destination: GONE }),
      gives: (on) => restored(on, 'destination'),
    },
    {
      name: 'restore: one-way, the destination is created anew',
      given: (on) => ({ ...under(RESTORE, on.oneWay), destination: GONE }),
      gives: (on) => restored(on, 'destination'),
    },
    {
      name: 'restore: nothing is ever restored into the source of a one-way mapping',
      given: (on) => ({ ...under(RESTORE, on.oneWay), source: GONE }),
      gives: (on) => deletion(on, 4),
    },
    {
      name: 'restore: nor where the pass is asked to go against the mapping',
      given: (on) => ({ ...under(RESTORE, against(on)), destination: GONE }),
      gives: (on) => deletion(on, 4),
    },
    {
      name: 'restore: nothing is created from a source outside its filter',
      given: (on) => ({
        ...under(RESTORE, { ...MAPPING, ...shutting(on, 'source') }),
        inFilter: false,
        destination: GONE,
      }),
      gives: (on) => deletion(on, 4),
    },
    {
      name: 'restore: nothing is created from a destination outside its filter',
      given: (on) => ({ ...under(RESTORE, { ...MAPPING, ...shutting(on, 'destination') }), source: GONE }),
      gives: (on) => deletion(on, 4),
    },
    {
      name: 'restore: what the lost end would not hold fails by name, length and limit',
      given: (on) => ({
        ...under(RESTORE),
        source: on.source.edited({ phone: '1'.repeat(51) }),
        destination: GONE,
      }),
      gives: (on) =>
        at(4, {
          outcome: 'failed',
          errorClass: 'VALIDATION',
          message:
            on.pass === TO
              ? 'The value of Phone No. is 51 characters long; Main Phone in Account holds at most 50.'
              : 'The value of Main Phone is 51 characters long; Phone No. in Customer holds at most 30.',
        }),
    },
    {
      name: 'restore: a skipped record stays skipped',
      given: () => ({ ...under(RESTORE), destination: GONE, skipped: true }),
      gives: () => at(2, { outcome: 'skipped' }),
    },
    {
      name: 'restore: a survivor that was not read restores nothing',
      given: () => ({ ...under(RESTORE), source: GONE, destination: NOT_READ }),
      gives: (on) => deletion(on, 4),
    },
  ],
  DELETE_COUPLING: [
    {
      name: 'delete coupling: the survivor stays as it is',
      given: (on) => ({
        ...under('DELETE_COUPLING'),
        source: on.source.edited({ phone: '1' }),
        destination: GONE,
      }),
      gives: () => at(4, { outcome: 'uncoupled' }),
    },
    {
      name: 'delete coupling: the source is gone, the mapping one-way',
      given: (on) => ({ ...under('DELETE_COUPLING', on.oneWay), source: GONE }),
      gives: () => at(4, { outcome: 'uncoupled' }),
    },
    {
      name: 'delete coupling: outside the filter too',
      given: () => ({ ...under('DELETE_COUPLING'), destination: GONE, inFilter: false }),
      gives: () => at(4, { outcome: 'uncoupled' }),
    },
  ],
  DELETE_OTHER_RECORD: [
    {
      name: 'delete the other record: the source was deleted, the destination follows, at the version that was read',
      given: () => ({ ...under(DELETE_OTHER), source: GONE }),
      gives: (on) => at(4, { outcome: 'deletedOther', side: on.destination.side, version: 'v1' }),
    },
    {
      name: 'delete the other record: the destination was deleted, the source follows',
      given: () => ({ ...under(DELETE_OTHER), destination: GONE }),
      gives: (on) => at(4, { outcome: 'deletedOther', side: on.source.side, version: 'v1' }),
    },
    {
      name: 'delete the other record: one-way, the destination follows its source',
      given: (on) => ({ ...under(DELETE_OTHER, on.oneWay), source: GONE }),
      gives: (on) => at(4, { outcome: 'deletedOther', side: on.destination.side, version: 'v1' }),
    },
    {
      name: 'delete the other record: the source of a one-way mapping is never deleted',
      given: (on) => ({ ...under(DELETE_OTHER, on.oneWay), destination: GONE }),
      gives: (on) => deletion(on, 4),
    },
    {
      name: 'delete the other record: never one that was changed since the last synchronization',
      given: (on) => ({
        ...under(DELETE_OTHER),
        source: GONE,
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) => deletion(on, 4),
    },
    {
      name: 'delete the other record: never one that was saved since, whatever was changed',
      given: (on) => ({ ...under(DELETE_OTHER), source: GONE, destination: on.destination.edited() }),
      gives: (on) => deletion(on, 4),
    },
    {
      name: 'delete the other record: never one that a clock behind stamped lower',
      given: (on) => ({
        ...under(DELETE_OTHER),
        destination: GONE,
        source: on.source.edited({ phone: '1' }, EARLIER),
      }),
      gives: (on) => deletion(on, 4),
    },
    {
      name: 'delete the other record: a version that moved without a change is no change',
      given: (on) => ({
        ...under(DELETE_OTHER),
        source: GONE,
        destination: found(on.destination.record({}, 'v2', EARLIER)),
      }),
      gives: (on) => at(4, { outcome: 'deletedOther', side: on.destination.side, version: 'v2' }),
    },
    {
      name: 'delete the other record: never one outside its filter',
      given: (on) => ({
        ...under(DELETE_OTHER, { ...MAPPING, ...shutting(on, 'destination') }),
        source: GONE,
      }),
      gives: (on) => deletion(on, 4),
    },
    {
      name: 'delete the other record: never before the pair was first synchronized',
      given: (on) => ({
        ...under(DELETE_OTHER),
        coupling: on.freshCoupling,
        source: GONE,
        destination: found(on.destination.record({}, 'v1', EVEN_LATER)),
      }),
      gives: (on) => deletion(on, 4),
    },
  ],
}

/** All of row 4. */
export const ROW_4: Cases = [
  ...DELETIONS.NONE,
  ...DELETIONS.RESTORE_RECORDS,
  ...DELETIONS.DELETE_COUPLING,
  ...DELETIONS.DELETE_OTHER_RECORD,
]
