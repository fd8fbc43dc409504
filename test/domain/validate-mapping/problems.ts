import type { FieldMapping, MappingDefinition } from '../../../src/domain/mapping.js'
import { field, FROM, TO } from '../support.js'
import { compare, constant, same, withFields } from './fixtures.js'

import { FIELD_PROBLEMS } from './field-problems.js'

export type Expected = readonly [
  what: string,
  change: Partial<MappingDefinition>,
  path: string,
  message: string,
]

/** Each problem once, alone: it is told, and nothing besides. */
export const PROBLEMS: readonly Expected[] = [
  // The mapping itself.
  ['no name', { name: ' ' }, 'name', 'expected 1 to 50'],
  ['too long a name', { name: 'N'.repeat(51) }, 'name', 'has 51 characters; expected 1 to 50'],
  [
    'a name that another mapping has',
    { name: 'parent' },
    'name',
    "There is a mapping 'parent' in this connection already",
  ],
  [
    'no enabled field for the direction',
    { direction: FROM, fields: [same('text', { status: 'DISABLED' }), same('decimal', { direction: TO })] },
    'direction',
    "You must set the direction of at least one enabled integration field mapping to 'FROM_INTEGRATION_TABLE'.",
  ],
  [
    'a share above 100 %',
    { deletionReview: { percent: 101, minimum: 10 } },
    'deletionReview.percent',
    'is 101; expected a number from 0 to 100',
  ],
  ['a share below 0', { deletionReview: { percent: -1, minimum: 10 } }, 'deletionReview.percent', 'is -1'],
  [
    'half a deletion',
    { deletionReview: { percent: 5, minimum: 0.5 } },
    'deletionReview.minimum',
    'is 0.5; expected a whole number from 0 on',
  ],
  [
    'asleep at once',
    { inactivityTimeoutMinutes: 0 },
    'inactivityTimeoutMinutes',
    'expected a whole number from 1 on, or null for never',
  ],
  [
    'a search without pause',
    { findDeletedHours: 0 },
    'findDeletedHours',
    'expected a whole number from 1 on, or null for never',
  ],
  [
    'updates without versions both ways',
    { bulkUpdates: true },
    'bulkUpdates',
    'an edit made between comparison and write would be lost. Switch bulkUpdates off, or give the mapping one direction.',
  ],
  [
    'updates in bulk where there are none',
    { bulkUpdates: true, direction: FROM },
    'bulkUpdates',
    'Local is written, which is no table of Dynamics 365',
  ],
  [
    'an interval of nothing',
    { schedule: { kind: 'interval', minutes: 0 } },
    'schedule.minutes',
    'The interval is 0',
  ],
  [
    'an interval of years',
    { schedule: { kind: 'interval', minutes: 50_000 } },
    'schedule.minutes',
    'from 1 to 44640',
  ],
  [
    'a cron expression of six fields',
    { schedule: { kind: 'cron', expression: '0 0 6 * * 1', timeZone: 'UTC' } },
    'schedule.expression',
    'is no cron expression (it has 6 fields); expected five fields',
  ],
  [
    'a cron expression that means nothing',
    { schedule: { kind: 'cron', expression: '61 * * * *', timeZone: 'UTC' } },
    'schedule.expression',
    'is no cron expression',
  ],
  [
    'a schedule in no time zone',
    { schedule: { kind: 'cron', expression: '0 6 * * 1-5', timeZone: 'Berlin' } },
    'schedule.timeZone',
    "'Berlin' is no time zone; expected an IANA name",
  ],
  [
    'reconciliations of years between them',
    { reconcileSchedule: { kind: 'interval', minutes: 50_000 } },
    'reconcileSchedule.minutes',
    'from 1 to 44640',
  ],
  [
    'deleted couplings that are made again',
    { deletionConflictPolicy: 'DELETE_COUPLING', onlyCoupled: false },
    'deletionConflictPolicy',
    'Synch. Only Coupled Records is unchecked. Therefore, if conflict resolution strategy removes a broken coupling, a subsequent scheduled synchronization job may recreate the coupling.',
  ],
  // Filters.
  [
    'a filter on no field',
    { localFilter: compare('colour', '=', 'red') },
    'localFilter.field',
    "Local (locals) has no field 'colour'",
  ],
  [
    'a filter within a filter on no field',
    { integrationFilter: { kind: 'and', filters: [compare('text', '=', 'a'), compare('textt', '=', 'a')] } },
    'integrationFilter.filters[1].field',
    'Did you mean text or text2?',
  ],
  ['an empty and', { localFilter: { kind: 'and', filters: [] } }, 'localFilter.filters', 'has no conditions'],
  [
    'a filter on a picture',
    { localFilter: compare('picture', '=', null) },
    'localFilter.field',
    'is a media field, which cannot be read',
  ],
  [
    'a comparison that is none',
    { localFilter: compare('text', 'like', 'a') },
    'localFilter.comparison',
    "'like' is no comparison; expected one of = <>",
  ],
  [
    'an order of what has none',
    { localFilter: compare('boolean', '<', true) },
    'localFilter.comparison',
    'has no order',
  ],
  [
    'a beginning of a number',
    { localFilter: compare('decimal', 'beginsWith', '1') },
    'localFilter.comparison',
    'beginsWith is for text',
  ],
  [
    'a beginning that is no text',
    { localFilter: compare('text', 'beginsWith', null) },
    'localFilter.value',
    'compares with text',
  ],
  [
    'a list for one value',
    { localFilter: compare('text', '=', ['a']) },
    'localFilter.value',
    '= compares with one value',
  ],
  [
    'one value for a list',
    { localFilter: compare('text', 'in', 'a') },
    'localFilter.value',
    'in compares with a list of values',
  ],
  ['an empty list', { localFilter: compare('text', 'in', []) }, 'localFilter.value', 'no record fits'],
  ['a value for blank', { localFilter: compare('text', 'blank', 'a') }, 'localFilter.value', 'expected null'],
  [
    'a number that is none',
    { localFilter: compare('decimal', '>', 'many') },
    'localFilter.value',
    'The decimal (decimal) cannot hold',
  ],
  [
    'a date that is none',
    { localFilter: compare('date', 'in', ['2026-01-31', '2026-02-30']) },
    'localFilter.value[1]',
    'expected a date',
  ],
  [
    'an option that is none',
    { localFilter: compare('option', '=', 'Sink') },
    'localFilter.value',
    'expected one of "Ship", "All"',
  ],
  // Field mappings: names and ends.
  [
    'a field mapping without a name',
    withFields(same('decimal', { name: '' })),
    'fields[1].name',
    'has no name',
  ],
  [
    'two field mappings of one name',
    withFields(same('decimal', { name: 'text:text' })),
    'fields[1].name',
    'is the name of fields[0] already',
  ],
  ['no field at all', withFields({ ...constant(), integrationField: null }), 'fields[1]', 'names no field'],
  [
    'a local field that is not there',
    withFields(field('colour', 'text2', TO)),
    'fields[1].localField',
    "Local (locals) has no field 'colour'; expected the name of one of its fields. It has 14 fields",
  ],
  [
    'an integration field that is not there',
    withFields(field('text2', 'colour', TO)),
    'fields[1].integrationField',
    'Remote (remotes) has no field',
  ],
  [
    'a picture',
    withFields(field('picture', 'text2', TO)),
    'fields[1].localField',
    'BLOB, media, image and file fields cannot be synchronized',
  ],
  [
    'to a picture',
    withFields(field('text2', 'picture', TO)),
    'fields[1].integrationField',
    'is a media field',
  ],
  // Constants.
  [
    'a constant without a value',
    withFields({ ...constant(), constant: undefined } as FieldMapping),
    'fields[1].constant',
    'give it one, or name the other field',
  ],
  [
    'a constant both ways',
    withFields(constant({ direction: 'BIDIRECTIONAL' })),
    'fields[1].direction',
    'A constant is carried one way',
  ],
  [
    'a constant the wrong way',
    withFields(constant({ direction: FROM })),
    'fields[1].direction',
    'expected TO_INTEGRATION_TABLE, got FROM_INTEGRATION_TABLE',
  ],
  [
    'a constant that does not fit',
    withFields(constant({ constant: 'A'.repeat(11) })),
    'fields[1].constant',
    'expected text of at most 10 characters',
  ],
  [
    'a constant that is cut',
    withFields(constant({ truncate: true })),
    'fields[1].truncate',
    'A constant is carried as it is',
  ],
  [
    'a constant beside two fields',
    withFields(same('text2', { constant: 'Person' })),
    'fields[1].constant',
    'pairs two fields, so that its constant has no place',
  ],
  // Destinations.
  [
    'to a read-only field',
    withFields(field('text2', 'readOnly', TO)),
    'fields[1].direction',
    'The readOnly (readOnly) of Remote is read-only: only its system writes it; expected the direction FROM_INTEGRATION_TABLE.',
  ],
  [
    'to a field that is given on creation only',
    withFields(field('text2', 'createOnly', TO)),
    'fields[1].direction',
    'can be given only when a record is created',
  ],
  [
    'two writers of one field',
    withFields(field('text2', 'text', TO)),
    'fields[1].integrationField',
    "'text' is written by fields[0] (text:text) already",
  ],
  ...FIELD_PROBLEMS,
]
