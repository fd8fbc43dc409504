import { ConnectorError, type ChangePage, type ChangesFrom } from '../connectors/connector.js'
import { RunKind, type RunScope } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { assertNever, otherSide, Side } from '../domain/value.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { couplingsById } from '../persistence/queries/couplings.js'
import { deletionPage } from '../persistence/queries/deletions.js'
import { planPage } from '../persistence/queries/plans.js'
import { pendingPage } from '../persistence/queries/record-states.js'
import { undoPage } from '../persistence/queries/undo.js'
import { run as execute, sql } from '../persistence/sql.js'
import type { ActivityDependencies } from './dependencies.js'
import type { MappingContext } from './mapping-context.js'
import type { PagePosition, PageRow } from './page-format.js'
import { hasFields, namedRecords, rowsOf } from './page-rows.js'
import { pageRead } from './read-rows.js'

export interface ReadPage {
  readonly rows: readonly PageRow[]
  readonly next: PagePosition | null
}

export class PageReader {
  private readonly side: Side

  constructor(
    private readonly dependencies: ActivityDependencies,
    private readonly context: MappingContext,
    private readonly job: SynchJob,
    private readonly run: SynchRun,
  ) {
    this.side = sourceOf(job.direction)
  }

  read(position: PagePosition): Promise<ReadPage> {
    switch (position.phase) {
      case 'chosen':
        return this.readChosen(position.offset)
      case 'pending':
        return this.readPending(position.after)
      case 'extra':
        return this.readExtra(position.next)
      case 'changed':
        return this.readChanged(position.next, position.fresh)
      case 'deletions':
        return this.readDeletions(position.after)
      default:
        return assertNever(position)
    }
  }

  private async readPending(after: string | null): Promise<ReadPage> {
    const { context, dependencies, job } = this
    const limit = dependencies.settings.pageSize
    // A plan looks at what the run would look at that it stands for, whose number is the next.
    const isPlan = this.run.kind === RunKind.plan
    const pending = await pendingPage(
      context.em,
      { id: context.mapping.id, runCount: context.mapping.runCount + (isPlan ? 1 : 0) },
      job.direction,
      this.side,
      after,
      limit,
    )
    const last = pending.at(-1)
    const next: PagePosition =
      last !== undefined && pending.length === limit
        ? { phase: 'pending', after: last.stateId }
        : this.afterPending()
    return {
      rows: await this.readByIds([...new Set(pending.map((record) => record.recordId))], 'pending'),
      next,
    }
  }

  private afterPending(): PagePosition {
    const back = this.context.mapping.watermarkSetOf(this.side) === 'BACK' && this.run.mode === 'MODIFIED'
    return back && this.isTracked()
      ? { phase: 'extra', next: null }
      : { phase: 'changed', next: null, fresh: false }
  }

  private async readChosen(offset: number): Promise<ReadPage> {
    const { context, dependencies } = this
    const scope = this.run.scope as RunScope
    if (scope.kind === 'plan') return this.readPlanned(scope.planId, offset)
    if (scope.kind === 'undo') return this.readUndone(offset)
    const limit = dependencies.settings.pageSize
    const end = offset + limit
    const couplings = await couplingsById(context.em, scope.couplingIds.slice(offset, end))
    const coupled = couplings.map((coupling) =>
      this.side === Side.local ? coupling.localId : coupling.integrationId,
    )
    // The couplings first, then the records that are not coupled, as one list.
    const records = namedRecords(scope, this.side)
    const before = scope.couplingIds.length
    const uncoupled = records.slice(Math.max(0, offset - before), Math.max(0, end - before))
    const rows = await this.readByIds([...new Set([...coupled, ...uncoupled])], 'chosen')
    return { rows, next: end < before + records.length ? { phase: 'chosen', offset: end } : null }
  }

  /** Deletions that are found or allowed, by the ids of this pass's source. */
  private async readDeletions(after: string | null): Promise<ReadPage> {
    const { context, dependencies } = this
    const limit = dependencies.settings.pageSize
    const found = await deletionPage(context.em, context.mapping.id, this.side, after, limit)
    const last = found.at(-1)
    return {
      rows: await this.readByIds(
        found.map((record) => record.recordId),
        'deletion',
      ),
      next: last !== undefined && found.length === limit ? { phase: 'deletions', after: last.stateId } : null,
    }
  }

  /** `after`: number of the item before. */
  private async readPlanned(planId: string, after: number): Promise<ReadPage> {
    const { context, dependencies, job } = this
    const limit = dependencies.settings.pageSize
    const items = await planPage(context.em, planId, job.direction, after, limit)
    const last = items.at(-1)
    return {
      rows: await this.readByIds([...new Set(items.map((item) => item.sourceId))], 'chosen'),
      next: last !== undefined && items.length === limit ? { phase: 'chosen', offset: last.number } : null,
    }
  }

  /** `after`: place of the record before. */
  private async readUndone(after: number): Promise<ReadPage> {
    const { context, dependencies, run, side } = this
    const records = await undoPage(context.em, run.id, otherSide(side), after, dependencies.settings.pageSize)
    const last = records.at(-1)
    return {
      rows: await this.readByIds(
        records.map((record) => record.sourceId),
        'chosen',
      ),
      next: last === undefined ? null : { phase: 'chosen', offset: last.number },
    }
  }

  private async readByIds(ids: readonly string[], origin: PageRow['origin']): Promise<readonly PageRow[]> {
    if (ids.length === 0) return []
    const { context, side } = this
    const reads = await context.connectors[side].readByIds(context.tables[side], context.fields[side], ids)
    return reads.map((read) => ({
      id: read.kind === 'found' ? read.record.id : read.id,
      read: pageRead(read),
      origin,
    }))
  }

  private isTracked(): boolean {
    return this.context.connectors[this.side].changeFeed(this.context.tables[this.side]) === 'token'
  }

  /** A watermark set back by hand on a tracked table: its rows are read once, besides the token. */
  private async readExtra(next: string | null): Promise<ReadPage> {
    const mark = this.job.readFrom
    const from: ChangesFrom =
      next !== null
        ? { kind: 'next', next }
        : mark
          ? { kind: 'stamp', atOrAfter: mark.getTime() }
          : { kind: 'beginning' }
    const page = await this.readPage(from, false)
    return {
      rows: rowsOf(page.changes),
      next:
        page.next === null
          ? { phase: 'changed', next: null, fresh: false }
          : { phase: 'extra', next: page.next },
    }
  }

  private async readChanged(next: string | null, wasFresh: boolean): Promise<ReadPage> {
    const { context, job, run } = this
    const mark = job.readFrom
    const known = context.mapping.tokenOf(this.side)
    let from: ChangesFrom
    if (next !== null) from = { kind: 'next', next }
    else if (!this.isTracked())
      from = mark ? { kind: 'stamp', atOrAfter: mark.getTime() } : { kind: 'beginning' }
    else if (run.mode === 'MODIFIED' && known !== null) from = { kind: 'token', token: known }
    else from = { kind: 'beginning' }
    const { page, restarted } = await this.readTracked(from)
    const fresh = wasFresh || restarted || from.kind === 'beginning'
    const skipUntil = job.skipUntil?.getTime() ?? null
    const kept =
      skipUntil === null
        ? page.changes
        : page.changes.filter((change) => change.kind === 'tombstone' || change.record.stamp > skipUntil)
    if (page.next === null && page.token !== null) await this.saveToken(page.token, fresh)
    return {
      rows: await this.completed(rowsOf(kept)),
      next: page.next === null ? null : { phase: 'changed', next: page.next, fresh },
    }
  }

  /** An expired token asks for a full read; deletions since are searched for at the end of the pass. */
  private async readTracked(
    from: ChangesFrom,
  ): Promise<{ readonly page: ChangePage; readonly restarted: boolean }> {
    try {
      // Match-based coupling leaves no token behind, so it need not ask for one.
      return {
        page: await this.readPage(from, this.isTracked() && this.run.mode !== 'COUPLE'),
        restarted: false,
      }
    } catch (error) {
      if (!(error instanceof ConnectorError) || !error.tokenExpired) throw error
      this.dependencies.logger.warn(
        { mapping: this.context.mapping.name },
        'The delta token has expired: everything is read again',
      )
      await execute(
        this.context.em,
        sql`update synch_job set token_expired = true, message = 'The change tracking token had expired, so everything was read again.' where id = ${this.job.id}`,
      )
      return { page: await this.readPage({ kind: 'beginning' }, true), restarted: true }
    }
  }

  private readPage(from: ChangesFrom, track: boolean): Promise<ChangePage> {
    const { context, side, dependencies } = this
    return context.connectors[side].readChanges({
      table: context.tables[side],
      fields: context.fields[side],
      from,
      pageSize: dependencies.settings.pageSize,
      track,
      filter: side === Side.local ? context.definition.localFilter : context.definition.integrationFilter,
    })
  }

  /** A link goes on with the columns it was made with, so those are kept with it, not the ones mapped today. */
  private async saveToken(token: string, isNew: boolean): Promise<void> {
    const { context, job } = this
    const fields = isNew
      ? context.fields[this.side]
      : (context.mapping.tokenFieldsOf(this.side) ?? context.fields[this.side])
    await execute(
      context.em,
      sql`update synch_job set token_after = ${token}, token_fields = ${JSON.stringify(fields)}::jsonb where id = ${job.id}`,
    )
  }

  /** Rows that lack a mapped field (it was mapped after the link was made) are read by id: absent is never blank. */
  private async completed(rows: readonly PageRow[]): Promise<readonly PageRow[]> {
    const wanted = this.context.fields[this.side]
    const lacking = rows.filter(
      (row) => row.read.kind === 'found' && !hasFields(row.read.record.values, wanted),
    )
    if (lacking.length === 0) return rows
    const fresh = new Map(
      (
        await this.readByIds(
          lacking.map((row) => row.id),
          'changed',
        )
      ).map((row) => [row.id, row]),
    )
    return rows.map((row) => fresh.get(row.id) ?? row)
  }
}
