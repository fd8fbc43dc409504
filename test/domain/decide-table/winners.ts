import type { DecideInput } from '../../../src/domain/decide.js'
import type {
  ConflictDetection,
  FieldMapping,
  MappingDefinition,
  UpdateConflictPolicy,
} from '../../../src/domain/mapping.js'
import { CLOCKS, EVEN_LATER, LATER, MAPPING, found, type Stage, type Told } from '../support.js'
import {
  byFields,
  conflict,
  firstContactConflict,
  manuallyFromSource,
  matched,
  modified,
  partnerOf,
  unchanged,
  type Case,
  type Cases,
} from './story.js'

type EndName = 'source' | 'destination'
type Owned = Readonly<Record<'nobody' | EndName, Case['gives']>>
/** Who wins: no policy, the end that Resolve Update Conflicts names, or the newest edit. */
type Winning = 'NONE' | EndName | 'NEWEST_WINS'

const policyOf = (on: Stage, winning: Winning): UpdateConflictPolicy =>
  winning === 'NONE' || winning === 'NEWEST_WINS' ? winning : on.policy(winning)

/** The mapping with an owner of every field that is told as `part`. */
const ownedBy = (on: Stage, mapping: MappingDefinition, part: keyof Told, end: EndName | 'nobody') => {
  const [name] = Object.keys(on.source.values({ [part]: null }))
  const isPart = (field: FieldMapping) => field.localField === name || field.integrationField === name
  return end === 'nobody'
    ? mapping
    : {
        ...mapping,
        fields: mapping.fields.map((field) => (isPart(field) ? { ...field, owner: on[end].side } : field)),
      }
}

const by = (
  on: Stage,
  detection: ConflictDetection,
  winning: Winning,
  part: keyof Told,
  owner: keyof Owned,
) => ({
  mapping: ownedBy(
    on,
    { ...MAPPING, conflictDetection: detection, updateConflictPolicy: policyOf(on, winning) },
    part,
    owner,
  ),
})

/** Both changed the phone; later the destination was given another name as well. */
const bothEdited = (on: Stage): Partial<DecideInput> => ({
  source: on.source.edited({ phone: '1' }, LATER),
  destination: on.destination.edited({ phone: '2', name: 'Alfred' }, EVEN_LATER),
})

const settled =
  (told: { source?: Told; destination?: Told; lost: { source?: Told; destination?: Told } }) =>
  (on: Stage): object =>
    modified(on, 15, told)
const open = (on: Stage) => conflict(on, 15)
const sourceTakesPhone = settled({
  source: { name: 'Alfred' },
  destination: { phone: '1' },
  lost: { destination: { phone: '2' } },
})
const destinationTakesBoth = settled({
  source: { name: 'Alfred', phone: '2' },
  lost: { source: { phone: '1' } },
})
const sourceTakesBoth = settled({
  destination: { name: 'Alfreds Futterkiste', phone: '1' },
  lost: { destination: { name: 'Alfred', phone: '2' } },
})
const sourceTakesName = settled({
  source: { phone: '2' },
  destination: { name: 'Alfreds Futterkiste' },
  lost: { source: { phone: '1' }, destination: { name: 'Alfred' } },
})

/** By detection, policy and owner of the phone: total, so that no combination is left unsaid. */
const ROW_15: Readonly<Record<ConflictDetection, Readonly<Record<Winning, Owned>>>> = {
  TIMESTAMPS: {
    NONE: { nobody: open, source: open, destination: open },
    source: { nobody: sourceTakesBoth, source: sourceTakesBoth, destination: sourceTakesName },
    destination: {
      nobody: destinationTakesBoth,
      source: sourceTakesPhone,
      destination: destinationTakesBoth,
    },
    NEWEST_WINS: {
      nobody: destinationTakesBoth,
      source: sourceTakesPhone,
      destination: destinationTakesBoth,
    },
  },
  FIELDS: {
    NONE: { nobody: open, source: sourceTakesPhone, destination: destinationTakesBoth },
    source: { nobody: sourceTakesPhone, source: sourceTakesPhone, destination: destinationTakesBoth },
    destination: {
      nobody: destinationTakesBoth,
      source: sourceTakesPhone,
      destination: destinationTakesBoth,
    },
    NEWEST_WINS: {
      nobody: destinationTakesBoth,
      source: sourceTakesPhone,
      destination: destinationTakesBoth,
    },
  },
}

const met =
  (told: { source?: Told; destination?: Told; lost: { source?: Told; destination?: Told } }) =>
  (on: Stage): object =>
    modified(on, 8, told, partnerOf(on).id)
const meetsOpen = (on: Stage) => firstContactConflict(on, 8, partnerOf(on).id)
const sourceNames = met({
  destination: { name: 'Alfreds Futterkiste', phone: '030-0074321' },
  lost: { destination: { name: 'Alfred' } },
})
const destinationNames = met({
  source: { name: 'Alfred' },
  destination: { phone: '030-0074321' },
  lost: { source: { name: 'Alfreds Futterkiste' } },
})

/** A partner of another name and without a phone, by policy and owner of the name. The source was edited last. */
const ROW_8: Readonly<Record<Winning, Owned>> = {
  NONE: { nobody: meetsOpen, source: sourceNames, destination: destinationNames },
  source: { nobody: sourceNames, source: sourceNames, destination: destinationNames },
  destination: { nobody: destinationNames, source: sourceNames, destination: destinationNames },
  NEWEST_WINS: { nobody: sourceNames, source: sourceNames, destination: destinationNames },
}

const entriesOf = <Key extends string, Held>(record: Readonly<Record<Key, Held>>) =>
  Object.entries(record) as [Key, Held][]

const row15: Case[] = entriesOf(ROW_15).flatMap(([detection, policies]) =>
  entriesOf(policies).flatMap(([winning, owners]) =>
    entriesOf(owners).map(([owner, gives]) => ({
      name: `by ${detection}, winner ${winning}, the phone is owned by ${owner}`,
      given: (on: Stage) => ({ ...bothEdited(on), ...by(on, detection, winning, 'phone', owner) }),
      gives,
    })),
  ),
)

const row8: Case[] = entriesOf(ROW_8).flatMap(([winning, owners]) =>
  entriesOf(owners).map(([owner, gives]) => ({
    name: `first contact, winner ${winning}, the name is owned by ${owner}`,
    given: (on: Stage) => ({
      ...matched(on, { name: 'Alfred', phone: null }),
      ...by(on, 'TIMESTAMPS', winning, 'name', owner),
    }),
    gives,
  })),
)

const newest = (
  on: Stage,
  sourceStamp: number,
  clocks: DecideInput['clocks'] = CLOCKS,
): Partial<DecideInput> => ({
  ...by(on, 'TIMESTAMPS', 'NEWEST_WINS', 'phone', 'nobody'),
  source: on.source.edited({ phone: '1' }, sourceStamp),
  destination: on.destination.edited({ phone: '2' }, EVEN_LATER),
  clocks,
})
const sourceIsNewest = settled({ destination: { phone: '1' }, lost: { destination: { phone: '2' } } })
const destinationIsNewest = settled({ source: { phone: '2' }, lost: { source: { phone: '1' } } })
/** The error of the clocks, and the second of Sales' stamps. */
const DOUBT = CLOCKS.error + 1_000

const newestCases: Case[] = [
  {
    name: 'newest wins: the source was edited last',
    given: (on) => newest(on, EVEN_LATER + 60_000),
    gives: sourceIsNewest,
  },
  {
    name: 'newest wins: by as much as clocks and stamps may err, it is told apart',
    given: (on) => newest(on, EVEN_LATER + DOUBT),
    gives: sourceIsNewest,
  },
  {
    name: 'newest wins: nearer than that nobody can tell: a conflict',
    given: (on) => newest(on, EVEN_LATER + DOUBT - 1),
    gives: open,
  },
  {
    name: "newest wins: the source's clock is fast by more than its lead",
    given: (on) => {
      const offsets = { LOCAL: 0, INTEGRATION: 0, [on.source.side]: 300_000 }
      return newest(on, EVEN_LATER + 60_000, { ...CLOCKS, offsets })
    },
    gives: destinationIsNewest,
  },
  {
    name: "newest wins: a system's clock was not measured: a conflict",
    given: (on) => {
      const offsets = { LOCAL: 0, INTEGRATION: 0, [on.source.side]: null }
      return newest(on, EVEN_LATER + 60_000, { ...CLOCKS, offsets })
    },
    gives: open,
  },
]

const ownerCases: Case[] = [
  {
    name: 'an owner decides a clash, not what the other side alone changed',
    given: (on) => ({
      ...by(on, 'TIMESTAMPS', 'NONE', 'name', 'source'),
      mapping: ownedBy(on, ownedBy(on, MAPPING, 'name', 'source'), 'phone', 'source'),
      source: on.source.edited({ phone: '1' }),
      destination: on.destination.edited({ phone: '2', name: 'Alfred' }),
    }),
    gives: sourceTakesPhone,
  },
  {
    name: 'two owners, each keeps its own: no conflict is left',
    given: (on) => ({
      mapping: ownedBy(on, ownedBy(on, MAPPING, 'name', 'destination'), 'phone', 'source'),
      source: on.source.edited({ phone: '1', name: 'Alf' }),
      destination: on.destination.edited({ phone: '2', name: 'Alfred' }),
    }),
    gives: settled({
      source: { name: 'Alfred' },
      destination: { phone: '1' },
      lost: { source: { name: 'Alf' }, destination: { phone: '2' } },
    }),
  },
  {
    name: 'unconditional: an owner decides what both changed',
    given: (on) => ({
      ...by(on, 'TIMESTAMPS', 'NONE', 'phone', 'source'),
      ...bothEdited(on),
      mode: { kind: 'unconditional' },
    }),
    gives: sourceTakesPhone,
  },
  {
    name: 'unconditional: newest wins',
    given: (on) => ({
      ...by(on, 'TIMESTAMPS', 'NEWEST_WINS', 'phone', 'nobody'),
      ...bothEdited(on),
      mode: { kind: 'unconditional' },
    }),
    gives: destinationTakesBoth,
  },
]

/** Owners and policies, beside the cases of {@link CHANGES} and {@link EXISTENCE}. */
export const WINNERS: Readonly<Record<8 | 15 | 16 | 17 | 18, readonly Case[]>> = {
  8: row8,
  15: [...row15, ...newestCases, ...ownerCases],
  16: [
    {
      name: 'by fields, an owned field that only the other side changed is that side’s',
      given: (on) => ({
        mapping: ownedBy(on, byFields, 'name', 'source'),
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ name: 'Alfred' }),
      }),
      gives: (on) => modified(on, 16, { source: { name: 'Alfred' }, destination: { phone: '1' } }),
    },
  ],
  17: [
    {
      name: 'the documented conflict under newest wins: the destination was edited last',
      given: (on) => ({
        ...manuallyFromSource(on),
        ...by(on, 'TIMESTAMPS', 'NEWEST_WINS', 'phone', 'nobody'),
        destination: on.destination.edited({ phone: '2' }, EVEN_LATER),
      }),
      gives: (on) => modified(on, 17, { source: { phone: '2' } }),
    },
  ],
  18: [
    {
      name: 'synchronized by a person from the source; what differs has an owner: left to the other pass',
      given: (on) => ({
        ...manuallyFromSource(on),
        mapping: ownedBy(on, MAPPING, 'phone', 'source'),
        destination: found(on.destination.record({ phone: '2' }, 'v2', LATER)),
      }),
      gives: (on) => unchanged(18, { refresh: false, pendingFor: on.opposite }),
    },
  ],
}
export const withWinners = (cases: Cases, row: keyof typeof WINNERS): Cases => [...cases, ...WINNERS[row]]
