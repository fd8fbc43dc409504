import { type Failure } from '../domain/failure.js'
import { sourceOf } from '../domain/mapping.js'
import { otherSide, Side } from '../domain/value.js'
import type { MappingContext } from './mapping-context.js'
import type { DecidedRow } from './page-format.js'
import { creationOf } from './plan-intents.js'
import type { WritePageInput } from './write-page.js'

export interface ChosenIds {
  /** By source id; none for what needs no id of ours. */
  readonly ids: ReadonlyMap<string, string>
  /** By source id: no record can be created out of these values. */
  readonly failures: ReadonlyMap<string, Failure>
}

/**
 * Ids for the records that rows create, where we choose them: asked of the systems before the transaction that commits to the
 * creations, so that no lock is held meanwhile. What is not used is lost, as numbers of a sequence are.
 */
export async function chooseIds(
  context: MappingContext,
  input: Pick<WritePageInput, 'pass'>,
  rows: readonly DecidedRow[],
): Promise<ChosenIds> {
  const ids = new Map<string, string>()
  const failures = new Map<string, Failure>()
  const destination = otherSide(sourceOf(input.pass))
  for (const side of [Side.local, Side.integration]) {
    const creations = rows.flatMap((row) => {
      const creation = creationOf(row, destination)
      return creation?.side === side ? [{ sourceId: row.sourceId, values: creation.values }] : []
    })
    const connector = context.connectors[side]
    const table = context.tables[side]
    if (creations.length === 0 || connector.creation(table) !== 'clientId') continue
    const answers = await connector.newIds(
      table,
      creations.map((creation) => creation.values),
    )
    creations.forEach(({ sourceId }, index) => {
      const answer = answers[index]
      if (answer === undefined) throw new Error(`The connector chose no id for a record of ${table.name}.`)
      if (typeof answer === 'string') ids.set(sourceId, answer)
      else failures.set(sourceId, answer)
    })
  }
  return { ids, failures }
}
