import { randomUUID } from 'node:crypto'
import { recentOf } from '../../../src/api/recent.js'
import type { EntityData } from '@mikro-orm/postgresql'
import type { ConflictDetail } from '../../../src/domain/conflict.js'
import { CUSTOMER_MAPPING } from '../../../src/domain/catalog/default-mappings.js'
import type { MappingDefinition } from '../../../src/domain/mapping.js'
import type { Database } from '../../../src/persistence/database.js'
import { Connection } from '../../../src/persistence/entities/connection.js'
import { CouplingRecord } from '../../../src/persistence/entities/coupling.js'
import { MappingVersion } from '../../../src/persistence/entities/mapping-version.js'
import { Mapping } from '../../../src/persistence/entities/mapping.js'
import { RecordResult } from '../../../src/persistence/entities/record-result.js'
import { RecordState } from '../../../src/persistence/entities/record-state.js'
import { SynchError } from '../../../src/persistence/entities/synch-error.js'
import { SynchJob } from '../../../src/persistence/entities/synch-job.js'
import { SynchRun } from '../../../src/persistence/entities/synch-run.js'

export const COMPANY = '11111111-2222-3333-4444-555555555555'

/** Rows as the engine leaves them; a test names only what it is about. */
export class Rows {
  private count = 0

  constructor(private readonly database: Database) {}

  private next(): number {
    this.count += 1
    return this.count
  }

  private async insert<Row extends object>(entity: new () => Row, values: EntityData<Row>): Promise<string> {
    await this.database.em.fork().insertMany(entity, [values as never])
    // The API keeps some rows for a second, and knows of changes that are made through it.
    recentOf(this.database.em).forget()
    return String((values as { readonly id?: string }).id ?? '')
  }

  connection(values: EntityData<Connection> = {}): Promise<string> {
    return this.insert(Connection, {
      id: randomUUID(),
      name: 'Contoso',
      localSystem: {
        kind: 'BUSINESS_CENTRAL',
        settings: { url: 'http://127.0.0.1:7001/api/v2.0', companyId: COMPANY },
      },
      integrationSystem: { kind: 'DATAVERSE', settings: { url: 'http://127.0.0.1:7002/api/data/v9.2' } },
      createdAt: new Date(),
      ...values,
    })
  }

  /** The CUSTOMER mapping, of a connection of its own unless one is named. */
  async mapping(
    values: EntityData<Mapping> = {},
    definition: Partial<MappingDefinition> = {},
  ): Promise<string> {
    const name = String(values.name ?? 'CUSTOMER')
    const whole = { ...CUSTOMER_MAPPING, name, ...definition }
    const mappingId = await this.insert(Mapping, {
      id: randomUUID(),
      connectionId: values.connectionId ?? (await this.connection()),
      name,
      definition: whole,
      version: 1,
      toWatermarkRevision: 0,
      fromWatermarkRevision: 0,
      runCount: 0,
      position: this.next(),
      updatedAt: new Date(),
      ...values,
    })
    await this.insert(MappingVersion, {
      mappingId,
      version: 1,
      definition: whole,
      author: 'Accord',
      note: null,
      at: new Date('2026-03-01T08:00:00Z'),
    })
    return mappingId
  }

  async coupling(mappingId: string, values: EntityData<CouplingRecord> = {}): Promise<string> {
    const mapping = await this.database.em.fork().findOneOrFail(Mapping, { id: mappingId })
    const number = this.next()
    return this.insert(CouplingRecord, {
      id: randomUUID(),
      connectionId: mapping.connectionId,
      mappingId,
      localTable: mapping.definition.localTable,
      integrationTable: mapping.definition.integrationTable,
      localId: randomUUID(),
      integrationId: randomUUID(),
      localName: `Customer ${number}`,
      integrationName: `Account ${number}`,
      localVersion: 'W/"local-1"',
      integrationVersion: 'W/"integration-1"',
      localStamp: new Date('2026-03-01T10:00:00.123Z'),
      integrationStamp: new Date('2026-03-01T10:00:05Z'),
      lastBy: 'JOB',
      lastSource: 'LOCAL',
      lastSynchronizedAt: new Date('2026-03-01T10:01:00Z'),
      revision: 1,
      createdAt: new Date(),
      changedAt: new Date(),
      ...values,
    })
  }

  run(mappingId: string, values: EntityData<SynchRun> = {}): Promise<string> {
    const id = String(values.id ?? randomUUID())
    return this.insert(SynchRun, {
      id,
      mappingId,
      kind: 'SCHEDULED',
      mode: 'MODIFIED',
      status: 'COMPLETED',
      requestedBy: 'schedule',
      requestedAt: new Date('2026-03-01T10:00:00Z'),
      startedAt: new Date('2026-03-01T10:00:00Z'),
      finishedAt: new Date('2026-03-01T10:02:00Z'),
      workflowId: `synch-run/${id}`,
      ...values,
    })
  }

  job(mappingId: string, runId: string, values: EntityData<SynchJob> = {}): Promise<string> {
    return this.insert(SynchJob, {
      id: randomUUID(),
      runId,
      mappingId,
      direction: 'TO_INTEGRATION_TABLE',
      status: 'COMPLETED',
      inserted: 0,
      modified: 0,
      deleted: 0,
      unchanged: 0,
      skipped: 0,
      failed: 0,
      conflicts: 0,
      ignored: {},
      retried: 0,
      start: new Date('2026-03-01T10:00:00Z'),
      finish: new Date('2026-03-01T10:01:00Z'),
      clockFall: 0,
      watermarkRevision: 0,
      ...values,
    })
  }

  error(mappingId: string, values: EntityData<SynchError> = {}): Promise<string> {
    const number = this.next()
    const seen = (values.lastSeen as Date | undefined) ?? new Date('2026-03-01T10:00:30Z')
    return this.insert(SynchError, {
      id: randomUUID(),
      mappingId,
      recordKey: String(values.couplingId ?? `LOCAL:record-${number}`),
      direction: 'TO_INTEGRATION_TABLE',
      errorClass: 'VALIDATION',
      resolvableBy: 'USER',
      message: `The name is too long (${number}).`,
      cause: 'Account Name takes 160 characters.',
      remedy: 'Shorten the name.',
      fingerprint: `VALIDATION|accounts|name|${number}`,
      sourceSide: 'LOCAL',
      sourceId: `record-${number}`,
      sourceName: `Customer ${number}`,
      occurrences: 1,
      firstSeen: seen,
      lastSeen: seen,
      ...values,
    })
  }

  skipped(mappingId: string, values: EntityData<RecordState> = {}): Promise<string> {
    return this.insert(RecordState, {
      id: randomUUID(),
      mappingId,
      side: 'LOCAL',
      recordId: `record-${this.next()}`,
      state: 'SKIPPED',
      reason: 'CONFLICT',
      attempts: 1,
      dueAtRun: 0,
      changedAt: new Date('2026-03-01T10:00:40Z'),
      ...values,
    })
  }

  async result(runId: string, couplingId: string, values: EntityData<RecordResult>): Promise<void> {
    await this.insert(RecordResult, { runId, recordKey: couplingId, couplingId, ...values })
  }
}

/** What the engine knows of a conflict over the name. */
export function nameConflict(values: Partial<ConflictDetail> = {}): ConflictDetail {
  return {
    firstContact: false,
    localStamp: Date.parse('2026-03-02T09:00:00.456Z'),
    integrationStamp: Date.parse('2026-03-02T09:05:00Z'),
    localVersion: 'W/"local-2"',
    integrationVersion: 'W/"integration-2"',
    coupledLocalStamp: Date.parse('2026-03-01T10:00:00.123Z'),
    coupledIntegrationStamp: Date.parse('2026-03-01T10:00:05Z'),
    editedLast: 'INTEGRATION',
    fields: [
      {
        name: 'displayName:name',
        localField: 'displayName',
        integrationField: 'name',
        localCaption: 'Name',
        integrationCaption: 'Account Name',
        direction: 'BIDIRECTIONAL',
        base: { local: 'Adatum', integration: 'Adatum' },
        local: 'Adatum Corporation',
        integration: 'Adatum Ltd.',
        localChanged: true,
        integrationChanged: true,
        equal: false,
      },
      {
        name: 'creditLimit:creditlimit',
        localField: 'creditLimit',
        integrationField: 'creditlimit',
        localCaption: 'Credit Limit (LCY)',
        integrationCaption: 'Credit Limit',
        direction: 'TO_INTEGRATION_TABLE',
        base: null,
        local: '12345678901234.5678',
        integration: null,
        localChanged: false,
        integrationChanged: false,
        equal: false,
      },
    ],
    ...values,
  }
}
