import { EVEN_LATER, TO, found } from '../support.js'
import {
  CLASH,
  EARLIER,
  WIDER_CLASH,
  at,
  forced,
  keep,
  modified,
  oneWay,
  unchanged,
  type Cases,
} from './story.js'

/** What a person asks for: a synchronization of one record, a choice for a skipped one. */
export const PERSON: Readonly<Record<'forced' | 'resolved', Cases>> = {
  forced: [
    {
      name: 'a person synchronizes an edited source',
      given: (on) => ({ ...forced(false), source: on.source.edited({ phone: '1' }) }),
      gives: (on) => modified(on, 'forced', { destination: { phone: '1' } }),
    },
    {
      name: 'nothing differs: nothing is written',
      given: () => forced(true),
      gives: () => unchanged('forced', { refresh: true }),
    },
    {
      name: 'the destination was edited: he is told, nothing is written',
      given: (on) => ({
        ...forced(false),
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: () => at('forced', { outcome: 'destinationChanged' }),
    },
    {
      name: 'he overwrites: the whole record, what loses is kept, the other way is settled too',
      given: (on) => ({
        ...forced(true),
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ phone: '2', back: 'other@alfreds.example' }),
      }),
      gives: (on) =>
        modified(on, 'forced', {
          source: { back: 'other@alfreds.example' },
          destination: { phone: '1' },
          lost: { destination: { phone: '2' } },
        }),
    },
    {
      name: 'he overwrites what he saw, but a side has moved since',
      given: (on) => ({
        ...forced(true, { local: 'v1', integration: 'v1' }),
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: () => at('forced', { outcome: 'destinationChanged' }),
    },
    {
      name: 'he overwrites what he saw, and it still stands',
      given: (on) => ({
        ...forced(
          true,
          on.pass === TO ? { local: null, integration: 'v2' } : { local: 'v2', integration: null },
        ),
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) =>
        modified(on, 'forced', {
          destination: { phone: '030-0074321' },
          lost: { destination: { phone: '2' } },
        }),
    },
    {
      name: 'a skip does not keep a person from synchronizing',
      given: (on) => ({ ...forced(false), skipped: true, source: on.source.edited({ phone: '1' }) }),
      gives: (on) => modified(on, 'forced', { destination: { phone: '1' } }),
    },
    {
      name: 'first contact in the direction he asks: blanks are filled without asking',
      given: (on) => ({
        ...forced(false),
        coupling: on.freshCoupling,
        destination: found(on.destination.record({ phone: null }, 'v1', EARLIER)),
      }),
      gives: (on) => modified(on, 'forced', { destination: { phone: '030-0074321' } }),
    },
    {
      name: 'first contact with a real difference: he is told',
      given: (on) => ({
        ...forced(false),
        coupling: on.freshCoupling,
        destination: found(on.destination.record({ name: 'Alfred' }, 'v1', EARLIER)),
      }),
      gives: () => at('forced', { outcome: 'destinationChanged' }),
    },
    {
      name: 'one-way: his own edits at the destination are told as well',
      given: (on) => ({
        ...forced(false),
        ...oneWay(on),
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: () => at('forced', { outcome: 'destinationChanged' }),
    },
  ],
  resolved: [
    {
      name: 'keep the source',
      given: (on) => ({
        ...keep(on, 'source', CLASH, { source: 'v2', destination: 'v2' }),
        source: on.source.edited(CLASH.source),
        destination: on.destination.edited(CLASH.destination),
      }),
      gives: (on) =>
        modified(on, 'resolved', { destination: { phone: '1' }, lost: { destination: { phone: '2' } } }),
    },
    {
      name: 'keep the destination; what only the loser carries is settled too',
      given: (on) => ({
        ...keep(on, 'destination', WIDER_CLASH, { source: 'v2', destination: 'v2' }),
        source: on.source.edited(WIDER_CLASH.source),
        destination: on.destination.edited(WIDER_CLASH.destination),
      }),
      gives: (on) =>
        modified(on, 'resolved', {
          source: { phone: '2' },
          destination: { there: 'www.mine.example' },
          lost: { source: { phone: '1' } },
        }),
    },
    {
      name: 'a value has changed since he chose: nothing is written',
      given: (on) => ({
        ...keep(on, 'source', CLASH, { source: 'v2', destination: 'v2' }),
        source: on.source.edited(CLASH.source),
        destination: found(on.destination.record({ phone: '3' }, 'v3', EVEN_LATER)),
      }),
      gives: () => at('resolved', { outcome: 'changedSince' }),
    },
    {
      name: 'a version has moved since, the values have not: his choice stands',
      given: (on) => ({
        ...keep(on, 'source', CLASH, { source: 'v2', destination: 'v2' }),
        source: on.source.edited(CLASH.source),
        destination: found(on.destination.record(CLASH.destination, 'v3', EVEN_LATER)),
      }),
      gives: (on) =>
        modified(on, 'resolved', { destination: { phone: '1' }, lost: { destination: { phone: '2' } } }),
    },
    {
      name: 'a choice that knows no versions is bound to the values alone',
      given: (on) => ({
        ...keep(on, 'source', CLASH, { source: null, destination: null }),
        source: on.source.edited(CLASH.source),
        destination: on.destination.edited({ phone: '3' }),
      }),
      gives: () => at('resolved', { outcome: 'changedSince' }),
    },
    {
      name: 'a field that he was not shown has been added to the mapping',
      given: (on) => {
        const choice = keep(on, 'source', CLASH, { source: 'v2', destination: 'v2' })
        if (choice.mode.kind !== 'resolve') throw new Error('A choice is a resolution.')
        const { 'displayName:name': _name, ...values } = choice.mode.seen.values
        return {
          mode: { ...choice.mode, seen: { ...choice.mode.seen, values } },
          source: on.source.edited(CLASH.source),
          destination: on.destination.edited(CLASH.destination),
        }
      },
      gives: () => at('resolved', { outcome: 'changedSince' }),
    },
    {
      name: 'one-way, keep the destination: nothing can be carried from it, and nothing is carried to it',
      given: (on) => ({
        ...keep(on, 'destination', CLASH, { source: 'v2', destination: 'v2' }),
        ...oneWay(on),
        source: on.source.edited(CLASH.source),
        destination: on.destination.edited(CLASH.destination),
      }),
      gives: () => unchanged('resolved', { refresh: true }),
    },
  ],
}
