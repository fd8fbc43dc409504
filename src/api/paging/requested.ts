import type { EntityManager, EntityName } from '@mikro-orm/postgresql'

import { propertyNamesOf } from '../../persistence/read-rows.js'
import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from '../graphql.js'

/** Where a page of a list has its rows. */
const PATHS_TO_ROWS: readonly (readonly string[])[] = [['nodes'], ['edges', 'node']]

/** By the one field of a document that asks for a page; documents that come again are the same object. */
const known = new WeakMap<object, ReadonlySet<string>>()

/** From which properties of its row a field is made that has a resolver. What has to be read otherwise needs none but the id. */
export type FieldsFrom = Readonly<Record<string, readonly string[]>>

/** Names of the fields that are asked for of the rows of a page, of whatever fragment. */
export function requestedOfRows(info: GraphQLResolveInfo): ReadonlySet<string> {
  const [first, ...others] = info.fieldNodes
  // Which others there are may differ from request to request: conditions leave them out.
  const only = others.length === 0 ? first : undefined
  const before = only && known.get(only)
  if (before !== undefined) return before
  const names = new Set<string>()
  for (const path of PATHS_TO_ROWS) {
    const visited = new Set<string>()
    for (const { selectionSet } of info.fieldNodes) collect(selectionSet, path, info, names, visited)
  }
  if (only !== undefined) known.set(only, names)
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

/** `visited`: fragments, by how much of the path was left. Each is looked at once, however often it is spread: a short document spreads one without end. */
function collect(
  selections: SelectionSetNode | undefined,
  path: readonly string[],
  info: GraphQLResolveInfo,
  names: Set<string>,
  visited: Set<string>,
): void {
  const [next, ...rest] = path
  for (const selection of selections?.selections ?? []) {
    const name = selection.kind === Kind.INLINE_FRAGMENT ? '' : selection.name.value
    if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, path, info, names, visited)
    else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const visit = `${path.length} ${name}`
      if (visited.has(visit)) continue
      visited.add(visit)
      collect(info.fragments[name]?.selectionSet, path, info, names, visited)
    } else if (next === undefined) names.add(name)
    else if (name === next) collect(selection.selectionSet, rest, info, names, visited)
  }
}
