import {
  directionsOf,
  fieldOn,
  mappingCarries,
  sourceOf,
  type FieldMapping,
  type MappingDefinition,
} from '../mapping.js'
import type { FieldDefinition, TableDefinition } from '../schema.js'
import { otherSide, Side } from '../value.js'
import { constantProblems, settingProblems } from './field-settings.js'
import { error, shown, unknownField, warning, type MappingProblem } from './problem.js'
import { passesOfField, typeProblems } from './types.js'

type Tables = Readonly<Record<Side, TableDefinition>>
const MEMBER = { LOCAL: 'localField', INTEGRATION: 'integrationField' } as const satisfies Record<
  Side,
  keyof FieldMapping
>

/** Every problem of the field mappings. A disabled one may refer to fields that are not there; its name counts all the same. */
export function fieldProblems(mapping: MappingDefinition, tables: Tables): readonly MappingProblem[] {
  return [
    ...directionProblems(mapping),
    ...nameProblems(mapping),
    ...mapping.fields.flatMap((field, index) =>
      field.status === 'DISABLED' ? [] : oneField(mapping, field, tables, `fields[${index}]`),
    ),
    ...destinationProblems(mapping),
  ]
}

/** Business Central's own sentence. */
function directionProblems(mapping: MappingDefinition): readonly MappingProblem[] {
  const enabled = mapping.fields.filter((field) => field.status !== 'DISABLED')
  return directionsOf(mapping.direction)
    .filter((pass) => !enabled.some((field) => mappingCarries(mapping, field, pass)))
    .map((pass) =>
      error(
        'direction',
        `You must set the direction of at least one enabled integration field mapping to '${pass}'. Enable one, or choose another direction for the mapping.`,
      ),
    )
}

function nameProblems(mapping: MappingDefinition): readonly MappingProblem[] {
  return mapping.fields.flatMap(({ name }, index) => {
    if (name.trim() === '')
      return [
        error(
          `fields[${index}].name`,
          'A field mapping has no name; expected <local field>:<integration field>.',
        ),
      ]
    const first = mapping.fields.findIndex((other) => other.name === name)
    return first === index
      ? []
      : [
          error(
            `fields[${index}].name`,
            `${shown(name)} is the name of fields[${first}] already; expected each field mapping once. Remove one of the two.`,
          ),
        ]
  })
}

function oneField(
  mapping: MappingDefinition,
  field: FieldMapping,
  tables: Tables,
  path: string,
): readonly MappingProblem[] {
  if (field.localField === null && field.integrationField === null) {
    return [
      error(path, 'The field mapping names no field; expected a local field, an integration field, or both.'),
    ]
  }
  const ends = {
    LOCAL: endOf(field, Side.local, tables),
    INTEGRATION: endOf(field, Side.integration, tables),
  }
  const missing = Object.values(Side).flatMap((side) => {
    const name = fieldOn(field, side)
    return name !== null && ends[side] === undefined
      ? [unknownField(`${path}.${MEMBER[side]}`, tables[side], name)]
      : []
  })
  const refused = Object.values(Side).flatMap((side) =>
    unsupportedProblems(ends[side], `${path}.${MEMBER[side]}`),
  )
  const isConstant = field.localField === null || field.integrationField === null
  const constants = isConstant ? constantProblems(field, tables, path) : strayConstant(field, path)
  const { LOCAL: local, INTEGRATION: integration } = ends
  const paired =
    local === undefined || integration === undefined || refused.length > 0
      ? []
      : [
          ...typeProblems(mapping, { field, local, integration, path }),
          ...settingProblems(mapping, { field, local, integration, path }, tables),
        ]
  return [
    ...missing,
    ...refused,
    ...constants,
    ...paired,
    ...writableProblems(mapping, field, ends, tables, path),
  ]
}

function endOf(field: FieldMapping, side: Side, tables: Tables): FieldDefinition | undefined {
  const name = fieldOn(field, side)
  return tables[side].fields.find((candidate) => candidate.name === name)
}

function unsupportedProblems(end: FieldDefinition | undefined, path: string): readonly MappingProblem[] {
  return end?.type.kind === 'unsupported'
    ? [
        error(
          path,
          `${end.caption} (${end.name}) is a ${end.type.name} field; BLOB, media, image and file fields cannot be synchronized. Remove the field mapping, or choose another field.`,
        ),
      ]
    : []
}

function strayConstant(field: FieldMapping, path: string): readonly MappingProblem[] {
  return field.constant === undefined
    ? []
    : [
        error(
          `${path}.constant`,
          'The field mapping pairs two fields, so that its constant has no place; remove the constant, or one of the fields.',
        ),
      ]
}

/** Nothing can be carried to a field that only its system writes. */
function writableProblems(
  mapping: MappingDefinition,
  field: FieldMapping,
  ends: Readonly<Record<Side, FieldDefinition | undefined>>,
  tables: Tables,
  path: string,
): readonly MappingProblem[] {
  return passesOfField(mapping, field).flatMap((pass) => {
    const side = otherSide(sourceOf(pass))
    const end = ends[side]
    if (end === undefined || end.type.kind === 'unsupported') return []
    const table = tables[side]
    if (end.readOnly === true) {
      const other = pass === 'TO_INTEGRATION_TABLE' ? 'FROM_INTEGRATION_TABLE' : 'TO_INTEGRATION_TABLE'
      return [
        error(
          `${path}.direction`,
          `${end.caption} (${end.name}) of ${table.caption} is read-only: only its system writes it; expected the direction ${other}.`,
        ),
      ]
    }
    // Where the other end is given on creation only as well, as with two keys, there is no later change of it.
    return end.createOnly === true && ends[sourceOf(pass)]?.createOnly !== true
      ? [
          warning(
            `${path}.direction`,
            `${end.caption} (${end.name}) of ${table.caption} can be given only when a record is created; a later change of it will fail for that record.`,
          ),
        ]
      : []
  })
}

/** A field is written by one field mapping: two of them would overwrite each other for ever. */
function destinationProblems(mapping: MappingDefinition): readonly MappingProblem[] {
  const writers = new Map<string, number>()
  return mapping.fields.flatMap((field, index) => {
    if (field.status === 'DISABLED') return []
    return passesOfField(mapping, field).flatMap((pass) => {
      const side = otherSide(sourceOf(pass))
      const name = fieldOn(field, side)
      if (name === null) return []
      const first = writers.get(`${side}:${name}`)
      if (first === undefined) {
        writers.set(`${side}:${name}`, index)
        return []
      }
      return [
        error(
          `fields[${index}].${MEMBER[side]}`,
          `${shown(name)} is written by fields[${first}] (${mapping.fields[first]?.name ?? ''}) already; expected one field mapping per destination. Disable or remove one of the two, or change its direction.`,
        ),
      ]
    })
  })
}
