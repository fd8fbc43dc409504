import type { MappingDefinition } from '../../../src/domain/mapping.js'
import { field, TO } from '../support.js'
import { compare, RULE, same, template, templates, withFields } from './fixtures.js'

import type { Expected } from './problems.js'

/** Types, settings and references of field mappings, match rules, templates. */
export const FIELD_PROBLEMS: readonly Expected[] = [
  // Types.
  [
    'a Boolean to a number',
    withFields(field('boolean', 'integer', TO)),
    'fields[1]',
    'The boolean cannot be carried to The integer: the types differ. Give the field mapping an option map',
  ],
  ['a date to a number', withFields(field('date', 'integer', TO)), 'fields[1]', 'a date is no integer'],
  [
    'options of other names',
    withFields(field('option', 'option', TO)),
    'fields[1]',
    '"Ship", "All" is no option there',
  ],
  [
    'a lookup without mappings',
    withFields(same('lookup', { direction: TO })),
    'fields[1]',
    'Name in lookupMappings the mappings whose couplings translate them',
  ],
  [
    'text to a lookup',
    withFields(field('text2', 'lookup', TO)),
    'fields[1]',
    'ids differ from system to system',
  ],
  [
    'a date beside a date and time',
    withFields(field('date', 'dateTime', 'BIDIRECTIONAL')),
    'fields[1].timeZone',
    'name the time zone in which the day begins',
  ],
  [
    'a time zone that is none',
    withFields(field('date', 'dateTime', TO, { timeZone: 'Mars/Phobos' })),
    'fields[1].timeZone',
    "'Mars/Phobos' is no time zone",
  ],
  // Settings of a field mapping.
  [
    'Not Null of text',
    withFields(same('text2', { notNull: true })),
    'fields[1].notNull',
    'The Not Null value is applicable for GUID fields only.',
  ],
  [
    'Not Null and Clear Value on Failed Sync',
    withFields(same('lookup', { lookupMappings: ['PARENT'], notNull: true, clearValueOnFailedSync: true })),
    'fields[1].notNull',
    'expected one of the two',
  ],
  [
    'Clear Value on Failed Sync of text',
    withFields(same('text2', { clearValueOnFailedSync: true })),
    'fields[1].clearValueOnFailedSync',
    'names no lookupMappings',
  ],
  [
    'a number that is cut',
    withFields(same('integer', { truncate: true })),
    'fields[1].truncate',
    'Only text is cut',
  ],
  [
    'an owner of a one-way field',
    withFields(same('text2', { direction: TO, owner: 'LOCAL' })),
    'fields[1].owner',
    'carried one way only',
  ],
  [
    'an owner in a one-way mapping',
    { direction: TO, fields: [same('text', { owner: 'LOCAL' })] },
    'fields[0].owner',
    'carried one way only',
  ],
  [
    'a transformation rule that is none',
    withFields(same('text2', { transformTo: [{ type: 'SHOUT' }] as never })),
    'fields[1].transformTo',
    'Rule 1 of 1: ',
  ],
  [
    'rules for a direction that is not carried',
    withFields(same('text2', { direction: TO, transformFrom: [{ type: 'TRIM' }] })),
    'fields[1].transformFrom',
    'they have no effect',
  ],
  [
    'rules for a lookup',
    {
      ...withFields(same('lookup', { lookupMappings: ['PARENT'], transformTo: [{ type: 'TRIM' }] })),
      dependsOn: ['PARENT'],
    },
    'fields[1].transformTo',
    'rules would only spoil its id',
  ],
  [
    'an empty option map',
    withFields(same('text2', { optionMap: [] })),
    'fields[1].optionMap',
    'The option map is empty',
  ],
  [
    'an option map for a lookup',
    {
      ...withFields(
        same('lookup', { lookupMappings: ['PARENT'], optionMap: [{ local: null, integration: null }] }),
      ),
      dependsOn: ['PARENT'],
    },
    'fields[1].optionMap',
    'expected one of the two',
  ],
  [
    'an option map with a value that does not fit',
    withFields(field('option', 'option', TO, { optionMap: [{ local: 'Sink', integration: '1' }] })),
    'fields[1].optionMap[0].local',
    'expected one of "Ship", "All"',
  ],
  [
    'an option map with a value twice',
    withFields(
      field('option', 'option', TO, {
        optionMap: [
          { local: 'Ship', integration: '1' },
          { local: 'All', integration: '1' },
        ],
      }),
    ),
    'fields[1].optionMap[1].integration',
    "'1' stands in line 1 already",
  ],
  [
    'an amount both ways',
    withFields(same('decimal', { localCurrencyAmount: { currencyField: 'lookup' } })),
    'fields[1].direction',
    'An amount in the local currency is carried to the integration table only',
  ],
  [
    'an amount that is text',
    withFields(same('text2', { direction: TO, localCurrencyAmount: { currencyField: 'lookup' } })),
    'fields[1].localCurrencyAmount',
    'are not both numbers',
  ],
  [
    'an amount without a currency',
    withFields(same('decimal', { direction: TO, localCurrencyAmount: { currencyField: 'text' } })),
    'fields[1].localCurrencyAmount.currencyField',
    "'text' is no lookup of Local",
  ],
  // Lookups and dependencies.
  [
    'a lookup through no mapping',
    withFields(same('lookup', { lookupMappings: [] })),
    'fields[1].lookupMappings',
    'The list of mappings is empty',
  ],
  [
    'a lookup through an unknown mapping',
    withFields(same('lookup', { lookupMappings: ['NOBODY'] })),
    'fields[1].lookupMappings[0]',
    "There is no mapping 'NOBODY' in this connection; expected one of PARENT.",
  ],
  [
    'a lookup of what is no reference',
    { ...withFields(field('text2', 'lookup', TO, { lookupMappings: ['PARENT'] })), dependsOn: ['PARENT'] },
    'fields[1].lookupMappings',
    'do not both refer to records',
  ],
  [
    'a lookup through a mapping that does not run first',
    withFields(same('lookup', { lookupMappings: ['PARENT'] })),
    'dependsOn',
    'add PARENT to dependsOn',
  ],
  [
    'a lookup through a mapping of other tables',
    withFields(same('lookup', { lookupMappings: ['GOOD'] })),
    'fields[1].lookupMappings[0]',
    'this lookup leads to parents and accounts',
  ],
  ['an unknown dependency', { dependsOn: ['NOBODY'] }, 'dependsOn[0]', "There is no mapping 'NOBODY'"],
  ['a dependency on itself', { dependsOn: ['GOOD'] }, 'dependsOn[0]', 'cannot depend on itself'],
  ['a dependency twice', { dependsOn: ['PARENT', 'PARENT'] }, 'dependsOn[1]', 'stands in dependsOn already'],
  // Match rules.
  [
    'coupling by match without rules',
    { matchRules: [], coupling: { synchronizeAfterwards: false, createNew: true } },
    'matchRules',
    "You must specify which fields on the table mapping 'GOOD' should be used for match-based coupling.",
  ],
  [
    'the same without new records',
    { matchRules: [], coupling: { synchronizeAfterwards: true, createNew: false } },
    'matchRules',
    'You must specify which fields',
  ],
  [
    'a rule that compares nothing',
    { matchRules: [{ ...RULE, pairs: [] }] },
    'matchRules[0].pairs',
    'compares nothing',
  ],
  [
    'two rules of one priority',
    { matchRules: [RULE, RULE] },
    'matchRules[1].priority',
    'has the priority 1 already',
  ],
  [
    'a priority that is none',
    { matchRules: [{ ...RULE, priority: -1 }] },
    'matchRules[0].priority',
    'expected a whole number from 0 on',
  ],
  [
    'a match on no field',
    { matchRules: [{ ...RULE, pairs: [{ localField: 'colour', integrationField: 'code' }] }] },
    'matchRules[0].pairs[0].localField',
    'has no field',
  ],
  [
    'a match on no integration field',
    { matchRules: [{ ...RULE, pairs: [{ localField: 'code', integrationField: 'colour' }] }] },
    'matchRules[0].pairs[0].integrationField',
    'has no field',
  ],
  [
    'a match on an id',
    { matchRules: [{ ...RULE, pairs: [{ localField: 'guid', integrationField: 'code' }] }] },
    'matchRules[0].pairs[0].localField',
    'by which no record is recognised in another system',
  ],
  [
    'a match on what is never equal',
    { matchRules: [{ ...RULE, pairs: [{ localField: 'date', integrationField: 'integer' }] }] },
    'matchRules[0].pairs[0]',
    'are never equal',
  ],
  // Templates.
  ['a template without a name', templates({ name: '' }), 'templates.local[0].name', 'has no name'],
  [
    'two templates of one name',
    templates({}, {}),
    'templates.local[1].name',
    'is the name of templates.local[0] already',
  ],
  [
    'a template of half a priority',
    templates({ priority: 0.5 }),
    'templates.local[0].priority',
    'expected a whole number',
  ],
  [
    'a template for what is not there',
    templates({ values: { colour: 'red' } }),
    'templates.local[0].values.colour',
    'has no field',
  ],
  [
    'a template that writes a read-only field',
    templates({ values: { readOnly: 'x' } }),
    'templates.local[0].values.readOnly',
    'is read-only',
  ],
  [
    'a template with a value that does not fit',
    templates({ values: { decimal: '1.255' } }),
    'templates.local[0].values.decimal',
    'expected a number as text with at most 2 decimals',
  ],
  [
    'a template with blank where there is none',
    templates({ values: { decimal: null } }),
    'templates.local[0].values.decimal',
    'cannot hold blank',
  ],
  [
    'a template filter over the record that is created',
    {
      templates: { local: [], integration: [{ ...template({}), filter: compare('option', '=', '1') }] },
    } as unknown as Partial<MappingDefinition>,
    'templates.integration[0].filter.value',
    'expected one of "Ship", "All"',
  ],
]
