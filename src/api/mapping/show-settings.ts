import { reasonMissing } from '../../domain/catalog/available.js'
import type { Filter } from '../../domain/filter.js'
import type { FieldMapping, InsertTemplate, Schedule } from '../../domain/mapping.js'
import { describeSchedule } from '../../domain/schedule.js'
import type { KnownTable } from '../../persistence/tables.js'
import { reasonNotMappable } from '../system-table/describe-table.js'
import { describeFilter, toFilterDocument } from './document/filter-document.js'
import { toFieldDocument } from './document/mapping-document.js'
import type { FieldMappingType } from './field-mapping.type.js'
import type { FilterType, InsertTemplateType, ScheduleType } from './settings.type.js'

/** The caption of a field; null where the field is null or not known. */
export function captionOf(table: KnownTable | null, field: string | null): string | null {
  return table?.definition.fields.find((candidate) => candidate.name === field)?.caption ?? null
}

/** A filter in words, by the captions of its fields; null: no filter. */
export function filterTextOf(filter: Filter | null, table: KnownTable | null): string | null {
  return filter === null ? null : describeFilter(filter, (field) => captionOf(table, field) ?? field)
}

/** A field mapping's settings, and why it cannot be carried if so. */
export function describeField(
  field: FieldMapping,
  local: KnownTable | null,
  integration: KnownTable | null,
): Omit<FieldMappingType, 'localCaption' | 'integrationCaption' | 'userDefined'> {
  return {
    name: field.name,
    ...toFieldDocument(field),
    unavailable: whyMissing(local, field.localField) ?? whyMissing(integration, field.integrationField),
  }
}

/** `localText`: "2 templates". `source`: the table of the records that they are created from. */
export function describeTemplates<Name extends 'local' | 'integration'>(
  side: Name,
  templates: readonly InsertTemplate[],
  source: KnownTable | null,
): { [Key in Name]: InsertTemplateType[] } & { [Key in `${Name}Text`]: string } {
  const shown = templates.map(({ name, priority, filter, values }) => ({
    name,
    priority,
    filter: filter && (toFilterDocument(filter) as FilterType),
    filterText: filterTextOf(filter, source),
    values,
  }))
  const text = `${templates.length} ${templates.length === 1 ? 'template' : 'templates'}`
  return { [side]: shown, [`${side}Text`]: text } as { [Key in Name]: InsertTemplateType[] } & {
    [Key in `${Name}Text`]: string
  }
}

/** A schedule under the names that the API gives it. */
export function scheduleType(schedule: Schedule): ScheduleType {
  const text = describeSchedule(schedule)
  return schedule.kind === 'interval'
    ? { everyMinutes: schedule.minutes, cron: null, timeZone: null, text }
    : { everyMinutes: null, cron: schedule.expression, timeZone: schedule.timeZone, text }
}

function whyMissing(table: KnownTable | null, name: string | null): string | null {
  if (table === null || name === null) return null
  const { definition, readAt } = table
  const field = definition.fields.find((candidate) => candidate.name === name)
  if (field !== undefined) return reasonNotMappable(field)
  const reason = reasonMissing(definition, name)
  return readAt === null ? reason : `${reason} Its metadata was read at ${readAt.toISOString()}.`
}
