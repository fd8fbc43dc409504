import { z } from 'zod'
import type { Answer, ApiRequest } from './answer.js'
import type { Json, JsonObject } from './json.js'
import { isObject, parseJson } from './json.js'
import type { Switch } from './switches.js'
import type { Column, Table } from './table.js'
import { columnOf } from './table.js'

const place = { table: z.string(), column: z.string() }

/** What `POST /sandbox/schema` accepts: somebody changes a column of a table. */
export const schemaChangeSchema = z.discriminatedUnion('change', [
  z.strictObject({ ...place, change: z.literal('remove') }),
  z.strictObject({ ...place, change: z.literal('rename'), to: z.string().regex(/^[A-Za-z]\w*$/) }),
  z.strictObject({ ...place, change: z.literal('require') }),
  z.strictObject({ ...place, change: z.literal('shorten'), length: z.int().positive() }),
])
export type SchemaChange = z.infer<typeof schemaChangeSchema>

/** How a system refuses what no longer fits. */
export interface SchemaWords<T extends Table> {
  readonly unknown: (table: T, column: string) => Error
  readonly required: (table: T, column: string) => Error
  readonly tooLong: (table: T, column: string, length: number, text: string) => Error
  /** The table with a column that must not be blank. */
  readonly requiring: (table: T, column: string) => T
}

/**
 * Changes of the schema while clients are at work. The stored records stay as they are: what is removed is hidden and comes back
 * with its values when the switch is cleared, what is renamed travels under its new name.
 */
export class SchemaChanges<T extends Table> {
  private readonly changes: SchemaChange[] = []

  constructor(
    private readonly tables: readonly T[],
    private readonly words: SchemaWords<T>,
  ) {}

  /** Nothing was changed: the common case, to be as fast as if nothing could be. */
  get quiet(): boolean {
    return this.changes.length === 0
  }

  get switch(): Switch<SchemaChange> {
    return {
      set: (change) => {
        const table = this.tables.find(({ name }) => name === change.table)
        const column = table === undefined ? undefined : columnOf(table, change.column)
        if (table === undefined || column === undefined || column.hidden === true)
          return `There is no column '${change.column}' of '${change.table}'.`
        if (column.lookup !== undefined || column.readOnly === true || column.name === table.key)
          return `The column '${change.column}' cannot be changed here.`
        this.changes.push(change)
        return null
      },
      clear: () => {
        this.changes.length = 0
      },
      report: () => ({ changes: this.changes }),
    }
  }

  /** A table as its metadata shows it. */
  tableNow(table: T): T {
    return this.of(table).reduce((now, change) => this.changed(now, change), table)
  }

  /** A request in the names under which the records are stored. Throws for what the changed schema refuses. */
  incoming(table: T, request: ApiRequest): ApiRequest {
    const changes = this.of(table)
    if (changes.length === 0) return request
    const url = this.incomingUrl(table, changes, request)
    if (request.method === 'GET' || request.method === 'DELETE') return { ...request, url }
    const body = request.json ?? readJson(request.body)
    return body === null
      ? { ...request, url }
      : { ...request, url, json: this.incomingBody(table, changes, body, request.method) }
  }

  /** An answer in the names that clients know. */
  outgoing(table: T, answer: Answer): Answer {
    let { body } = answer
    for (const change of this.of(table)) {
      if (change.change === 'remove') body = body.replaceAll(memberOf(change.column), '')
      if (change.change !== 'rename') continue
      // A quote within a value is escaped in JSON, so only a member can look like this.
      body = body
        .replaceAll(`"${change.column}":`, `"${change.to}":`)
        .replaceAll(/"@odata\.(?:context|nextLink|deltaLink)":"[^"]*"/g, (annotation) =>
          annotation.replaceAll(wordOf(change.column), change.to),
        )
    }
    return { ...answer, body }
  }

  private of(table: T): readonly SchemaChange[] {
    return this.changes.filter((change) => change.table === table.name)
  }

  private changed(table: T, change: SchemaChange): T {
    switch (change.change) {
      case 'remove':
        return { ...table, columns: table.columns.filter(({ name }) => name !== change.column) }
      case 'rename':
        return withColumn(table, change.column, (column) => ({
          ...column,
          name: change.to,
          namedByItself: true,
        }))
      case 'require':
        return this.words.requiring(table, change.column)
      case 'shorten':
        return withColumn(table, change.column, (column) =>
          'length' in column.type ? { ...column, type: { ...column.type, length: change.length } } : column,
        )
    }
  }

  private incomingUrl(table: T, changes: readonly SchemaChange[], request: ApiRequest): string {
    const [path = '', query = ''] = request.url.split(/\?(.*)/s)
    const options = new Map(
      query
        .split('&')
        .filter((part) => part !== '')
        .map((part): [string, string] => {
          const equals = part.indexOf('=')
          const text = (value: string): string => decodeURIComponent(value.replaceAll('+', ' '))
          return equals === -1
            ? [text(part), '']
            : [text(part.slice(0, equals)), text(part.slice(equals + 1))]
        }),
    )
    for (const name of ['$select', '$filter', '$orderby']) {
      const value = options.get(name)
      if (value !== undefined) options.set(name, this.storedNames(table, changes, value))
    }
    const parts = [...options].map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    )
    return parts.length === 0 ? path : `${path}?${parts.join('&')}`
  }

  /** Names outside of quotes. Throws for those that are gone. */
  private storedNames(table: T, changes: readonly SchemaChange[], text: string): string {
    return text
      .split("'")
      .map((part, index) => {
        if (index % 2 === 1) return part
        let stored = part
        for (const change of changes) {
          const gone = change.change === 'remove' || change.change === 'rename'
          if (gone && wordOf(change.column).test(part)) throw this.words.unknown(table, change.column)
          if (change.change === 'rename') stored = stored.replaceAll(wordOf(change.to), change.column)
        }
        return stored
      })
      .join("'")
  }

  private incomingBody(table: T, changes: readonly SchemaChange[], body: Json, method: string): Json {
    if (!isObject(body)) return body
    const targets = body['Targets']
    if (Array.isArray(targets))
      return { ...body, Targets: targets.map((target) => this.incomingBody(table, changes, target, method)) }
    const record: JsonObject = { ...body }
    for (const change of changes) {
      const { column } = change
      const value = record[column]
      if (change.change === 'remove' || change.change === 'rename') {
        if (column in body) throw this.words.unknown(table, column)
        if (change.change === 'remove' || !(change.to in record)) continue
        record[column] = record[change.to] ?? null
        delete record[change.to]
      } else if (change.change === 'require') {
        const blank = value === null || value === ''
        if (blank || (value === undefined && method === 'POST')) throw this.words.required(table, column)
      } else if (typeof value === 'string' && value.length > change.length) {
        throw this.words.tooLong(table, column, change.length, value)
      }
    }
    return record
  }
}

function withColumn<T extends Table>(table: T, name: string, change: (column: Column) => Column): T {
  return {
    ...table,
    columns: table.columns.map((column) => (column.name === name ? change(column) : column)),
  }
}

/** A member of a record's JSON with its value; it is never the first one, which is the ETag. */
function memberOf(name: string): RegExp {
  return new RegExp(`,"${name}":(?:"(?:[^"\\\\]|\\\\.)*"|[^,}\\]]+)`, 'g')
}

function wordOf(name: string): RegExp {
  return new RegExp(`\\b${name}\\b`, 'g')
}

/** Null: not JSON, which the system itself refuses. */
function readJson(text: string): Json {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
