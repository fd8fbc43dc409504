import type { FieldMapping, MappingDefinition } from '../../domain/mapping.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, echo, ErrorCode } from '../errors.js'
import type { ChangeRequest } from './authorship.js'
import { changeMapping } from './change-mapping.js'
import { toFieldDocument } from './document/mapping-document.js'
import { under } from './document/problems.js'
import { readFieldDocument, type Read } from './document/read-document.js'

/** Adds a field mapping at the end; it starts disabled, as in Business Central, unless its status says otherwise. */
export async function addFieldMapping(
  context: ApiContext,
  id: string,
  input: object,
  request: ChangeRequest,
): Promise<Mapping> {
  let added = 0
  return changeMapping(
    context,
    id,
    request,
    (path) => inInput(path, added),
    ({ definition }) => {
      added = definition.fields.length
      const read = readFieldDocument({ status: 'DISABLED', ...given(input) }, definition.direction)
      return { read: withFields(definition, read, (field) => [...definition.fields, field]) }
    },
  )
}

/** Changes a field mapping; what is left out stays. Throws NOT_FOUND naming those that exist. */
export async function updateFieldMapping(
  context: ApiContext,
  id: string,
  name: string,
  input: object,
  request: ChangeRequest,
): Promise<Mapping> {
  let index = 0
  return changeMapping(
    context,
    id,
    request,
    (path) => inInput(path, index),
    (mapping) => {
      const { definition } = mapping
      index = indexOf(mapping, name)
      const present = definition.fields[index]
      const read = readFieldDocument(
        { ...(present === undefined ? {} : toFieldDocument(present)), ...given(input) },
        definition.direction,
      )
      return { read: withFields(definition, read, (field) => definition.fields.with(index, field)) }
    },
  )
}

/** Throws NOT_FOUND naming those that exist. */
export async function removeFieldMapping(
  context: ApiContext,
  id: string,
  name: string,
  request: ChangeRequest,
): Promise<Mapping> {
  return changeMapping(
    context,
    id,
    request,
    (path) => path,
    (mapping) => ({
      read: {
        value: {
          ...mapping.definition,
          fields: mapping.definition.fields.toSpliced(indexOf(mapping, name), 1),
        },
        problems: [],
      },
    }),
  )
}

/**
 * A field mapping of a mapping with other settings; of no name: these settings alone. Throws NOT_FOUND, BAD_USER_INPUT with every
 * problem.
 */
export function fieldMappingOf(mapping: Mapping, name: string | null, input: object): FieldMapping {
  const { definition } = mapping
  const present = name === null ? undefined : definition.fields[indexOf(mapping, name)]
  const read = readFieldDocument(
    { ...(present === undefined ? {} : toFieldDocument(present)), ...given(input) },
    definition.direction,
  )
  if (read.value === null) {
    throw badUserInput(
      read.problems.map((problem) => ({ ...problem, argument: under('input', problem.argument) })),
    )
  }
  if (read.value.localField === null && read.value.integrationField === null) {
    throw badUserInput([
      { argument: 'input', message: 'Expected a local field, an integration field, or both.' },
    ])
  }
  return read.value
}

function withFields(
  definition: MappingDefinition,
  read: Read<FieldMapping>,
  place: (field: FieldMapping) => readonly FieldMapping[],
): Read<MappingDefinition> {
  if (read.value !== null) return { value: { ...definition, fields: place(read.value) }, problems: [] }
  return {
    value: null,
    problems: read.problems.map((problem) => ({ ...problem, argument: under('input', problem.argument) })),
  }
}

/** What is wrong with the field mapping at hand is told of the input, anything else of the mapping. */
function inInput(path: string, index: number): string {
  const own = `fields[${index}]`
  return path === own || path.startsWith(`${own}.`) ? `input${path.slice(own.length)}` : path
}

function indexOf(mapping: Mapping, name: string): number {
  const index = mapping.definition.fields.findIndex((field) => field.name === name)
  if (index >= 0) return index
  const names = mapping.definition.fields.map((field) => field.name)
  throw apiError(
    ErrorCode.notFound,
    `${mapping.name} has no field mapping ${echo(name)}. Field mappings: ${names.join(', ')}.`,
    { fields: names },
  )
}

function given(input: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
