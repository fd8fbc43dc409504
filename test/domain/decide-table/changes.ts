import { AGREED_AT, EVEN_LATER, MAPPING, NOT_READ, TO, found } from '../support.js'
import {
  EARLIER,
  at,
  byFields,
  conflict,
  manuallyFromSource,
  modified,
  oneWay,
  unchanged,
  type Cases,
} from './story.js'

/** A base on which the sides do not agree: the source holds the short name. */
const DRIFTED = {
  TO_INTEGRATION_TABLE: { local: 'Alfred', integration: 'Alfreds Futterkiste' },
  FROM_INTEGRATION_TABLE: { local: 'Alfreds Futterkiste', integration: 'Alfred' },
} as const

/** Rows 10 to 18: what changed on a coupled pair. */
export const CHANGES: Readonly<Record<10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18, Cases>> = {
  10: [
    {
      name: 'neither side changed',
      given: () => ({}),
      gives: () => unchanged(10, { refresh: true }),
    },
    {
      name: 'a later stamp on the version that was recorded',
      given: (on) => ({ source: found(on.source.record({}, 'v1', EVEN_LATER)) }),
      gives: () => unchanged(10, { refresh: true }),
    },
    {
      name: 'our own write comes back: the version is the recorded one, the destination was not even read',
      given: () => ({ destination: NOT_READ }),
      gives: () => unchanged(10, { refresh: false }),
    },
    {
      name: 'versions moved, stamps and values did not',
      given: (on) => ({
        source: found(on.source.record({}, 'v2', AGREED_AT)),
        destination: found(on.destination.record({}, 'v2', AGREED_AT)),
      }),
      gives: () => unchanged(10, { refresh: true }),
    },
    {
      name: 'sides that differ as they did when they last agreed: nothing is repaired by a run',
      given: (on) => ({
        coupling: { ...on.coupling, base: { ...on.coupling.base, 'displayName:name': DRIFTED[on.pass] } },
        source: found(on.source.record({ name: 'Alfred' }, 'v1', AGREED_AT)),
      }),
      gives: () => unchanged(10, { refresh: true }),
    },
  ],
  11: [
    {
      name: 'the source was saved without a change to a mapped field',
      given: (on) => ({ source: on.source.edited() }),
      gives: () => unchanged(11, { refresh: true }),
    },
    {
      name: 'both sides were given the same value',
      given: (on) => ({
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ phone: '1' }),
      }),
      gives: () => unchanged(11, { refresh: true }),
    },
    {
      name: 'the source changed a field that is carried only the other way',
      given: (on) => ({ source: on.source.edited({ back: 'mine@alfreds.example' }) }),
      gives: () => unchanged(11, { refresh: true }),
    },
    {
      name: 'both were saved, and each changed a field that is carried only towards it',
      given: (on) => ({
        source: on.source.edited({ back: 'mine@alfreds.example' }),
        destination: on.destination.edited({ there: 'www.mine.example' }),
      }),
      gives: () => unchanged(11, { refresh: true }),
    },
    {
      name: 'by fields, both were saved while they differ as they did when they last agreed',
      given: (on) => ({
        mapping: byFields,
        coupling: { ...on.coupling, base: { ...on.coupling.base, 'displayName:name': DRIFTED[on.pass] } },
        source: on.source.edited({ name: 'Alfred' }),
        destination: on.destination.edited(),
      }),
      gives: () => unchanged(11, { refresh: true }),
    },
    {
      name: 'one-way: the source was saved, all carried fields are equal',
      given: (on) => ({
        ...oneWay(on),
        source: on.source.edited(),
        destination: on.destination.edited({ back: 'other@alfreds.example' }),
      }),
      gives: () => unchanged(11, { refresh: true }),
    },
  ],
  12: [
    {
      name: 'one-way, the source changed a field',
      given: (on) => ({ ...oneWay(on), source: on.source.edited({ phone: '1' }) }),
      gives: (on) => modified(on, 12, { destination: { phone: '1' } }),
    },
    {
      name: 'one-way, both changed: overwritten without a conflict, what was overwritten is kept',
      given: (on) => ({
        ...oneWay(on),
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ phone: '2', name: 'Alfred' }, EVEN_LATER),
      }),
      gives: (on) =>
        modified(on, 12, {
          destination: { name: 'Alfreds Futterkiste', phone: '1' },
          lost: { destination: { name: 'Alfred', phone: '2' } },
        }),
    },
    {
      name: 'one-way: fields carried the other way are not touched',
      given: (on) => ({
        ...oneWay(on),
        source: on.source.edited({ phone: '1', back: 'mine@alfreds.example' }),
        destination: on.destination.edited({ back: 'other@alfreds.example' }),
      }),
      gives: (on) => modified(on, 12, { destination: { phone: '1' } }),
    },
    {
      name: 'one-way, unconditional: every difference is written, whoever changed it',
      given: (on) => ({
        ...oneWay(on),
        mode: { kind: 'unconditional' },
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) =>
        modified(on, 12, { destination: { phone: '030-0074321' }, lost: { destination: { phone: '2' } } }),
    },
  ],
  13: [
    {
      name: 'one-way, only the destination changed: drift, left for a reconciliation',
      given: (on) => ({ ...oneWay(on), destination: on.destination.edited({ phone: '2' }) }),
      gives: () => unchanged(13, { refresh: false }),
    },
  ],
  14: [
    {
      name: 'the source changed one field: that field is written, no other',
      given: (on) => ({ source: on.source.edited({ phone: '1' }) }),
      gives: (on) => modified(on, 14, { destination: { phone: '1' } }),
    },
    {
      name: 'the source blanked a field',
      given: (on) => ({ source: on.source.edited({ phone: null }) }),
      gives: (on) => modified(on, 14, { destination: { phone: null } }),
    },
    {
      name: 'the stamp stood still or stepped back, the value did not',
      given: (on) => ({ source: on.source.edited({ phone: '1' }, EARLIER) }),
      gives: (on) => modified(on, 14, { destination: { phone: '1' } }),
    },
    {
      name: 'the destination was saved by a version without a later stamp and without a value',
      given: (on) => ({
        source: on.source.edited({ phone: '1' }),
        destination: found(on.destination.record({}, 'v2', AGREED_AT)),
      }),
      gives: (on) => modified(on, 14, { destination: { phone: '1' } }),
    },
    {
      name: 'a value that the destination cannot hold fails by name, length and limit',
      given: (on) => ({ source: on.source.edited({ phone: '1'.repeat(51) }) }),
      gives: (on) =>
        on.pass === TO
          ? at(14, {
              outcome: 'failed',
              errorClass: 'VALIDATION',
              message:
                'The value of Phone No. is 51 characters long; Main Phone in Account holds at most 50.',
            })
          : at(14, {
              outcome: 'failed',
              errorClass: 'VALIDATION',
              message:
                'The value of Main Phone is 51 characters long; Phone No. in Customer holds at most 30.',
            }),
    },
  ],
  15: [
    {
      name: 'both changed the same field: skipped until a person decides',
      given: (on) => ({
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) => conflict(on, 15),
    },
    {
      name: 'by time stamps, different fields clash too',
      given: (on) => ({
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ name: 'Alfred' }),
      }),
      gives: (on) => conflict(on, 15),
    },
    {
      name: 'by time stamps, a save without a mapped change counts as a change',
      given: (on) => ({ source: on.source.edited({ phone: '1' }), destination: on.destination.edited() }),
      gives: (on) => conflict(on, 15),
    },
    {
      name: 'by time stamps, both were saved while they differ as they did when they last agreed',
      given: (on) => ({
        coupling: { ...on.coupling, base: { ...on.coupling.base, 'displayName:name': DRIFTED[on.pass] } },
        source: on.source.edited({ name: 'Alfred' }),
        destination: on.destination.edited(),
      }),
      gives: (on) => conflict(on, 15),
    },
    {
      name: 'by fields, the same field clashes',
      given: (on) => ({
        mapping: byFields,
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ phone: '2', name: 'Alfred' }),
      }),
      gives: (on) => conflict(on, 15),
    },
    {
      name: 'the policy lets the source win: the whole record, what loses is kept',
      given: (on) => ({
        mapping: { ...MAPPING, updateConflictPolicy: on.policy('source') },
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ phone: '2', name: 'Alfred', back: 'other@alfreds.example' }),
      }),
      gives: (on) =>
        modified(on, 15, {
          source: { back: 'other@alfreds.example' },
          destination: { name: 'Alfreds Futterkiste', phone: '1' },
          lost: { destination: { name: 'Alfred', phone: '2' } },
        }),
    },
    {
      name: 'the policy lets the destination win: the fields carried only from the loser are settled too',
      given: (on) => ({
        mapping: { ...MAPPING, updateConflictPolicy: on.policy('destination') },
        source: on.source.edited({ phone: '1', there: 'www.mine.example' }),
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) =>
        modified(on, 15, {
          source: { phone: '2' },
          destination: { there: 'www.mine.example' },
          lost: { source: { phone: '1' } },
        }),
    },
    {
      name: 'a whole-record policy overwrites also what the sides never agreed on: that value is kept',
      given: (on) => ({
        mapping: { ...MAPPING, updateConflictPolicy: on.policy('source') },
        coupling: { ...on.coupling, base: { ...on.coupling.base, 'displayName:name': DRIFTED[on.pass] } },
        source: on.source.edited({ name: 'Alfred', phone: '1' }),
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) =>
        modified(on, 15, {
          destination: { name: 'Alfred', phone: '1' },
          lost: { destination: { name: 'Alfreds Futterkiste', phone: '2' } },
        }),
    },
    {
      name: "the winner's own edit of a field that is carried only towards it stays",
      given: (on) => ({
        mapping: { ...MAPPING, updateConflictPolicy: on.policy('source') },
        source: on.source.edited({ phone: '1', back: 'mine@alfreds.example' }),
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) => modified(on, 15, { destination: { phone: '1' }, lost: { destination: { phone: '2' } } }),
    },
    {
      name: 'by fields, the policy takes only the field that clashes; the rest merges',
      given: (on) => ({
        mapping: { ...byFields, updateConflictPolicy: on.policy('source') },
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ phone: '2', name: 'Alfred' }),
      }),
      gives: (on) =>
        modified(on, 15, {
          source: { name: 'Alfred' },
          destination: { phone: '1' },
          lost: { destination: { phone: '2' } },
        }),
    },
    {
      name: 'unconditional: stamps do not count, the base does: both sides differ from it',
      given: (on) => ({
        mode: { kind: 'unconditional' },
        source: found(on.source.record({ phone: '1' }, 'v1', EARLIER)),
        destination: found(on.destination.record({ phone: '2' }, 'v1', EARLIER)),
      }),
      gives: (on) => conflict(on, 15),
    },
  ],
  16: [
    {
      name: 'both changed one-way fields: settled once, both ways',
      given: (on) => ({
        source: on.source.edited({ there: 'www.mine.example' }),
        destination: on.destination.edited({ back: 'other@alfreds.example' }),
      }),
      gives: (on) =>
        modified(on, 16, {
          source: { back: 'other@alfreds.example' },
          destination: { there: 'www.mine.example' },
        }),
    },
    {
      name: 'only the destination has something to carry: it is carried here',
      given: (on) => ({
        source: on.source.edited(),
        destination: on.destination.edited({ back: 'other@alfreds.example' }),
      }),
      gives: (on) => modified(on, 16, { source: { back: 'other@alfreds.example' } }),
    },
    {
      name: 'both changed a field that is carried only from the source: it is overwritten, and kept',
      given: (on) => ({
        source: on.source.edited({ there: 'www.mine.example' }),
        destination: on.destination.edited({ there: 'www.other.example' }),
      }),
      gives: (on) =>
        modified(on, 16, {
          destination: { there: 'www.mine.example' },
          lost: { destination: { there: 'www.other.example' } },
        }),
    },
    {
      name: 'by fields, edits of different fields merge',
      given: (on) => ({
        mapping: byFields,
        source: on.source.edited({ phone: '1' }),
        destination: on.destination.edited({ name: 'Alfred' }),
      }),
      gives: (on) => modified(on, 16, { source: { name: 'Alfred' }, destination: { phone: '1' } }),
    },
    {
      name: 'by fields, the same edit on both sides is no clash and the rest merges',
      given: (on) => ({
        mapping: byFields,
        source: on.source.edited({ phone: '1', name: 'Alfred' }),
        destination: on.destination.edited({ name: 'Alfred' }),
      }),
      gives: (on) => modified(on, 16, { destination: { phone: '1' } }),
    },
    {
      name: 'unconditional: each side carries what differs from its base',
      given: (on) => ({
        mode: { kind: 'unconditional' },
        source: found(on.source.record({ phone: '1' }, 'v1', EARLIER)),
        destination: found(on.destination.record({ name: 'Alfred' }, 'v1', EARLIER)),
      }),
      gives: (on) => modified(on, 16, { source: { name: 'Alfred' }, destination: { phone: '1' } }),
    },
  ],
  17: [
    {
      name: 'synchronized by a person from the source, then the destination was edited: the documented conflict',
      given: (on) => ({ ...manuallyFromSource(on), destination: on.destination.edited({ phone: '2' }) }),
      gives: (on) => conflict(on, 17),
    },
    {
      name: 'the documented conflict under a policy',
      given: (on) => ({
        ...manuallyFromSource(on),
        mapping: { ...MAPPING, updateConflictPolicy: on.policy('destination') },
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) => modified(on, 17, { source: { phone: '2' } }),
    },
  ],
  18: [
    {
      name: 'only the destination changed: left to the other pass',
      given: (on) => ({ destination: on.destination.edited({ phone: '2' }) }),
      gives: (on) => unchanged(18, { refresh: false, pendingFor: on.opposite }),
    },
    {
      name: 'not row 17: a person synchronized from the other side',
      given: (on) => ({
        coupling: { ...on.coupling, last: { by: 'MANUAL', source: on.destination.side } },
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) => unchanged(18, { refresh: false, pendingFor: on.opposite }),
    },
    {
      name: 'not row 17: a scheduled pass has read this version of the source',
      given: (on) => ({
        ...manuallyFromSource(on),
        unread: false,
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) => unchanged(18, { refresh: false, pendingFor: on.opposite }),
    },
    {
      name: 'not row 17: conflicts are found by fields',
      given: (on) => ({
        ...manuallyFromSource(on),
        mapping: byFields,
        destination: on.destination.edited({ phone: '2' }),
      }),
      gives: (on) => unchanged(18, { refresh: false, pendingFor: on.opposite }),
    },
    {
      name: 'not row 17: no bidirectional field differs',
      given: (on) => ({
        ...manuallyFromSource(on),
        destination: on.destination.edited({ back: 'other@alfreds.example' }),
      }),
      gives: (on) => unchanged(18, { refresh: false, pendingFor: on.opposite }),
    },
  ],
}
