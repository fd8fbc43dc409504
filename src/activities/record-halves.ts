import type { EntityManager } from '@mikro-orm/postgresql'
import type { Base } from '../domain/coupling.js'
import { fieldOn, mappedValue } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import { sourceOf } from '../domain/settle.js'
import { Side } from '../domain/value.js'
import { lockRevisions, updateCouplings } from '../persistence/queries/couplings.js'
import { closeIntents, type Intent } from '../persistence/queries/intents.js'
import { recordWrites } from '../persistence/queries/history.js'
import { assertLease } from '../persistence/queries/pages.js'
import type { MappingContext } from './mapping-context.js'
import type { DecidedRow } from './page-format.js'
import type { IntentOutcome } from './send-intents.js'
import { writeOfIntent } from './written-records.js'
import type { WritePageInput } from './write-page.js'

/** A record whose second half was refused keeps what its first half carried. */
export async function keepHalvesOfRefused(
  context: MappingContext,
  input: WritePageInput,
  before: readonly DecidedRow[],
  after: readonly DecidedRow[],
  intents: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
): Promise<void> {
  const known = new Set(before.filter((row) => row.refused !== null).map((row) => row.sourceId))
  const refused = new Set(
    after.filter((row) => row.refused !== null && !known.has(row.sourceId)).map((row) => row.sourceId),
  )
  const halves = intents.filter(
    (intent) => refused.has(intent.sourceId) && outcomes.get(intent.id)?.kind === 'written',
  )
  if (halves.length === 0) return
  await context.em.fork().transactional(async (em) => {
    await assertLease(em, input.pageId, input.lease)
    await recordHalves(em, context, input, after, halves, outcomes)
  })
}

/**
 * Closes the intents of records that are decided again (their version moved, so a request of theirs can no longer land).
 * Of a settlement that got half way, the fields that did are recorded in the base alone.
 */
export async function dropForRedecision(
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
  intents: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
  again: readonly string[],
): Promise<void> {
  const wanted = new Set(again)
  const dropped = intents.filter((intent) => wanted.has(intent.sourceId))
  await context.em.fork().transactional(async (em) => {
    await assertLease(em, input.pageId, input.lease)
    const halves = dropped.filter(
      (intent) => outcomes.get(intent.id)?.kind === 'written' && intent.couplingId !== null,
    )
    await recordHalves(em, context, input, rows, halves, outcomes)
    await closeIntents(
      em,
      dropped.map((intent) => intent.id),
    )
  })
}

/**
 * Of a settlement of which only one half landed, the fields that did enter the base, and the history;
 * stamps and versions stay as they were (engine rule 9).
 */
async function recordHalves(
  em: EntityManager,
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
  halves: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
): Promise<void> {
  const bySource = new Map(rows.map((row) => [row.sourceId, row]))
  await lockRevisions(
    em,
    halves.flatMap(({ sourceId }) => bySource.get(sourceId)?.couplingId ?? []),
  )
  for (const intent of halves) {
    const row = bySource.get(intent.sourceId)
    if (row === undefined || row.couplingId === null || row.destination === null || row.source === null)
      continue
    const local = sourceOf(input.pass) === Side.local ? row.source : row.destination
    const integration = sourceOf(input.pass) === Side.local ? row.destination : row.source
    const outcome = outcomes.get(intent.id)
    const held = outcome?.kind === 'written' ? outcome.record : null
    await recordWrites(em, { mappingId: context.mapping.id, runId: input.runId, jobId: input.jobId }, [
      writeOfIntent(context, intent, held, {
        couplingId: row.couplingId,
        ids: { LOCAL: local.id, INTEGRATION: integration.id },
        other: intent.side === Side.local ? integration : local,
      }),
    ])
    if (row.coupling === null || row.coupling.base === null) continue
    await updateCouplings(em, input.jobId, [
      {
        id: row.couplingId,
        localVersion: row.coupling.local.version,
        integrationVersion: row.coupling.integration.version,
        localStamp: row.coupling.local.stamp,
        integrationStamp: row.coupling.integration.stamp,
        localName: null,
        integrationName: null,
        localNumber: null,
        base: baseWith(context, row.coupling.base, intent, local, integration),
        last: null,
      },
    ])
  }
}

/** The base with the fields that one half of a settlement carried: both sides hold them now. */
function baseWith(
  context: MappingContext,
  base: Base,
  intent: Intent,
  local: RecordSnapshot,
  integration: RecordSnapshot,
): Base {
  const result: Record<string, Base[string]> = { ...base }
  for (const field of context.definition.fields) {
    const name = fieldOn(field, intent.side)
    const written = name === null ? undefined : intent.values[name]
    if (written === undefined) continue
    result[field.name] =
      intent.side === Side.local
        ? { local: written, integration: mappedValue(field, Side.integration, integration.values) }
        : { local: mappedValue(field, Side.local, local.values), integration: written }
  }
  return result
}
