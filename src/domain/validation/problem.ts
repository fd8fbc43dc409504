import type { TableDefinition } from '../schema.js'

export const Severity = { error: 'ERROR', warning: 'WARNING' } as const
/** An `ERROR` keeps a mapping from being saved; a `WARNING` is told to who saves it. */
export type Severity = (typeof Severity)[keyof typeof Severity]

/** One thing that is wrong with a mapping definition, in words a person can act on. */
export interface MappingProblem {
  /** Where in the definition: `fields[3].direction`. */
  readonly path: string
  /** What is wrong, what is expected and how to put it right. */
  readonly message: string
  readonly severity: Severity
}

export function error(path: string, message: string): MappingProblem {
  return { path, message, severity: Severity.error }
}

export function warning(path: string, message: string): MappingProblem {
  return { path, message, severity: Severity.warning }
}

/** A value as it is shown in a message: quoted, on one line, not too long. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').toWellFormed()
  return `'${line.length > 60 ? `${line.slice(0, 60).toWellFormed()}…` : line}'`
}

/** That a table has no such field, with the names that come nearest. */
export function unknownField(path: string, table: TableDefinition, name: string): MappingProblem {
  const wanted = name.toLowerCase()
  const isNear = (candidate: string) =>
    candidate.includes(wanted) || wanted.includes(candidate) || candidate.startsWith(wanted.slice(0, 4))
  const near = table.fields
    .map((field) => field.name)
    .filter((candidate) => isNear(candidate.toLowerCase()))
    .slice(0, 8)
  const hint =
    near.length > 0
      ? `Did you mean ${near.join(' or ')}?`
      : `It has ${table.fields.length} fields, among them ${table.fields
          .slice(0, 5)
          .map((field) => field.name)
          .join(', ')}.`
  return error(
    path,
    `${table.caption} (${table.name}) has no field ${shown(name)}; expected the name of one of its fields. ${hint}`,
  )
}
