import type { Scenario } from '../../support/scenario.js'

export interface Write {
  readonly id: string
  readonly side: 'LOCAL' | 'INTEGRATION'
  readonly kind: string
  readonly decisionRow: string
  readonly reason: string
  readonly undoneBy: { readonly id: string } | null
  readonly run: { readonly id: string } | null
  readonly coupling: { readonly id: string } | null
  readonly record: { readonly id: string; readonly name: string | null } | null
  readonly otherRecord: { readonly id: string; readonly name: string | null } | null
  readonly fields: readonly {
    readonly field: string
    readonly before: string | null
    readonly after: string | null
    readonly lost: boolean
  }[]
}

export interface UndoneWrite {
  readonly outcome: string | null
  readonly message: string | null
  readonly write: { readonly id: string } | null
  readonly run: { readonly id: string; readonly status: string } | null
  readonly fields: readonly {
    readonly field: string
    readonly before: string | null
    readonly after: string | null
    readonly current: string | null
    readonly outcome: string
  }[]
}

const WRITE = `id side kind decisionRow reason undoneBy { id } run { id } coupling { id }
  record { id name } otherRecord { id name } fields { field before after lost }`
const UNDONE = `outcome message write { id } run { id status } fields { field before after current outcome }`

/** What Accord has written to a record or to its partner, newest first. */
export async function writesOf(demo: Scenario, recordId: string): Promise<readonly Write[]> {
  const { recordWrites } = await demo.ask<{ recordWrites: { nodes: readonly Write[] } }>(
    `query ($id: ID!) { recordWrites(filter: { recordId: $id }) { nodes { ${WRITE} } } }`,
    { id: recordId },
  )
  return recordWrites.nodes
}

export async function undo(
  demo: Scenario,
  writes: readonly (Write | undefined)[],
  options: { readonly overwrite?: boolean; readonly both?: boolean } = {},
): Promise<readonly UndoneWrite[]> {
  const { undoWrites } = await demo.ask<{ undoWrites: readonly UndoneWrite[] }>(
    `mutation ($ids: [ID!]!, $overwrite: Boolean!, $both: Boolean!) {
      undoWrites(ids: $ids, overwrite: $overwrite, both: $both) { ${UNDONE} } }`,
    {
      ids: writes.map((write) => write?.id),
      overwrite: options.overwrite ?? false,
      both: options.both ?? false,
    },
  )
  return undoWrites
}

/** Undoes a whole run, to its end. */
export async function undoRun(demo: Scenario, runId: string): Promise<readonly UndoneWrite[]> {
  const { undoRun: made } = await demo.ask<{ undoRun: { id: string } }>(
    `mutation ($id: ID!) { undoRun(runId: $id) { id } }`,
    { id: runId },
  )
  await demo.ended(made.id)
  const { synchRun } = await demo.ask<{ synchRun: { undoResults: { nodes: readonly UndoneWrite[] } } }>(
    `query ($id: ID!) { synchRun(id: $id) { undoResults(first: 100) { nodes { ${UNDONE} } } } }`,
    { id: made.id },
  )
  return synchRun.undoResults.nodes
}
