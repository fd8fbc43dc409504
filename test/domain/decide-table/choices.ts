import type { FieldChoice } from '../../../src/domain/choice.js'
import type { DecideInput, Mode } from '../../../src/domain/decide.js'
import { fieldOn } from '../../../src/domain/mapping.js'
import { EVEN_LATER, MAPPING, TO, found, type Stage, type Told } from '../support.js'
import {
  EARLIER,
  at,
  byFields,
  conflict,
  firstContactConflict,
  keep,
  modified,
  oneWay,
  unchanged,
  type Cases,
} from './story.js'

type Chosen = Readonly<Partial<Record<keyof Told, 'source' | 'destination' | { value: string | null }>>>

const nameOf = (on: Stage, part: keyof Told) => {
  const [name] = Object.keys(on.source.values({ [part]: null }))
  return MAPPING.fields.find((field) => fieldOn(field, on.source.side) === name)?.name ?? ''
}

/** A choice field by field of a clash that he saw as it stands. */
const choose = (
  on: Stage,
  shown: { source: Told; destination: Told },
  chosen: Chosen,
): Pick<DecideInput, 'mode' | 'skipped' | 'source' | 'destination'> => {
  const fields = Object.fromEntries(
    Object.entries(chosen).map(([part, choice]): [string, FieldChoice] => [
      nameOf(on, part as keyof Told),
      typeof choice === 'object' ? choice : { keep: on[choice].side },
    ]),
  )
  const { mode } = keep(on, 'source', shown, { source: 'v2', destination: 'v2' })
  if (mode.kind !== 'resolve') throw new Error('A choice is a resolution.')
  return {
    skipped: true,
    mode: { ...mode, choice: { kind: 'fields', fields } },
    source: on.source.edited(shown.source),
    destination: on.destination.edited(shown.destination),
  }
}

const TWO = { source: { phone: '1', name: 'Alf' }, destination: { phone: '2', name: 'Alfred' } }
const ONE_AND_MORE = { source: { phone: '1' }, destination: { phone: '2', name: 'Alfred' } }
const merge = (seen: { local: string | null; integration: string | null } | null = null) =>
  ({ mode: { kind: 'merge', seen }, skipped: true }) as const satisfies { mode: Mode; skipped: boolean }

/** What a person asks of fields: a choice field by field, values of his own, a merge. */
export const CHOICES: Readonly<Record<'resolved' | 'merged', Cases>> = {
  resolved: [
    {
      name: 'field by field: one of the source, one of the destination',
      given: (on) => choose(on, TWO, { phone: 'source', name: 'destination' }),
      gives: (on) =>
        modified(on, 'resolved', {
          source: { name: 'Alfred' },
          destination: { phone: '1' },
          lost: { source: { name: 'Alf' }, destination: { phone: '2' } },
        }),
    },
    {
      name: 'field by field: what only one side changed is carried though he does not name it',
      given: (on) => choose(on, ONE_AND_MORE, { phone: 'source' }),
      gives: (on) =>
        modified(on, 'resolved', {
          source: { name: 'Alfred' },
          destination: { phone: '1' },
          lost: { destination: { phone: '2' } },
        }),
    },
    {
      name: 'field by field: he keeps what only the other side did not change',
      given: (on) => choose(on, ONE_AND_MORE, { phone: 'source', name: 'source' }),
      gives: (on) =>
        modified(on, 'resolved', {
          destination: { name: 'Alfreds Futterkiste', phone: '1' },
          lost: { destination: { name: 'Alfred', phone: '2' } },
        }),
    },
    {
      name: 'field by field: a clash that he does not name stays a conflict, and nothing is written',
      given: (on) => choose(on, TWO, { phone: 'source' }),
      gives: (on) => conflict(on, 'resolved'),
    },
    {
      name: 'field by field: an owner decides a clash that he does not name',
      given: (on) => ({
        ...choose(on, TWO, { phone: 'source' }),
        mapping: {
          ...MAPPING,
          fields: MAPPING.fields.map((field) =>
            field.name === nameOf(on, 'name') ? { ...field, owner: on.destination.side } : field,
          ),
        },
      }),
      gives: (on) =>
        modified(on, 'resolved', {
          source: { name: 'Alfred' },
          destination: { phone: '1' },
          lost: { source: { name: 'Alf' }, destination: { phone: '2' } },
        }),
    },
    {
      name: 'a value of his own goes to both sides, and both values that it replaces are kept',
      given: (on) => choose(on, TWO, { phone: { value: '3' }, name: 'source' }),
      gives: (on) =>
        modified(on, 'resolved', {
          source: { phone: '3' },
          destination: { phone: '3', name: 'Alf' },
          lost: { source: { phone: '1' }, destination: { phone: '2', name: 'Alfred' } },
        }),
    },
    {
      name: 'a value of his own that a side holds already is written to the other side only',
      given: (on) => choose(on, ONE_AND_MORE, { phone: { value: '2' } }),
      gives: (on) =>
        modified(on, 'resolved', {
          source: { phone: '2', name: 'Alfred' },
          lost: { source: { phone: '1' } },
        }),
    },
    {
      name: 'blank is a value of his own too',
      given: (on) => choose(on, ONE_AND_MORE, { phone: { value: null } }),
      gives: (on) =>
        modified(on, 'resolved', {
          source: { phone: null, name: 'Alfred' },
          destination: { phone: null },
          lost: { source: { phone: '1' }, destination: { phone: '2' } },
        }),
    },
    {
      name: 'a value of his own that one side cannot hold fails by name, length and limit',
      given: (on) => choose(on, ONE_AND_MORE, { phone: { value: '3'.repeat(31) } }),
      gives: () =>
        at('resolved', {
          outcome: 'failed',
          errorClass: 'VALIDATION',
          message: 'The value of Phone No. is 31 characters long; Phone No. in Customer holds at most 30.',
        }),
    },
    {
      name: 'a value of his own for a field that is carried one way only is refused',
      given: (on) => choose(on, ONE_AND_MORE, { phone: 'source', there: { value: 'www.mine.example' } }),
      gives: (on) =>
        at('resolved', {
          outcome: 'failed',
          errorClass: 'VALIDATION',
          message: `${nameOf(on, 'there')} is carried one way only, so it cannot be given a value of one's own on both sides.`,
        }),
    },
    {
      name: 'field by field: keeping the side that a field is not carried from leaves it as it is',
      given: (on) =>
        choose(on, { source: { there: 'www.mine.example' }, destination: {} }, { there: 'destination' }),
      gives: () => unchanged('resolved', { refresh: true }),
    },
    {
      name: 'field by field, bound to what he saw: a value has changed since',
      given: (on) => ({
        ...choose(on, TWO, { phone: 'source', name: 'source' }),
        destination: found(on.destination.record({ ...TWO.destination, phone: '4' }, 'v3', EVEN_LATER)),
      }),
      gives: () => at('resolved', { outcome: 'changedSince' }),
    },
    {
      name: 'field by field, a field that is no longer mapped: he is shown the new state',
      given: (on) => {
        const chosen = choose(on, TWO, { phone: 'source', name: 'source' })
        if (chosen.mode.kind !== 'resolve' || chosen.mode.choice.kind !== 'fields')
          throw new Error('Not fields.')
        const fields = { ...chosen.mode.choice.fields, 'gone:gone': { value: '1' } }
        return { ...chosen, mode: { ...chosen.mode, choice: { kind: 'fields', fields } } }
      },
      gives: () => at('resolved', { outcome: 'changedSince' }),
    },
    {
      name: 'field by field at first contact: the blanks are filled besides',
      given: (on) => ({
        ...choose(
          on,
          { source: { name: 'Alf' }, destination: { name: 'Alfred', phone: null } },
          { name: 'source' },
        ),
        coupling: on.freshCoupling,
      }),
      gives: (on) =>
        modified(on, 'resolved', {
          destination: { name: 'Alf', phone: '030-0074321' },
          lost: { destination: { name: 'Alfred' } },
        }),
    },
    {
      name: 'field by field at first contact: a difference that he does not name stays a conflict',
      given: (on) => ({
        ...choose(
          on,
          { source: { name: 'Alf' }, destination: { name: 'Alfred', phone: '2' } },
          { name: 'source' },
        ),
        coupling: on.freshCoupling,
      }),
      gives: (on) => firstContactConflict(on, 'resolved'),
    },
  ],
  merged: [
    {
      name: 'edits of different fields are carried both ways, whatever the detection',
      given: (on) => ({
        ...merge(),
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ name: 'Alfred' }),
      }),
      gives: (on) => modified(on, 'merged', { source: { name: 'Alfred' }, destination: { phone: '1' } }),
    },
    {
      name: 'what one side alone changed is carried',
      given: (on) => ({ ...merge(), source: on.source.edited({ phone: '1' }) }),
      gives: (on) => modified(on, 'merged', { destination: { phone: '1' } }),
    },
    {
      name: 'nothing was changed',
      given: () => merge(),
      gives: () => unchanged('merged', { refresh: true }),
    },
    {
      name: 'the same field clashes: he is told, and nothing is written',
      given: (on) => ({ ...merge(), mapping: byFields, ...editedBoth(on) }),
      gives: () => at('merged', { outcome: 'destinationChanged' }),
    },
    {
      name: 'a policy is for runs: he is told all the same',
      given: (on) => ({
        ...merge(),
        mapping: { ...MAPPING, updateConflictPolicy: on.policy('source') },
        ...editedBoth(on),
      }),
      gives: () => at('merged', { outcome: 'destinationChanged' }),
    },
    {
      name: 'an owner decides the clash',
      given: (on) => ({
        ...merge(),
        ...editedBoth(on),
        mapping: { ...MAPPING, fields: MAPPING.fields.map((field) => ({ ...field, owner: on.source.side })) },
      }),
      gives: (on) =>
        modified(on, 'merged', {
          source: { name: 'Alfred' },
          destination: { phone: '1' },
          lost: { destination: { phone: '2' } },
        }),
    },
    {
      name: 'first contact: blanks are filled from the other side',
      given: (on) => ({
        ...merge(),
        coupling: on.freshCoupling,
        destination: found(on.destination.record({ phone: null }, 'v1', EARLIER)),
      }),
      gives: (on) => modified(on, 'merged', { destination: { phone: '030-0074321' } }),
    },
    {
      name: 'first contact with a real difference: he is told',
      given: (on) => ({
        ...merge(),
        coupling: on.freshCoupling,
        destination: found(on.destination.record({ name: 'Alfred' }, 'v1', EARLIER)),
      }),
      gives: () => at('merged', { outcome: 'destinationChanged' }),
    },
    {
      name: 'a side has moved since he looked',
      given: (on) => ({
        ...merge({ local: 'v1', integration: 'v1' }),
        source: on.source.edited({ phone: '1' }),
      }),
      gives: () => at('merged', { outcome: 'destinationChanged' }),
    },
    {
      name: 'what he saw still stands',
      given: (on) => ({
        ...merge(on.pass === TO ? { local: 'v2', integration: null } : { local: null, integration: 'v2' }),
        source: on.source.edited({ phone: '1' }),
      }),
      gives: (on) => modified(on, 'merged', { destination: { phone: '1' } }),
    },
    {
      name: 'one-way: the source’s changes only',
      given: (on) => ({ ...merge(), ...oneWay(on), ...editedBoth(on) }),
      gives: (on) =>
        modified(on, 'merged', { destination: { phone: '1' }, lost: { destination: { phone: '2' } } }),
    },
  ],
}

function editedBoth(on: Stage): Pick<DecideInput, 'source' | 'destination'> {
  return {
    source: on.source.edited({ phone: '1' }),
    destination: on.destination.edited({ phone: '2', name: 'Alfred' }),
  }
}
