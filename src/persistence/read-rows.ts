import {
  JsonType,
  type EntityManager,
  type EntityMetadata,
  type EntityName,
  type EntityProperty,
} from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { run, sql, texts } from './sql.js'

/** How rows of one entity are selected and read. */
interface Reading {
  readonly properties: readonly {
    readonly name: string
    readonly column: string
    readonly isJson: boolean
    readonly read: ((value: unknown) => unknown) | null
  }[]
  /** What rows inherit: the methods and getters of the entity, without the bookkeeping of the ORM. */
  readonly prototype: object
}

type DbRow = Readonly<Record<string, unknown>>

const readings = new WeakMap<object, Reading>()

/**
 * The columns of an entity, to be selected from the alias; {@link toRow} makes rows of them. For long lists: a row is a plain object with the
 * methods of its entity, unknown to the entity manager, and JSON is parsed where it is looked at. `only`: the properties that are selected; null: all.
 */
export function columnsOf<Row extends object>(
  em: EntityManager,
  entity: EntityName<Row>,
  alias: string,
  only: readonly string[] | null = null,
): RawBuilder<unknown> {
  return sql.raw(
    selectedOf(readingOf(em, entity), only)
      .map(({ column, isJson }) => `${alias}."${column}"${isJson ? `::text as "${column}"` : ''}`)
      .join(', '),
  )
}

/** A row of which {@link columnsOf} has been selected; `only` as there. What was not selected is undefined. */
export function toRow<Row extends object>(
  em: EntityManager,
  entity: EntityName<Row>,
  only: readonly string[] | null = null,
): (selected: DbRow) => Row {
  const reading = readingOf(em, entity)
  const { prototype } = reading
  const properties = selectedOf(reading, only)
  return (selected) => {
    const row = Object.create(prototype) as Record<string, unknown>
    for (const { name, column, isJson, read } of properties) {
      const value = selected[column] ?? null
      if (value === null) row[name] = null
      else if (isJson) parseLater(row, name, String(value))
      else row[name] = read === null ? value : read(value)
    }
    return row as Row
  }
}

/** Rows by id, each read afresh, in no order. */
export async function rowsByIds<Row extends { id: string }>(
  em: EntityManager,
  entity: EntityName<Row>,
  ids: readonly string[],
): Promise<readonly Row[]> {
  if (ids.length === 0) return []
  const table = metadataOf(em, entity).tableName
  const selected = await run<DbRow>(
    em,
    sql`select ${columnsOf(em, entity, 'r')} from ${sql.table(table)} r where r.id = any(${texts(ids)}::uuid[])`,
  )
  return selected.map(toRow(em, entity))
}

/** Names of what its rows hold. */
export function propertyNamesOf<Row extends object>(
  em: EntityManager,
  entity: EntityName<Row>,
): readonly string[] {
  return readingOf(em, entity).properties.map(({ name }) => name)
}

/** Its table and columns. */
export function metadataOf<Row extends object>(
  em: EntityManager,
  entity: EntityName<Row>,
): EntityMetadata<Row> {
  return em.getMetadata().get<Row>(entity)
}

function selectedOf({ properties }: Reading, only: readonly string[] | null): Reading['properties'] {
  return only === null ? properties : properties.filter(({ name }) => only.includes(name))
}

function readingOf<Row extends object>(em: EntityManager, entity: EntityName<Row>): Reading {
  const metadata = metadataOf(em, entity)
  const known = readings.get(metadata)
  if (known !== undefined) return known
  const reading: Reading = {
    properties: metadata.props.flatMap((property) => propertyOf(em, property)),
    prototype: prototypeOf(metadata),
  }
  readings.set(metadata, reading)
  return reading
}

function propertyOf(em: EntityManager, property: EntityProperty): Reading['properties'] {
  const [column] = property.fieldNames ?? []
  if (column === undefined || property.persist === false) return []
  const { name, customType, runtimeType } = property
  const isJson = customType instanceof JsonType
  const platform = em.getPlatform()
  const read =
    runtimeType === 'Date'
      ? (value: unknown) => toDate(String(value)) ?? platform.parseDate(String(value))
      : customType === undefined
        ? null
        : (value: unknown): unknown => customType.convertToJSValue(value, platform)
  return [{ name, column, isJson, read }]
}

/** The ORM's own entries begin with two underscores, or are its setters of properties. */
function prototypeOf({ prototype, properties }: EntityMetadata): object {
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(
    ([name]) => name !== 'constructor' && !name.startsWith('__') && !Object.hasOwn(properties, name),
  )
  return Object.create(Object.prototype, Object.fromEntries(own)) as object
}

const IN_UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00$/

/** A time as PostgreSQL writes it in UTC, `2026-03-01 08:00:00.123+00`; null: otherwise. */
function toDate(text: string): Date | null {
  return IN_UTC.test(text) ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : null
}

function parseLater(row: object, name: string, text: string): void {
  Object.defineProperty(row, name, {
    enumerable: true,
    configurable: true,
    get() {
      const value: unknown = JSON.parse(text)
      Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true })
      return value
    },
    set(value: unknown) {
      Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true })
    },
  })
}
