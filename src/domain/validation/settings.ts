import { CronExpressionParser } from 'cron-parser'
import { Direction, sourceOf, type MappingDefinition, type Schedule } from '../mapping.js'
import type { TableDefinition } from '../schema.js'
import { otherSide, type Side } from '../value.js'
import { isTimeZone } from '../zoned-date.js'
import { error, shown, warning, type MappingProblem } from './problem.js'

const LONGEST_NAME = 50
const MONTH_OF_MINUTES = 31 * 24 * 60

/** What stands beside tables and fields: the name, policies, review limits, the schedule. */
export function mappingSettingProblems(
  mapping: MappingDefinition,
  tables: Readonly<Record<Side, TableDefinition>>,
  others: readonly MappingDefinition[],
): readonly MappingProblem[] {
  return [
    ...nameProblems(mapping, others),
    ...numberProblems(mapping),
    ...scheduleProblems('schedule', mapping.schedule),
    ...(mapping.reconcileSchedule === null
      ? []
      : scheduleProblems('reconcileSchedule', mapping.reconcileSchedule)),
    ...deletionProblems(mapping),
    ...bulkUpdateProblems(mapping, tables),
  ]
}

function nameProblems(
  { name }: MappingDefinition,
  others: readonly MappingDefinition[],
): readonly MappingProblem[] {
  if (name.trim() === '' || name.length > LONGEST_NAME) {
    return [
      error('name', `The name ${shown(name)} has ${name.length} characters; expected 1 to ${LONGEST_NAME}.`),
    ]
  }
  return others.some((other) => other.name.toUpperCase() === name.toUpperCase())
    ? [
        error(
          'name',
          `There is a mapping ${shown(name)} in this connection already; expected a name of its own, whatever its case.`,
        ),
      ]
    : []
}

function numberProblems(mapping: MappingDefinition): readonly MappingProblem[] {
  const { percent, minimum } = mapping.deletionReview
  return [
    ...outside(
      'deletionReview.percent',
      'The share of couplings',
      percent,
      percent >= 0 && percent <= 100,
      'a number from 0 to 100',
    ),
    ...outside(
      'deletionReview.minimum',
      'The least number of deletions',
      minimum,
      Number.isInteger(minimum) && minimum >= 0,
      'a whole number from 0 on',
    ),
    ...countOrNever('inactivityTimeoutMinutes', 'minutes', mapping.inactivityTimeoutMinutes),
    ...countOrNever('findDeletedHours', 'hours', mapping.findDeletedHours),
  ]
}

function countOrNever(path: string, unit: string, value: number | null): readonly MappingProblem[] {
  const isRight = value === null || (Number.isInteger(value) && value >= 1)
  return outside(
    path,
    `The number of ${unit}`,
    value ?? 0,
    isRight,
    'a whole number from 1 on, or null for never',
  )
}

function outside(path: string, what: string, value: number, isRight: boolean, expected: string) {
  return isRight ? [] : [error(path, `${what} is ${value}; expected ${expected}.`)]
}

function scheduleProblems(
  path: 'schedule' | 'reconcileSchedule',
  schedule: Schedule,
): readonly MappingProblem[] {
  if (schedule.kind === 'interval') {
    const isRight =
      Number.isInteger(schedule.minutes) && schedule.minutes >= 1 && schedule.minutes <= MONTH_OF_MINUTES
    return outside(
      `${path}.minutes`,
      'The interval',
      schedule.minutes,
      isRight,
      `a whole number of minutes from 1 to ${MONTH_OF_MINUTES}`,
    )
  }
  const problems: MappingProblem[] = []
  const reason = cronProblem(schedule.expression)
  if (reason !== null) {
    problems.push(
      error(
        `${path}.expression`,
        `${shown(schedule.expression)} is no cron expression (${reason}); expected five fields, minute hour day month weekday, such as "0 6 * * 1-5".`,
      ),
    )
  }
  if (!isTimeZone(schedule.timeZone)) {
    problems.push(
      error(
        `${path}.timeZone`,
        `${shown(schedule.timeZone)} is no time zone; expected an IANA name such as Europe/Berlin or UTC.`,
      ),
    )
  }
  return problems
}

const CRON_NAMES = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)\b/gi

function cronProblem(expression: string): string | null {
  const fields = expression.trim().split(/\s+/).length
  if (fields !== 5) return `it has ${fields} fields`
  // What else the parser knows (L, ?, #, H) the scheduler refuses.
  const strange = expression.replaceAll(CRON_NAMES, '').match(/[^0-9*,/\-\s]/)
  if (strange !== null) return `${JSON.stringify(strange[0])} has no meaning here`
  try {
    CronExpressionParser.parse(expression, { tz: 'UTC' })
    return null
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}

/** Business Central's own warning. */
function deletionProblems(mapping: MappingDefinition): readonly MappingProblem[] {
  return mapping.deletionConflictPolicy === 'DELETE_COUPLING' && !mapping.onlyCoupled
    ? [
        warning(
          'deletionConflictPolicy',
          'Synch. Only Coupled Records is unchecked. Therefore, if conflict resolution strategy removes a broken coupling, a subsequent scheduled synchronization job may recreate the coupling.',
        ),
      ]
    : []
}

/** Without its version an update overwrites whatever was edited since the comparison, which only a one-way mapping means to do. */
function bulkUpdateProblems(
  mapping: MappingDefinition,
  tables: Readonly<Record<Side, TableDefinition>>,
): readonly MappingProblem[] {
  if (mapping.bulkUpdates !== true) return []
  if (mapping.direction === Direction.bidirectional) {
    return [
      error(
        'bulkUpdates',
        'The mapping works in both directions, and updates in bulk carry no versions: an edit made between comparison and write would be lost. Switch bulkUpdates off, or give the mapping one direction.',
      ),
    ]
  }
  const destination = tables[otherSide(sourceOf(mapping.direction))]
  return destination.system === 'DATAVERSE'
    ? []
    : [
        error(
          'bulkUpdates',
          `${destination.caption} is written, which is no table of Dynamics 365: only there is a message that updates many records. Switch bulkUpdates off.`,
        ),
      ]
}
