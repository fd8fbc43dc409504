import type { MappingDefinition } from '../../../src/domain/mapping.js'
import { GONE, MAPPING, TO } from '../support.js'
import {
  at,
  firstContactConflict,
  failure,
  matched,
  modified,
  oneWay,
  partnerOf,
  unchanged,
  uncoupled,
  type Cases,
} from './story.js'

const named = (field: string, value: string) =>
  ({ kind: 'compare', field, comparison: 'beginsWith', value }) as const
/** Told out of order; the filter is over the record that the new one is created from. */
const TEMPLATES: MappingDefinition['templates'] = {
  local: [
    { name: 'THIRD', priority: 1, filter: named('name', 'Berglunds'), values: { addressLine2: 'first' } },
    { name: 'LAST', priority: 9, filter: null, values: { addressLine2: 'last' } },
    { name: 'SECOND', priority: 2, filter: named('name', 'Alfreds'), values: { addressLine2: 'second' } },
  ],
  integration: [
    { name: 'THIRD', priority: 1, filter: named('displayName', 'Berglunds'), values: { fax: 'first' } },
    { name: 'LAST', priority: 9, filter: null, values: { fax: 'last' } },
    { name: 'SECOND', priority: 2, filter: named('displayName', 'Alfreds'), values: { fax: 'second' } },
  ],
}

/** Rows 1 to 9: what exists, takes part and is coupled. Row 4 has a file of its own. */
export const EXISTENCE: Readonly<Record<1 | 2 | 3 | 5 | 6 | 7 | 8 | 9, Cases>> = {
  1: [
    {
      name: 'both sides gone: the coupling is removed',
      given: () => ({ source: GONE, destination: GONE }),
      gives: () => at(1, { outcome: 'deleted' }),
    },
    {
      name: 'both sides gone, skipped: removed all the same',
      given: () => ({ source: GONE, destination: GONE, skipped: true }),
      gives: () => at(1, { outcome: 'deleted' }),
    },
  ],
  2: [
    {
      name: 'a skipped record with a change is left alone',
      given: (on) => ({ skipped: true, source: on.source.edited({ phone: '1' }) }),
      gives: () => at(2, { outcome: 'skipped' }),
    },
    {
      name: 'a skipped record of which one side is gone stays skipped: one deletion, one error',
      given: () => ({ skipped: true, destination: GONE }),
      gives: () => at(2, { outcome: 'skipped' }),
    },
    {
      name: 'a skipped record that was never coupled',
      given: () => ({ ...uncoupled, skipped: true }),
      gives: () => at(2, { outcome: 'skipped' }),
    },
  ],
  3: [
    {
      name: 'a source that is gone and was never coupled',
      given: () => ({ ...uncoupled, source: GONE }),
      gives: () => at(3, { outcome: 'ignored', reason: 'DELETED_AT_SOURCE' }),
    },
    {
      name: 'gone, never coupled, and outside the filter for all we know',
      given: () => ({ ...uncoupled, source: GONE, inFilter: false }),
      gives: () => at(3, { outcome: 'ignored', reason: 'DELETED_AT_SOURCE' }),
    },
  ],
  5: [
    {
      name: 'an edited source outside the filter',
      given: (on) => ({ source: on.source.edited({ phone: '1' }), inFilter: false }),
      gives: () => at(5, { outcome: 'ignored', reason: 'OUT_OF_FILTER' }),
    },
    {
      name: 'an uncoupled source outside the filter is neither matched nor created',
      given: (on) => ({ ...matched(on), inFilter: false }),
      gives: () => at(5, { outcome: 'ignored', reason: 'OUT_OF_FILTER' }),
    },
  ],
  6: [
    {
      name: 'only coupled records take part',
      given: () => ({ ...uncoupled, mapping: { ...MAPPING, onlyCoupled: true } }),
      gives: () => at(6, { outcome: 'ignored', reason: 'NOT_COUPLED' }),
    },
    {
      name: 'only coupled records take part, though a partner matches',
      given: (on) => ({ ...matched(on), mapping: { ...MAPPING, onlyCoupled: true } }),
      gives: () => at(6, { outcome: 'ignored', reason: 'NOT_COUPLED' }),
    },
  ],
  7: [
    {
      name: 'several candidates: nothing is created beside them',
      given: () => ({ ...uncoupled, match: { kind: 'several', failure } }),
      gives: () => at(7, { outcome: 'failed', errorClass: 'AMBIGUOUS_MATCH', message: '2 records match' }),
    },
  ],
  8: [
    {
      name: 'a free partner with equal values: coupled, nothing written',
      given: (on) => matched(on),
      gives: (on) => unchanged(8, { refresh: true, partner: partnerOf(on).id }),
    },
    {
      name: 'blanks are filled from the other side, both ways',
      given: (on) => ({ ...matched(on, { phone: null }), source: on.source.edited({ name: null }) }),
      gives: (on) =>
        modified(
          on,
          8,
          { source: { name: 'Alfreds Futterkiste' }, destination: { phone: '030-0074321' } },
          partnerOf(on).id,
        ),
    },
    {
      name: 'one-way fields are carried in their direction, and what they replace is kept',
      given: (on) => matched(on, { there: 'www.other.example', back: 'other@alfreds.example' }),
      gives: (on) =>
        modified(
          on,
          8,
          {
            source: { back: 'other@alfreds.example' },
            destination: { there: 'www.alfreds.example' },
            lost: {
              source: { back: 'maria@alfreds.example' },
              destination: { there: 'www.other.example' },
            },
          },
          partnerOf(on).id,
        ),
    },
    {
      name: 'a real difference is an update conflict; not even blanks are filled before it is settled',
      given: (on) => matched(on, { name: 'Alfred', phone: null }),
      gives: (on) => firstContactConflict(on, 8, partnerOf(on).id),
    },
    {
      name: 'the policy settles a real difference; the value that loses is kept',
      given: (on) => ({
        ...matched(on, { name: 'Alfred' }),
        mapping: { ...MAPPING, updateConflictPolicy: on.policy('source') },
      }),
      gives: (on) =>
        modified(
          on,
          8,
          { destination: { name: 'Alfreds Futterkiste' }, lost: { destination: { name: 'Alfred' } } },
          partnerOf(on).id,
        ),
    },
    {
      name: 'a one-way mapping fills and overwrites in its direction only',
      given: (on) => ({
        ...matched(on, { name: 'Alfred', phone: null, back: 'other@alfreds.example' }),
        ...oneWay(on),
      }),
      gives: (on) =>
        modified(
          on,
          8,
          {
            destination: { name: 'Alfreds Futterkiste', phone: '030-0074321' },
            lost: { destination: { name: 'Alfred' } },
          },
          partnerOf(on).id,
        ),
    },
    {
      name: 'a coupling made earlier whose first contact was never recorded',
      given: (on) => ({ coupling: on.freshCoupling, destination: on.destination.edited({ name: 'Alfred' }) }),
      gives: (on) => firstContactConflict(on, 8),
    },
    {
      name: 'the only candidate may be the result of a creation whose outcome is not known',
      given: () => ({ ...uncoupled, match: { kind: 'busy' } }),
      gives: () => at(8, { outcome: 'ignored', reason: 'BUSY' }),
    },
  ],
  9: [
    {
      name: 'created with the carried fields and the values of the template',
      given: () => uncoupled,
      gives: (on) =>
        at(9, {
          outcome: 'inserted',
          values: {
            ...(on.pass === TO ? { customertypecode: '3' } : { type: 'Company' }),
            ...on.destination.values({
              name: 'Alfreds Futterkiste',
              phone: '030-0074321',
              there: 'www.alfreds.example',
            }),
          },
        }),
    },
    {
      name: 'blank fields are not sent, so that the template stands',
      given: (on) => ({
        ...uncoupled,
        source: on.source.edited({ phone: null }),
        mapping: {
          ...MAPPING,
          templates: {
            local: [{ name: 'ZERO', priority: 1, filter: null, values: { phoneNumber: '0' } }],
            integration: [{ name: 'ZERO', priority: 1, filter: null, values: { telephone1: '0' } }],
          },
        },
      }),
      gives: (on) =>
        at(9, {
          outcome: 'inserted',
          values: on.destination.values({
            phone: '0',
            name: 'Alfreds Futterkiste',
            there: 'www.alfreds.example',
          }),
        }),
    },
    {
      name: 'the first template by priority whose filter the source satisfies',
      given: () => ({ ...uncoupled, mapping: { ...MAPPING, templates: TEMPLATES } }),
      gives: (on) =>
        at(9, {
          outcome: 'inserted',
          values: {
            ...(on.pass === TO ? { fax: 'second' } : { addressLine2: 'second' }),
            ...on.destination.values({
              name: 'Alfreds Futterkiste',
              phone: '030-0074321',
              there: 'www.alfreds.example',
            }),
          },
        }),
    },
    {
      name: 'no template whose filter the source satisfies: created without one',
      given: () => ({
        ...uncoupled,
        mapping: {
          ...MAPPING,
          templates: { local: TEMPLATES.local.slice(0, 1), integration: TEMPLATES.integration.slice(0, 1) },
        },
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
  ],
}
