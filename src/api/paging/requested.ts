import type { EntityManager, EntityName } from '@mikro-orm/postgresql'

import { propertyNamesOf } from '../../persistence/read-rows.js'
import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from '../graphql.js'

/** Where a page of a list has its rows. */
const PATHS_TO_ROWS: readonly (readonly string[])[] = [['nodes'], ['edges', 'node']]

/** By the first field of a document that asks for a page; documents that come again are the same object. */
const known = new WeakMap<object, ReadonlySet<string>>()

/** From which properties of its row a field is made that has a resolver. What has to be read otherwise needs none but the id. */
export type FieldsFrom = Readonly<Record<string, readonly string[]>>

/** Names of the fields that are asked for of the rows of a page, of whatever fragment. */
export function requestedOfRows(info: GraphQLResolveInfo): ReadonlySet<string> {
  const [first] = info.fieldNodes
  if (first === undefined) return new Set()
  const before = known.get(first)
  if (before !== undefined) return before
  const names = new Set<string>()
  for (const path of PATHS_TO_ROWS)
    for (const { selectionSet } of info.fieldNodes) collect(selectionSet, path, info, names)
  known.set(first, names)
  return names
}

/**
 * Properties of the rows of an entity that are enough to answer what is asked for of a page of them; null: all of them. A field is read from
 * the property of its name; `others`: from which ones those are that have a resolver. All of a row is read for a field that is neither.
 */
export function propertiesAsked<Row extends object>(
  em: EntityManager,
  entity: EntityName<Row>,
  info: GraphQLResolveInfo,
  others: FieldsFrom,
): readonly string[] | null {
  const own = propertyNamesOf(em, entity)
  const wanted = new Set(['id'])
  for (const name of requestedOfRows(info)) {
    const from = Object.hasOwn(others, name) ? others[name] : own.includes(name) ? [name] : null
    if (from === null || from === undefined) return null
    for (const property of from) wanted.add(property)
  }
  return [...wanted]
}

function collect(
  selections: SelectionSetNode | undefined,
  path: readonly string[],
  info: GraphQLResolveInfo,
  names: Set<string>,
): void {
  const [next, ...rest] = path
  for (const selection of selections?.selections ?? []) {
    if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, path, info, names)
    else if (selection.kind === Kind.FRAGMENT_SPREAD)
      collect(info.fragments[selection.name.value]?.selectionSet, path, info, names)
    else if (next === undefined) names.add(selection.name.value)
    else if (selection.name.value === next) collect(selection.selectionSet, rest, info, names)
  }
}
