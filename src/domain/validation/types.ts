import {
  mappingCarries,
  sourceOf,
  type FieldMapping,
  type MappingDefinition,
  type PassDirection,
} from '../mapping.js'
import type { FieldDefinition } from '../schema.js'
import { Side, type FieldType } from '../value.js'
import { error, type MappingProblem } from './problem.js'

/** A field mapping that pairs two existing fields. */
export interface PairedFields {
  readonly field: FieldMapping
  readonly local: FieldDefinition
  readonly integration: FieldDefinition
  readonly path: string
}

const PASSES: readonly PassDirection[] = ['TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE']

/** The passes of the mapping that carry a field. */
export function passesOfField(mapping: MappingDefinition, field: FieldMapping): readonly PassDirection[] {
  return PASSES.filter((pass) => mappingCarries(mapping, field, pass))
}

/** Whether the two types can be paired, in every direction in which the field is carried; what each pair needs besides. */
export function typeProblems(mapping: MappingDefinition, paired: PairedFields): readonly MappingProblem[] {
  const { field, local, integration, path } = paired
  if (field.lookupMappings !== undefined) return lookupTypeProblems(paired)
  const dates = [local.type.kind, integration.type.kind]
  if (
    dates.includes('date') &&
    dates.includes('dateTime') &&
    field.timeZone === undefined &&
    !hasRules(field)
  ) {
    return [
      error(
        `${path}.timeZone`,
        `${local.caption} and ${integration.caption} pair a date with a date and time; name the time zone in which the day begins, such as Europe/Berlin.`,
      ),
    ]
  }
  if (field.optionMap !== undefined) return []
  return passesOfField(mapping, field).flatMap((pass) => {
    const rules = pass === 'TO_INTEGRATION_TABLE' ? field.transformTo : field.transformFrom
    if (rules !== undefined && rules.length > 0) return []
    const [from, to] = sourceOf(pass) === Side.local ? [local, integration] : [integration, local]
    const reason = incompatible(from.type, to.type)
    return reason === null
      ? []
      : [error(path, `${from.caption} cannot be carried to ${to.caption}: ${reason}`)]
  })
}

function hasRules(field: FieldMapping): boolean {
  return (field.transformTo ?? []).length > 0 || (field.transformFrom ?? []).length > 0
}

const REFERRING: readonly FieldType['kind'][] = ['lookup', 'guid', 'option', 'integer']

function lookupTypeProblems({ local, integration, path }: PairedFields): readonly MappingProblem[] {
  const kinds = [local.type.kind, integration.type.kind]
  const refer =
    kinds.every((kind) => REFERRING.includes(kind)) &&
    kinds.some((kind) => kind === 'lookup' || kind === 'guid')
  return refer
    ? []
    : [
        error(
          `${path}.lookupMappings`,
          `${local.caption} (${local.type.kind}) and ${integration.caption} (${integration.type.kind}) do not both refer to records; remove lookupMappings, or pair two lookups.`,
        ),
      ]
}

const NEEDS_MAP =
  'the types differ. Give the field mapping an option map, which lists the values that belong together.'

/** Why a value of one type can never, or not by itself, become one of the other; null where it can. */
export function incompatible(from: FieldType, to: FieldType): string | null {
  if (from.kind === 'unsupported' || to.kind === 'unsupported')
    return 'BLOB, media, image and file fields cannot be synchronized. Remove the field mapping.'
  if (to.kind === 'lookup' || (from.kind === 'lookup' && to.kind === 'guid'))
    return 'ids differ from system to system. Name in lookupMappings the mappings whose couplings translate them.'
  if (isText(to)) return null
  if (isText(from)) return null
  if (isNumber(from) && isNumber(to)) return null
  if (from.kind === 'option' && to.kind === 'option') return differentMembers(from.members, to.members)
  if ((from.kind === 'option' && to.kind === 'integer') || (from.kind === 'integer' && to.kind === 'option'))
    return null
  if (from.kind === to.kind) return null
  if ([from.kind, to.kind].every((kind) => kind === 'date' || kind === 'dateTime')) return null
  return ['option', 'boolean'].includes(from.kind) || ['option', 'boolean'].includes(to.kind)
    ? NEEDS_MAP
    : `a ${from.kind} is no ${to.kind}. Pair fields of the same type, or give the field mapping a transformation rule that makes one of the other.`
}

function differentMembers(from: readonly string[], to: readonly string[]): string | null {
  const missing = from.filter((member) => !to.includes(member))
  return missing.length === 0 || to.length === 0
    ? null
    : `${missing
        .slice(0, 5)
        .map((member) => `"${member}"`)
        .join(
          ', ',
        )} is no option there. Give the field mapping an option map, which lists the values that belong together.`
}

function isText(type: FieldType): boolean {
  return type.kind === 'text' || type.kind === 'code'
}

function isNumber(type: FieldType): boolean {
  return type.kind === 'decimal' || type.kind === 'integer'
}
