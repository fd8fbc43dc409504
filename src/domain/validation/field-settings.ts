import type { FieldMapping, MappingDefinition } from '../mapping.js'
import type { TableDefinition } from '../schema.js'
import { validateRules } from '../transformation.js'
import { otherSide, Side, type Value } from '../value.js'
import { isTimeZone } from '../zoned-date.js'
import { error, shown, warning, type MappingProblem } from './problem.js'
import { passesOfField, type PairedFields } from './types.js'
import { misfit } from './values.js'

/** The settings of a field mapping that pairs two fields: each by itself, and those that exclude each other. */
export function settingProblems(
  mapping: MappingDefinition,
  paired: PairedFields,
  tables: Readonly<Record<Side, TableDefinition>>,
): readonly MappingProblem[] {
  return [
    ...blankProblems(paired),
    ...truncateProblems(mapping, paired),
    ...zoneProblems(paired),
    ...ownerProblems(mapping, paired),
    ...ruleProblems(mapping, paired),
    ...optionMapProblems(paired),
    ...amountProblems(paired, tables.LOCAL),
  ]
}

function blankProblems({ field, local, integration, path }: PairedFields): readonly MappingProblem[] {
  const refers = [local, integration].some((end) => end.type.kind === 'guid' || end.type.kind === 'lookup')
  const problems: MappingProblem[] = []
  if (field.notNull === true && !refers) {
    problems.push(
      error(
        `${path}.notNull`,
        `The Not Null value is applicable for GUID fields only. Neither ${local.caption} nor ${integration.caption} is one; remove notNull.`,
      ),
    )
  }
  if (field.notNull === true && field.clearValueOnFailedSync === true) {
    problems.push(
      error(
        `${path}.notNull`,
        'Not Null keeps a blank from being carried, and Clear Value on Failed Sync carries one; expected one of the two. Remove notNull or clearValueOnFailedSync.',
      ),
    )
  }
  if (field.clearValueOnFailedSync === true && field.lookupMappings === undefined) {
    problems.push(
      error(
        `${path}.clearValueOnFailedSync`,
        'Clear Value on Failed Sync is for references to records that are not coupled, and this field mapping names no lookupMappings. Add them, or remove clearValueOnFailedSync.',
      ),
    )
  }
  return problems
}

function truncateProblems(mapping: MappingDefinition, { field, local, integration, path }: PairedFields) {
  if (field.truncate !== true) return []
  const isText = (end: PairedFields['local']) => end.type.kind === 'text' || end.type.kind === 'code'
  const cuts = passesOfField(mapping, field).length > 0 && isText(local) && isText(integration)
  return cuts
    ? []
    : [
        error(
          `${path}.truncate`,
          `Only text is cut, and ${local.caption} and ${integration.caption} are not both text; remove truncate.`,
        ),
      ]
}

function zoneProblems({ field, path }: PairedFields): readonly MappingProblem[] {
  return field.timeZone === undefined || isTimeZone(field.timeZone)
    ? []
    : [
        error(
          `${path}.timeZone`,
          `${shown(field.timeZone)} is no time zone; expected an IANA name such as Europe/Berlin or UTC.`,
        ),
      ]
}

function ownerProblems(mapping: MappingDefinition, { field, path }: PairedFields): readonly MappingProblem[] {
  return field.owner === undefined || passesOfField(mapping, field).length === 2
    ? []
    : [
        error(
          `${path}.owner`,
          'An owner decides what both sides changed, and this field is carried one way only; make mapping and field bidirectional, or remove owner.',
        ),
      ]
}

function ruleProblems(mapping: MappingDefinition, { field, path }: PairedFields): readonly MappingProblem[] {
  const passes = passesOfField(mapping, field)
  return (['transformTo', 'transformFrom'] as const).flatMap((name) => {
    const rules = field[name]
    if (rules === undefined || rules.length === 0) return []
    const pass = name === 'transformTo' ? 'TO_INTEGRATION_TABLE' : 'FROM_INTEGRATION_TABLE'
    const problems = validateRules(rules).map((message) => error(`${path}.${name}`, message))
    if (field.lookupMappings !== undefined) {
      problems.push(
        error(
          `${path}.${name}`,
          'A reference is translated through couplings, so that rules would only spoil its id; remove the rules or lookupMappings.',
        ),
      )
    }
    return passes.includes(pass)
      ? problems
      : [
          ...problems,
          warning(
            `${path}.${name}`,
            `The rules are for a direction in which this field is not carried (${pass}); they have no effect.`,
          ),
        ]
  })
}

function optionMapProblems({ field, local, integration, path }: PairedFields): readonly MappingProblem[] {
  const pairs = field.optionMap
  if (pairs === undefined) return []
  if (pairs.length === 0)
    return [
      error(`${path}.optionMap`, 'The option map is empty; expected at least one line, or no option map.'),
    ]
  if (field.lookupMappings !== undefined)
    return [
      error(
        `${path}.optionMap`,
        'An option map lists values and lookupMappings translate references; expected one of the two. Remove one.',
      ),
    ]
  const ends = { local, integration }
  return pairs.flatMap((pair, line) =>
    (['local', 'integration'] as const).flatMap((end) => {
      const at = `${path}.optionMap[${line}].${end}`
      const reason = pair[end] === null ? null : misfit(pair[end], ends[end])
      if (reason !== null) return [error(at, reason)]
      const first = pairs.findIndex((other) => other[end] === pair[end])
      return first === line ? [] : [error(at, repeated(pair[end], first + 1))]
    }),
  )
}

function repeated(value: Value, line: number): string {
  return `${value === null ? 'Blank' : shown(value)} stands in line ${line} already; expected each value once on its side, so that it is clear what it becomes.`
}

function amountProblems({ field, local, integration, path }: PairedFields, table: TableDefinition) {
  const amount = field.localCurrencyAmount
  if (amount === undefined) return []
  const problems: MappingProblem[] = []
  if (field.direction !== 'TO_INTEGRATION_TABLE') {
    problems.push(
      error(
        `${path}.direction`,
        `An amount in the local currency is carried to the integration table only; expected TO_INTEGRATION_TABLE, got ${field.direction}.`,
      ),
    )
  }
  if (![local, integration].every((end) => end.type.kind === 'decimal' || end.type.kind === 'integer')) {
    problems.push(
      error(
        `${path}.localCurrencyAmount`,
        `${local.caption} and ${integration.caption} are not both numbers; remove localCurrencyAmount.`,
      ),
    )
  }
  const currency = table.fields.find((candidate) => candidate.name === amount.currencyField)
  if (currency?.type.kind !== 'lookup' && currency?.type.kind !== 'guid') {
    problems.push(
      error(
        `${path}.localCurrencyAmount.currencyField`,
        `${shown(amount.currencyField)} is no lookup of ${table.caption}; expected the field that holds the record's currency, such as currencyId.`,
      ),
    )
  }
  return problems
}

/** A constant: one-way, towards the field that it fills, without any setting that works on values read. */
export function constantProblems(
  field: FieldMapping,
  tables: Readonly<Record<Side, TableDefinition>>,
  path: string,
): readonly MappingProblem[] {
  const source = field.localField === null ? Side.local : Side.integration
  const destination = otherSide(source)
  const name = destination === Side.local ? field.localField : field.integrationField
  const pass = source === Side.local ? 'TO_INTEGRATION_TABLE' : 'FROM_INTEGRATION_TABLE'
  const problems: MappingProblem[] = []
  if (field.direction !== pass) {
    problems.push(
      error(
        `${path}.direction`,
        `A constant is carried one way, towards the field that it fills; expected ${pass}, got ${field.direction}.`,
      ),
    )
  }
  const end = tables[destination].fields.find((candidate) => candidate.name === name)
  if (field.constant === undefined) {
    problems.push(
      error(
        `${path}.constant`,
        'A field mapping with one field carries a constant; give it one, or name the other field.',
      ),
    )
  } else if (end !== undefined && end.type.kind !== 'unsupported') {
    const reason = misfit(field.constant, end)
    if (reason !== null) problems.push(error(`${path}.constant`, reason))
  }
  const strange = STRANGE_TO_CONSTANTS.filter(
    (setting) => field[setting] !== undefined && field[setting] !== false,
  )
  return [
    ...problems,
    ...strange.map((setting) =>
      error(
        `${path}.${setting}`,
        `A constant is carried as it is; ${setting} works on values that were read. Remove it.`,
      ),
    ),
  ]
}

const STRANGE_TO_CONSTANTS = [
  'lookupMappings',
  'clearValueOnFailedSync',
  'notNull',
  'transformTo',
  'transformFrom',
  'optionMap',
  'owner',
  'truncate',
  'timeZone',
  'localCurrencyAmount',
] as const satisfies readonly (keyof FieldMapping)[]
