import { Lane } from '../domain/lane.js'
import type { ReadById, RecordSnapshot } from '../domain/record.js'
import { enabledPart, fieldOn, passFrom, type MappingDefinition } from '../domain/mapping.js'
import { unpackPair, type DecidedPair } from '../domain/pair-before.js'
import { rehearseDecision } from '../domain/rehearse-decision.js'
import { ReportBuilder, type RehearsedRecord } from '../domain/rehearsal-report.js'
import { rehearseWrite, type RehearsedMapping } from '../domain/rehearsal.js'
import { otherSide, Side } from '../domain/value.js'
import { Connection } from '../persistence/entities/connection.js'
import { MappingVersion } from '../persistence/entities/mapping-version.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { Rehearsal } from '../persistence/entities/rehearsal.js'
import { recordedChanges, type RecordedChange } from '../persistence/queries/rehearsals.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'
import { contextOf, transferContext, type MappingContext } from './mapping-context.js'

export interface RehearseInput {
  readonly rehearsalId: string
}

const AT_ONCE = 500

/**
 * Runs the latest recorded changes of a mapping through the mapping in force and through a changed one, and keeps in what they
 * differ. Values that were not recorded then are read by id now. Writes nothing to any business system. Safe to repeat: the
 * report is stored as a whole.
 */
export async function rehearse(dependencies: ActivityDependencies, input: RehearseInput): Promise<void> {
  const em = dependencies.database.em.fork()
  const rehearsal = await em.findOneOrFail(Rehearsal, { id: input.rehearsalId })
  if (rehearsal.status !== 'RUNNING') return
  const mapping = await em.findOneOrFail(Mapping, { id: rehearsal.mappingId })
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  const of = (definition: MappingDefinition) =>
    contextOf(dependencies, em, { mapping, connection }, enabledPart(definition), Lane.person)
  const versions = new VersionCache(em, mapping.id)
  await withHeartbeat(async (beat) => {
    const both: Both = {
      inForce: await of(await versions.of(rehearsal.mappingVersion)),
      changed: await of(rehearsal.definition),
    }
    const report = new ReportBuilder()
    for (let offset = 0; offset < rehearsal.last; offset += AT_ONCE) {
      const limit = Math.min(AT_ONCE, rehearsal.last - offset)
      const changes = await recordedChanges(em, mapping.id, rehearsal.requestedAt, offset, limit)
      await rehearseChanges(both, versions, changes, report)
      beat()
      if (changes.length < limit) break
    }
    if (rehearsal.definition.updateConflictPolicy === 'NEWEST_WINS')
      report.leaveOut(
        'Newest wins is judged as if the clocks of both systems agreed: how far they were apart is not kept.',
      )
    rehearsal.result = report.report()
    rehearsal.status = 'COMPLETED'
    rehearsal.finishedAt = new Date()
    await em.flush()
  })
}

interface Both {
  readonly inForce: MappingContext
  readonly changed: MappingContext
}

/** The definitions by which recorded changes were made. */
class VersionCache {
  private readonly known = new Map<number, MappingDefinition>()

  constructor(
    private readonly em: MappingContext['em'],
    private readonly mappingId: string,
  ) {}

  async of(version: number): Promise<MappingDefinition> {
    const known = this.known.get(version)
    if (known !== undefined) return known
    const found = await this.em.findOneOrFail(MappingVersion, { mappingId: this.mappingId, version })
    this.known.set(version, found.definition)
    return found.definition
  }
}

/** A change with its source as it is rehearsed. */
interface Prepared {
  readonly change: RecordedChange
  readonly source: RecordSnapshot
  /** The fields of the source that were not recorded then. */
  readonly readNow: ReadonlySet<string>
  readonly isGone: boolean
}

async function rehearseChanges(
  both: Both,
  versions: VersionCache,
  changes: readonly RecordedChange[],
  report: ReportBuilder,
): Promise<void> {
  const prepared = [
    ...(await withMissing(both, Side.local, changes)),
    ...(await withMissing(both, Side.integration, changes)),
  ]
  const pairs = new Map<RecordedChange, DecidedPair>()
  for (const { change } of prepared) {
    const pair = await pairOf(versions, change)
    if (pair !== null) pairs.set(change, pair)
  }
  const snapshots = (side: Side) => [
    ...prepared.filter(({ change }) => change.side !== side).map(({ source }) => source),
    ...[...pairs.values()].map((pair) => (side === Side.local ? pair.local : pair.integration)),
  ]
  const records = { local: snapshots(Side.local), integration: snapshots(Side.integration) }
  const inForce = await rehearsed(both.inForce, records)
  const changed = await rehearsed(both.changed, records)
  for (const one of prepared) {
    const { change } = one
    const record = nameOf(change)
    const pass = passFrom(otherSide(change.side))
    const rehearsal = rehearseWrite(inForce, changed, { kind: change.kind, pass, source: one.source })
    report.add(record, change.at, change.side, rehearsal, (field) => isReadNow(both.changed, one, field))
    if (rehearsal.unknown.length > 0) {
      report.leaveOut(
        one.isGone
          ? 'Fields that were not recorded then, of records that do not exist any more.'
          : 'Fields that were not recorded then and could not be read now.',
      )
    }
    const pair = pairs.get(change)
    if (pair === undefined) {
      report.leaveOut(
        change.kind === 'CREATE'
          ? 'Decisions about creations: who matches whom is not kept. A plan shows what would be created now.'
          : 'Decisions that a person made, at first contact, or after an interruption: what they were made on is not kept in full.',
      )
      continue
    }
    const decided = rehearseDecision(inForce, changed, pair)
    if (decided === null)
      report.leaveOut('Decisions about pairs of which a field that is mapped now was not recorded then.')
    else report.addDecision(record, decided.difference)
  }
}

async function rehearsed(
  context: MappingContext,
  records: { readonly local: readonly RecordSnapshot[]; readonly integration: readonly RecordSnapshot[] },
): Promise<RehearsedMapping> {
  return { definition: context.definition, context: await transferContext(context, records) }
}

/** Changes that came from a side; of their sources what either mapping reads and was not recorded then is read by id, in bulk. */
async function withMissing(
  { inForce, changed }: Both,
  side: Side,
  changes: readonly RecordedChange[],
): Promise<readonly Prepared[]> {
  const own = changes.filter((change) => change.side !== side)
  const needed = [...new Set([...inForce.fields[side], ...changed.fields[side]])]
  const missingOf = (change: RecordedChange) => needed.filter((field) => change.source[field] === undefined)
  const idOf = (change: RecordedChange) => (side === Side.local ? change.localId : change.integrationId)
  const wanted = new Set<string>()
  const fields = new Set<string>()
  for (const change of own) {
    const id = idOf(change)
    const missing = missingOf(change)
    if (id === null || missing.length === 0) continue
    wanted.add(id)
    for (const field of missing) fields.add(field)
  }
  const ids = [...wanted]
  const reads =
    ids.length === 0 ? [] : await changed.connectors[side].readByIds(changed.tables[side], [...fields], ids)
  const byId = new Map<string, ReadById>(
    ids.flatMap((id, place) => (reads[place] ? [[id, reads[place]]] : [])),
  )
  return own.map((change): Prepared => {
    const id = idOf(change)
    const missing = missingOf(change)
    const read = id === null || missing.length === 0 ? undefined : byId.get(id)
    const now = read?.kind === 'found' ? read.record.values : {}
    const added = missing.filter((field) => now[field] !== undefined)
    const values = {
      ...change.source,
      ...Object.fromEntries(added.map((field) => [field, now[field] ?? null])),
    }
    return {
      change,
      source: { id: id ?? '', version: '', stamp: 0, values },
      readNow: new Set(added),
      isGone: read?.kind === 'gone',
    }
  })
}

/** Whether the changed mapping makes a field of the destination of a value that was read now. */
function isReadNow(
  { definition }: MappingContext,
  { change, readNow }: Prepared,
  destination: string,
): boolean {
  return definition.fields.some((field) => {
    const name = fieldOn(field, otherSide(change.side))
    return fieldOn(field, change.side) === destination && name !== null && readNow.has(name)
  })
}

async function pairOf(versions: VersionCache, change: RecordedChange): Promise<DecidedPair | null> {
  const { pair, mappingVersion, localId, integrationId, side, source } = change
  if (pair === null || mappingVersion === null || localId === null || integrationId === null) return null
  const definition = enabledPart(await versions.of(mappingVersion))
  return unpackPair(definition, side, pair, { localId, integrationId, other: source })
}

function nameOf(change: RecordedChange): RehearsedRecord {
  const { id, localId, integrationId, localName, integrationName } = change
  return { writeId: id, localId, integrationId, localName, integrationName }
}
