import type { ChangesFrom } from '../connectors/connector.js'
import { Lane } from '../domain/lane.js'
import { directionsOf } from '../domain/mapping.js'
import { sourceOf } from '../domain/settle.js'
import { Side } from '../domain/value.js'
import { couplingsByRecord } from '../persistence/queries/couplings.js'
import { handledVersions } from '../persistence/queries/handled-versions.js'
import type { ActivityDependencies } from './dependencies.js'
import { loadMapping, type MappingContext } from './mapping-context.js'

/** Rows of the overlap with what was read before that a look tells apart from news. */
const ROWS = 20

/**
 * Whether a sleeping mapping has something to do: one short read of each change feed, nothing else. When a system cannot be
 * asked the answer is yes, so that the run it leads to tells what is wrong.
 */
export async function hasChanges(dependencies: ActivityDependencies, mappingId: string): Promise<boolean> {
  try {
    const context = await loadMapping(dependencies, mappingId, Lane.live)
    for (const direction of directionsOf(context.definition.direction)) {
      if (await hasNews(context, sourceOf(direction))) return true
    }
    return false
  } catch (error) {
    dependencies.logger.warn({ err: error, mappingId }, 'Changes could not be looked for')
    return true
  }
}

async function hasNews(context: MappingContext, side: Side): Promise<boolean> {
  const { mapping, em } = context
  const connector = context.connectors[side]
  const table = context.tables[side]
  const tracked = connector.changeFeed(table) === 'token'
  const mark = side === Side.local ? mapping.toWatermark : mapping.fromWatermark
  const token = mapping.tokenOf(side)
  let from: ChangesFrom
  if (tracked && token !== null) from = { kind: 'token', token }
  else if (!tracked && mark) from = { kind: 'stamp', atOrAfter: mark.getTime() }
  else return true
  const page = await connector.readChanges({
    table,
    fields: context.fields[side],
    from,
    pageSize: ROWS,
    track: tracked,
  })
  if (page.changes.length === 0) return false
  const ids = page.changes.map((change) => (change.kind === 'changed' ? change.record.id : change.id))
  if (page.next !== null) return true
  const handled = await handledVersions(em, mapping.id, side, ids)
  const couplings = new Map(
    (await couplingsByRecord(em, mapping.id, side, ids)).map((coupling) => [
      side === Side.local ? coupling.localId : coupling.integrationId,
      coupling,
    ]),
  )
  return page.changes.some((change) => {
    if (change.kind === 'tombstone') return couplings.has(change.id)
    const { id, version } = change.record
    if (handled.get(id)?.version === version) return false
    const coupling = couplings.get(id)
    if (coupling === undefined) return !context.definition.onlyCoupled
    return (side === Side.local ? coupling.local : coupling.integration).version !== version
  })
}
