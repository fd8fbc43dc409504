import type { ConflictDetail } from '../domain/conflict.js'
import type { SynchronizedBy } from '../domain/coupling.js'
import { sourceOf, type PassDirection } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import type { RecordResultOutcome } from '../domain/run.js'
import { isRetry } from '../domain/skip-policy.js'
import { Side } from '../domain/value.js'
import type { CouplingUpdate, NewCoupling } from '../persistence/queries/couplings.js'
import { recordKey } from '../persistence/queries/errors.js'
import type { NewState } from '../persistence/queries/record-states.js'
import { baseOf } from './coupling-update.js'
import { nameOf, numberOf, type MappingContext } from './mapping-context.js'
import type { Outcomes } from './outcomes.js'
import type { DecidedRow } from './page-format.js'
import type { RecordPageInput } from './record-page.js'

/** Scopes in which a person says what becomes of the values. */
const BY_PERSON: ReadonlySet<string> = new Set(['forced', 'resolve', 'merge', 'couple'])

/** One record as a page leaves it, with what every outcome of it needs. */
export abstract class RecordedRow {
  protected readonly sourceSide: Side
  protected readonly key: string

  constructor(
    protected readonly context: MappingContext,
    protected readonly input: RecordPageInput,
    protected readonly outcomes: Outcomes,
    protected readonly row: DecidedRow,
  ) {
    this.sourceSide = sourceOf(input.pass)
    this.key = recordKey(row.couplingId, this.sourceSide, row.sourceId)
  }

  protected isRetried(): boolean {
    const { state } = this.row
    return state !== null && !state.skipped && isRetry(state.reason)
  }

  protected settled(): void {
    const { row, outcomes } = this
    if (row.couplingId !== null) outcomes.settledCouplings.push(row.couplingId)
    if (row.state !== null && row.decision.partner !== null) outcomes.settledRecords.push(row.sourceId)
    outcomes.resolvedKeys.push(this.key)
    if (row.decision.partner !== null)
      outcomes.resolvedKeys.push(recordKey(null, this.sourceSide, row.sourceId))
  }

  protected result(
    outcome: RecordResultOutcome,
    message: string | null,
    detail: ConflictDetail | null = null,
    made: NewCoupling | null = null,
  ): void {
    const { row, input, outcomes } = this
    if (input.scope === null) return
    const [localId, integrationId] =
      this.sourceSide === Side.local ? [row.sourceId, row.destinationId] : [row.destinationId, row.sourceId]
    const named = input.scope.kind === 'couple' || input.scope.kind === 'create'
    outcomes.results.push({
      recordKey: named ? recordKey(null, this.sourceSide, row.sourceId) : this.key,
      couplingId: made?.id ?? row.couplingId,
      localId: made?.localId ?? localId,
      integrationId: made?.integrationId ?? integrationId,
      outcome,
      message,
      detail,
    })
  }

  protected state(
    state: NewState['state'],
    reason: NewState['reason'],
    direction: PassDirection | null,
    attempts: number,
    waitRuns: number,
    detail: ConflictDetail | null,
  ): NewState {
    const { row } = this
    const [local, integration] =
      this.sourceSide === Side.local ? [row.source, row.destination] : [row.destination, row.source]
    return {
      couplingId: row.couplingId,
      side: this.sourceSide,
      recordId: row.sourceId,
      state,
      direction,
      reason,
      attempts,
      dueAtRun: waitRuns === 0 ? 0 : this.context.mapping.runCount + waitRuns,
      localVersion: local?.version ?? null,
      integrationVersion: integration?.version ?? null,
      detail,
      errorId: null,
    }
  }

  /** A coupling of two records that were just made equal by creating one of them. It bears the id of the creation's intent. */
  protected made(local: RecordSnapshot, integration: RecordSnapshot, source: Side): NewCoupling {
    const [id] = this.row.intentIds
    if (id === undefined) throw new Error(`Record ${this.row.sourceId} was created without an intent.`)
    const update = this.update(id, local, integration, null)
    return {
      id: update.id,
      localId: local.id,
      integrationId: integration.id,
      localName: update.localName,
      integrationName: update.integrationName,
      localNumber: update.localNumber,
      localStamp: update.localStamp,
      integrationStamp: update.integrationStamp,
      synchronized: {
        jobId: this.input.jobId,
        localVersion: update.localVersion,
        integrationVersion: update.integrationVersion,
        base: update.base,
        last: { by: this.by(), source },
      },
    }
  }

  protected bySide(
    source: RecordSnapshot,
    destination: RecordSnapshot,
  ): readonly [RecordSnapshot, RecordSnapshot] {
    return this.sourceSide === Side.local ? [source, destination] : [destination, source]
  }

  protected by(): SynchronizedBy {
    return BY_PERSON.has(this.input.scope?.kind ?? '') ? 'MANUAL' : 'JOB'
  }

  protected update(
    id: string,
    local: RecordSnapshot,
    integration: RecordSnapshot,
    last: CouplingUpdate['last'],
  ): CouplingUpdate {
    const { context } = this
    return {
      id,
      localVersion: local.version === '' ? null : local.version,
      integrationVersion: integration.version === '' ? null : integration.version,
      localStamp: local.stamp,
      integrationStamp: integration.stamp,
      localName: nameOf(context.tables[Side.local], local),
      integrationName: nameOf(context.tables[Side.integration], integration),
      localNumber: numberOf(context.tables[Side.local], local),
      base: baseOf(context, local, integration),
      last,
    }
  }
}
