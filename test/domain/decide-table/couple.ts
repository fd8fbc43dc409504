import { MAPPING, GONE, TO } from '../support.js'
import {
  at,
  failure,
  matched,
  modified,
  oneWay,
  partnerOf,
  unchanged,
  uncoupled,
  type Cases,
} from './story.js'

const couple = (createNew: boolean, synchronize: boolean) =>
  ({ mode: { kind: 'couple', createNew, synchronize } }) as const
const onlyCoupled = { mapping: { ...MAPPING, onlyCoupled: true } } as const

/** Match-based coupling, and two records that a person couples. */
export const COUPLE: Readonly<Record<'coupling' | 'given', Cases>> = {
  coupling: [
    {
      name: 'a coupled record is left alone, whatever was edited',
      given: (on) => ({ ...couple(true, true), source: on.source.edited({ phone: '1' }) }),
      gives: () => at('coupling', { outcome: 'ignored', reason: 'ALREADY_COUPLED' }),
    },
    {
      name: 'a coupled record is left alone, also where it is gone or skipped',
      given: () => ({ ...couple(true, true), source: GONE, destination: GONE, skipped: true }),
      gives: () => at('coupling', { outcome: 'ignored', reason: 'ALREADY_COUPLED' }),
    },
    {
      name: 'one free partner: coupled, first contact left to the next run, though only coupled records are synchronized',
      given: (on) => ({ ...matched(on, { phone: '1' }), ...couple(false, false), ...onlyCoupled }),
      gives: (on) => at(8, { outcome: 'coupled' }, partnerOf(on).id),
    },
    {
      name: 'one free partner, synchronized afterwards: first contact in the same step',
      given: (on) => ({ ...matched(on, { phone: null }), ...couple(false, true), ...onlyCoupled }),
      gives: (on) => modified(on, 8, { destination: { phone: '030-0074321' } }, partnerOf(on).id),
    },
    {
      name: 'a skip does not keep a record from being matched',
      given: (on) => ({ ...matched(on), ...couple(false, false), skipped: true }),
      gives: (on) => at(8, { outcome: 'coupled' }, partnerOf(on).id),
    },
    {
      name: 'several match, or the only one is taken: told, and never created',
      given: () => ({ ...uncoupled, ...couple(true, true), match: { kind: 'several', failure } }),
      gives: () => at(7, { outcome: 'unmatched', errorClass: 'AMBIGUOUS_MATCH', message: '2 records match' }),
    },
    {
      name: 'none matches and none is created: told, and left as it is',
      given: () => ({ ...uncoupled, ...couple(false, true), ...onlyCoupled }),
      gives: (on) =>
        at('coupling', {
          outcome: 'unmatched',
          errorClass: 'AMBIGUOUS_MATCH',
          message: `Failed to couple the ${on.source.caption} record, because no unique uncoupled matching ${on.destination.caption} record was found with the specified matching criteria.`,
        }),
    },
    {
      name: 'none matches, Create New in Case of No Match: created and coupled',
      given: () => ({
        ...uncoupled,
        ...couple(true, false),
        mapping: { ...MAPPING, onlyCoupled: true, templates: { local: [], integration: [] } },
      }),
      gives: (on) =>
        at(9, {
          outcome: 'inserted',
          values: on.destination.values({
            name: 'Alfreds Futterkiste',
            phone: '030-0074321',
            there: 'www.alfreds.example',
          }),
        }),
    },
    {
      name: 'outside the filter: left alone',
      given: (on) => ({ ...matched(on), ...couple(true, true), inFilter: false }),
      gives: () => at(5, { outcome: 'ignored', reason: 'OUT_OF_FILTER' }),
    },
    {
      name: 'the only candidate may be the result of a creation whose outcome is not known',
      given: () => ({ ...uncoupled, ...couple(true, true), match: { kind: 'busy' } }),
      gives: () => at(8, { outcome: 'ignored', reason: 'BUSY' }),
    },
  ],
  given: [
    {
      name: 'coupled alone: nothing is compared, first contact is left to the next run',
      given: (on) => ({
        ...matched(on, { phone: '1' }),
        ...onlyCoupled,
        mode: { kind: 'given', synchronize: 'NONE' },
      }),
      gives: (on) => at('given', { outcome: 'coupled' }, partnerOf(on).id),
    },
    {
      name: 'in the direction of the pass: blanks are filled, the source decides the rest, what loses is kept',
      given: (on) => ({
        ...matched(on, { phone: null, name: 'Alfred' }),
        ...onlyCoupled,
        mode: { kind: 'given', synchronize: on.pass },
      }),
      gives: (on) =>
        modified(
          on,
          'given',
          {
            destination: { phone: '030-0074321', name: 'Alfreds Futterkiste' },
            lost: { destination: { name: 'Alfred' } },
          },
          partnerOf(on).id,
        ),
    },
    {
      name: 'in the direction given, whatever Resolve Update Conflicts says',
      given: (on) => ({
        ...matched(on, { name: 'Alfred' }),
        mapping: { ...MAPPING, updateConflictPolicy: on.policy('destination') },
        mode: { kind: 'given', synchronize: on.pass },
      }),
      gives: (on) =>
        modified(
          on,
          'given',
          { destination: { name: 'Alfreds Futterkiste' }, lost: { destination: { name: 'Alfred' } } },
          partnerOf(on).id,
        ),
    },
    {
      name: 'merged: each side fills the blanks of the other',
      given: (on) => ({
        ...matched(on, { phone: null }),
        source: on.source.edited({ name: null }),
        mode: { kind: 'given', synchronize: 'MERGE' },
      }),
      gives: (on) =>
        modified(
          on,
          'given',
          { source: { name: 'Alfreds Futterkiste' }, destination: { phone: '030-0074321' } },
          partnerOf(on).id,
        ),
    },
    {
      name: 'merged, and both hold different values: he is told, nothing is written and nothing coupled',
      given: (on) => ({ ...matched(on, { name: 'Alfred' }), mode: { kind: 'given', synchronize: 'MERGE' } }),
      gives: () => at('given', { outcome: 'destinationChanged' }),
    },
    {
      name: 'a one-way mapping writes in its direction only',
      given: (on) => ({
        ...matched(on, { phone: null, back: 'other@alfreds.example' }),
        ...oneWay(on),
        mode: { kind: 'given', synchronize: on.pass },
      }),
      gives: (on) => modified(on, 'given', { destination: { phone: '030-0074321' } }, partnerOf(on).id),
    },
    {
      name: 'equal already: coupled, and nothing is written',
      given: (on) => ({ ...matched(on), mode: { kind: 'given', synchronize: TO } }),
      gives: (on) => unchanged('given', { refresh: true, partner: partnerOf(on).id }),
    },
  ],
}
