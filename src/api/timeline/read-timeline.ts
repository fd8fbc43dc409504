import type { ConflictDetail } from '../../domain/conflict.js'
import { unpackPair } from '../../domain/pair-before.js'
import type { RunScope } from '../../domain/run.js'
import { assertNever, Side, type Value } from '../../domain/value.js'
import { reasonOf } from '../../domain/write.js'
import { MappingVersion } from '../../persistence/entities/mapping-version.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import type { RecordWrite } from '../../persistence/entities/record-write.js'
import {
  TIMELINE_COLUMNS,
  timelineOf,
  type DbTimelineEntry,
  type TimelineOf,
} from '../../persistence/queries/timeline.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { showAction } from '../action/action.type.js'
import type { ApiContext } from '../context.js'
import { page, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import { conflictDetail } from '../record/conflict.js'
import type { DecidedOnType, TimelineEntryType } from './timeline.type.js'

/** A page of the time line of a record, the latest first. Throws BAD_USER_INPUT. */
export function readTimeline(
  context: ApiContext,
  of: TimelineOf,
  request: { readonly first: number; readonly after: string | null },
): Promise<Page<TimelineEntryType>> {
  const from = timelineOf(of)
  return page(
    context.em,
    { from, id: sql`t.id`, conditions: [] },
    { key: sql`t.at`, keyType: KeyType.timestamp, descending: true },
    { ...request, order: 'TIME_DESC' },
    async (ids) => {
      const entries = await run<DbTimelineEntry>(
        context.em,
        sql`select ${TIMELINE_COLUMNS} from ${from} where t.id = any(${texts(ids)}::uuid[])`,
      )
      return show(context, of.mappingId, entries)
    },
  )
}

async function show(
  context: ApiContext,
  mappingId: string,
  entries: readonly DbTimelineEntry[],
): Promise<readonly TimelineEntryType[]> {
  const { loaders } = context
  const writes = await Promise.all(
    entries.map((entry) =>
      entry.kind === 'WRITTEN' && entry.ref !== null ? loaders.recordWrite.load(entry.ref) : null,
    ),
  )
  const versions = await definitionsOf(context, mappingId, writes)
  return Promise.all(
    entries.map(async (entry, index) => {
      const write = writes[index] ?? null
      const isError = entry.kind !== 'WRITTEN' && entry.ref !== null
      const undoneBy = write === null ? null : await loaders.undoOfWrite.load(write.id)
      const detail = entry.detail === null ? null : (JSON.parse(entry.detail) as ConflictDetail)
      return {
        id: entry.id,
        at: new Date(entry.at),
        kind: entry.kind,
        text: textOf(entry),
        by: entry.by,
        side: entry.side,
        run: entry.run_id === null ? null : await loaders.run.load(entry.run_id),
        write,
        decidedOn: write === null ? null : decidedOn(write, versions),
        outcome: entry.outcome,
        state: detail === null ? null : conflictDetail(detail),
        error: isError ? await loaders.error.load(entry.ref) : null,
        undo:
          write === null || undoneBy !== null
            ? null
            : showAction({
                mutation: 'undoWrites',
                variables: { ids: [write.id] },
                text: 'Sets back what it wrote, where nobody has changed it since.',
              }),
      }
    }),
  )
}

/** The versions of a mapping by which writes were decided. */
async function definitionsOf(
  { em }: ApiContext,
  mappingId: string,
  writes: readonly (RecordWrite | null)[],
): Promise<ReadonlyMap<number, MappingVersion>> {
  const numbers = [...new Set(writes.flatMap((write) => write?.mappingVersion ?? []))]
  const found = await em.find(
    MappingVersion,
    { mappingId, version: { $in: numbers } },
    { disableIdentityMap: true },
  )
  return new Map(found.map((version) => [version.version, version]))
}

function decidedOn(write: RecordWrite, versions: ReadonlyMap<number, MappingVersion>): DecidedOnType | null {
  const version = write.mappingVersion ? versions.get(write.mappingVersion) : undefined
  if (version === undefined || !write.pair || !write.source || !write.localId || !write.integrationId)
    return null
  const { coupling, local, integration } = unpackPair(version.definition, write.side, write.pair, {
    localId: write.localId,
    integrationId: write.integrationId,
    other: write.source,
  })
  const text = (value: Value | undefined) => (value === null || value === undefined ? null : String(value))
  return {
    mappingVersion: version.version,
    versions: { local: local.version, integration: integration.version },
    firstContact: coupling.base === null,
    fields: version.definition.fields.flatMap(({ name, localField, integrationField }) =>
      localField === null || integrationField === null
        ? []
        : [
            {
              name,
              base: text(coupling.base?.[name]?.local),
              local: text(local.values[localField]),
              integration: text(integration.values[integrationField]),
            },
          ],
    ),
  }
}

function textOf(entry: DbTimelineEntry): string {
  const { kind, reason, attempts, message, outcome, scope } = entry
  switch (kind) {
    case 'COUPLED':
      return 'The two records were coupled.'
    case 'WRITTEN':
      return reasonOf(reason ?? '')
    case 'DECIDED':
      return `${decisionText(scope)} ${outcome ?? ''}${message === null ? '.' : `: ${message}`}`
    case 'FAILED':
      return `${message ?? reason ?? ''}${(attempts ?? 1) > 1 ? ` (met by ${attempts} runs)` : ''}`
    case 'RESOLVED':
      return `Resolved: ${message ?? reason ?? ''}`
    case 'SKIPPED':
      return `Skipped after ${attempts ?? 0} attempts: ${reason ?? ''}.`
    case 'SKIP_ENDED':
      return 'No longer skipped.'
    default:
      return assertNever(kind)
  }
}

/** What somebody asked for. */
function decisionText(scope: RunScope | null): string {
  switch (scope?.kind) {
    case 'resolve':
      return scope.choice.kind === 'side'
        ? `Keep the changes of ${scope.choice.keep === Side.local ? 'the local record' : 'the integration record'}:`
        : Object.keys(scope.choice.fields).length === 0
          ? 'Merge:'
          : `Keep field by field (${Object.keys(scope.choice.fields).join(', ')}):`
    case 'forced':
      return 'Synchronize the record:'
    case 'merge':
      return 'Merge the changes of both records:'
    case 'retry':
      return 'Try it again:'
    case 'restore':
      return 'Restore the deleted record:'
    case 'delete':
      return 'Delete the record that is left:'
    case 'plan':
      return 'Carry out a plan:'
    case 'couple':
      return 'Couple the two records:'
    case 'create':
      return 'Create a partner:'
    case 'repair':
      return 'Repair the coupling:'
    case 'uncouple':
      return 'Delete the coupling:'
    case 'undo':
      return 'Undo earlier writes:'
    case 'deletions':
      return 'Decide deletions:'
    default:
      return 'A run over chosen records:'
  }
}

/** The mapping's record as an input for {@link readTimeline}: of a coupling both of its records. */
export function timelineKey(
  mapping: Mapping,
  coupling: { readonly id: string; readonly localId: string; readonly integrationId: string } | null,
  single: { readonly side: Side; readonly id: string } | null,
): TimelineOf {
  return {
    mappingId: mapping.id,
    couplingId: coupling?.id ?? null,
    localId: coupling?.localId ?? (single?.side === Side.local ? single.id : null),
    integrationId: coupling?.integrationId ?? (single?.side === Side.integration ? single.id : null),
  }
}
