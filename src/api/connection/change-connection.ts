import { inTransaction } from '../in-transaction.js'
import { LockMode, UniqueConstraintViolationException, type EntityManager } from '@mikro-orm/postgresql'
import { counted } from '../../domain/text.js'
import {
  countCouplings,
  createConnection as insertConnection,
  createDefaultMappings,
  openRuns,
} from '../../persistence/connections.js'
import { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { orderMappings } from '../../persistence/mappings.js'
import { identityChanges } from '../../persistence/system-identity.js'
import { shownConnection } from '../audit/shown.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode, type InputProblem } from '../errors.js'
import { authorshipOf } from '../mapping/authorship.js'
import { setWatermarks } from '../mapping/watermarks.js'
import { assertOwnReferences } from './assert-own-references.js'
import { assertSeenVersion } from '../seen-version.js'
import type { ConnectionInput, UpdateConnectionInput } from './connection.input.js'
import type { DeletedConnectionType } from './connection.type.js'
import { planConnection, secretTimes, type PlannedConnection } from './plan-connection.js'
import type { Settings } from './settings-keeper.js'

/** Who changes a connection, and what he believes to change. */
export interface ConnectionChange {
  readonly author: string | null
  /** The version that the author has seen; null: whatever it is. */
  readonly version: number | null
  /** Let a system become another organisation, company or database although couplings hold ids of the one before. */
  readonly allowOtherSystem: boolean
}

const NAMES = {
  name: 'input.name',
  localSettings: 'input.localSystem.settings',
  integrationSettings: 'input.integrationSystem.settings',
}
const UPDATE_NAMES = {
  name: 'input.name',
  localSettings: 'input.localSettings',
  integrationSettings: 'input.integrationSettings',
}

/** Makes a connection, disabled. Throws BAD_USER_INPUT with every problem at once; then nothing is made. */
export async function createConnection(
  context: ApiContext,
  input: ConnectionInput,
  author: string | null,
): Promise<Connection> {
  const by = authorshipOf(context.principal, { author, note: null }).author
  const mappings = input.withDefaultMappings === true
  const id = await inOneStep(context, async (em) => {
    const plan = planConnection(
      context.settingsKeeper,
      {
        name: input.name,
        localSystem: { ...input.localSystem, settings: input.localSystem.settings as Settings },
        integrationSystem: {
          ...input.integrationSystem,
          settings: input.integrationSystem.settings as Settings,
        },
      },
      null,
      await em.find(Connection, {}),
      NAMES,
    )
    const problems = [...plan.problems]
    if (mappings && !hasDefaultMappings(input.localSystem.kind, input.integrationSystem.kind)) {
      problems.push({
        argument: 'input.withDefaultMappings',
        message:
          'There are default mappings for BUSINESS_CENTRAL with DATAVERSE only. Leave it out, and make the mappings.',
      })
    }
    if (problems.length > 0) throw badUserInput(problems)
    await insertPlanned(context, em, plan, by, mappings)
    return plan.id
  })
  return readConnection(context, id)
}

/**
 * Changes name or settings. Throws BAD_USER_INPUT with every problem at once, CONFLICTING_STATE, FORBIDDEN; then nothing is changed.
 */
export async function updateConnection(
  context: ApiContext,
  id: string,
  input: UpdateConnectionInput,
  change: ConnectionChange,
): Promise<Connection> {
  const by = authorshipOf(context.principal, { author: change.author, note: null }).author
  await inOneStep(context, async (em) => {
    const before = await lockConnection(em, id)
    assertSeenVersion(before, change.version)
    const { localSettings, integrationSettings } = input
    if (input.name == null && localSettings == null && integrationSettings == null) {
      throw badUserInput([{ argument: 'input', message: 'Expected something to change.' }])
    }
    assertOwnReferences(context, before, {
      LOCAL: localSettings as Settings | null,
      INTEGRATION: integrationSettings as Settings | null,
    })
    const plan = planConnection(
      context.settingsKeeper,
      {
        name: input.name ?? null,
        localSystem:
          localSettings == null
            ? null
            : { kind: before.localSystem.kind, settings: localSettings as Settings },
        integrationSystem:
          integrationSettings == null
            ? null
            : { kind: before.integrationSystem.kind, settings: integrationSettings as Settings },
      },
      before,
      await em.find(Connection, {}),
      UPDATE_NAMES,
    )
    if (plan.problems.length > 0) throw badUserInput(plan.problems)
    await changePlanned(context, em, before, plan, by, change.allowOtherSystem)
  })
  return readConnection(context, id)
}

/**
 * Deletes a connection with its mappings, couplings and history; the records in both systems stay. Throws CONFLICTING_STATE while it
 * is enabled or a run is under way, CONFIRMATION_REQUIRED unless confirmed.
 */
export async function deleteConnection(
  context: ApiContext,
  id: string,
  { confirm, version }: { readonly confirm: boolean; readonly version: number | null },
): Promise<DeletedConnectionType> {
  return inTransaction(context, async (em) => {
    const connection = await lockConnection(em, id)
    assertSeenVersion(connection, version)
    const { name } = connection
    if (!connection.disabledAt) {
      throw apiError(
        ErrorCode.conflictingState,
        `The connection ${name} is enabled. Disable it first (disableConnection), then delete it.`,
      )
    }
    const mappings = await em.find(Mapping, { connectionId: id })
    const runs = await openRuns(
      em,
      mappings.map((mapping) => mapping.id),
    )
    if (runs.length > 0) {
      throw apiError(
        ErrorCode.conflictingState,
        `Runs of ${name} are under way. Cancel them, or wait for their end, then delete the connection.`,
        { runIds: runs },
      )
    }
    const couplings = await countCouplings(em, id)
    if (!confirm) {
      throw apiError(
        ErrorCode.confirmationRequired,
        `${name} would be deleted with ${counted(mappings.length, 'mapping')}, ${counted(couplings, 'coupling')}, and its jobs, errors and history; the records in both systems stay. Ask again with confirm: true.`,
        { mappings: mappings.length, couplings },
      )
    }
    const before = shownConnection(context.settingsKeeper, connection)
    await em.remove(connection).flush()
    context.audit.changed({ kind: 'connection', id, name, before, after: null })
    return { name, mappings: mappings.length, couplings }
  })
}

/** Stores a new connection that has no problems. Must be called inside a transaction. */
export async function insertPlanned(
  context: ApiContext,
  em: EntityManager,
  plan: PlannedConnection,
  by: string,
  withDefaultMappings: boolean,
): Promise<void> {
  const stored = plan.store()
  await insertConnection(em, {
    id: plan.id,
    name: plan.name,
    ...stored,
    by,
    secretsSetAt: secretTimes(context.settingsKeeper, stored, {}, plan.entered),
    enabled: false,
  })
  const made = await em.findOneOrFail(Connection, { id: plan.id })
  context.audit.changed({
    kind: 'connection',
    id: plan.id,
    name: plan.name,
    before: null,
    after: shownConnection(context.settingsKeeper, made),
  })
  if (!withDefaultMappings) return
  await createDefaultMappings(em, plan.id, { author: by, note: 'Default mapping.' })
  await orderMappings(em, plan.id)
}

/** Stores what a connection becomes, which has no problems. Must be called inside a transaction, with the connection locked. */
export async function changePlanned(
  context: ApiContext,
  em: EntityManager,
  connection: Connection,
  plan: PlannedConnection,
  by: string,
  allowOtherSystem: boolean,
): Promise<void> {
  const before = shownConnection(context.settingsKeeper, connection)
  const stored = plan.store()
  await assertSameSystems(em, connection, stored, allowOtherSystem)
  connection.secretsSetAt = secretTimes(context.settingsKeeper, stored, connection.secretsSetAt, plan.entered)
  connection.name = plan.name
  connection.localSystem = stored.localSystem
  connection.integrationSystem = stored.integrationSystem
  connection.version += 1
  connection.changedAt = new Date()
  connection.changedBy = by
  await em.flush()
  const { id, name } = connection
  const after = shownConnection(context.settingsKeeper, connection)
  context.audit.changed({ kind: 'connection', id, name, before, after })
}

/** Only one pair has mappings that Accord knows. */
export function hasDefaultMappings(local: string, integration: string): boolean {
  return local === 'BUSINESS_CENTRAL' && integration === 'DATAVERSE'
}

/** Runs `change` in a transaction; a name that somebody else took at the same moment is told as any other. */
export async function inOneStep<T>(
  context: ApiContext,
  change: (em: EntityManager) => Promise<T>,
): Promise<T> {
  try {
    return await inTransaction(context, change)
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const problem: InputProblem = {
      argument: 'input.name',
      message: 'There is a connection of that name already.',
    }
    throw badUserInput([problem])
  }
}

/** Throws NOT_FOUND where it was deleted meanwhile. */
export async function lockConnection(em: EntityManager, id: string): Promise<Connection> {
  const connection = await em.findOne(Connection, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  if (connection === null) throw apiError(ErrorCode.notFound, 'The connection was deleted meanwhile.')
  return connection
}

export function readConnection(context: ApiContext, id: string): Promise<Connection> {
  return context.em.findOneOrFail(Connection, { id }, { disableIdentityMap: true })
}

/**
 * Couplings hold ids of two systems: with another company behind the same connection their records would look deleted, or worse, be
 * written to. Where that is asked for, everything is read anew.
 */
async function assertSameSystems(
  em: EntityManager,
  connection: Connection,
  next: Pick<Connection, 'localSystem' | 'integrationSystem'>,
  allowed: boolean,
): Promise<void> {
  const changes = [
    ...identityChanges(connection.localSystem, next.localSystem).map((name) => `localSystem.${name}`),
    ...identityChanges(connection.integrationSystem, next.integrationSystem).map(
      (name) => `integrationSystem.${name}`,
    ),
  ]
  if (changes.length === 0) return
  const couplings = await countCouplings(em, connection.id)
  if (couplings > 0 && !allowed) {
    throw apiError(
      ErrorCode.conflictingState,
      `${connection.name} has ${counted(couplings, 'coupling')} between the systems at the addresses it has now, and ${changes.join(', ')} would change. Where that leads to other records, make a new connection. Where the same records have only moved, ask again with allowOtherSystem: true; everything is then read anew.`,
      { couplings, changes },
    )
  }
  for (const mapping of await em.find(
    Mapping,
    { connectionId: connection.id },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  )) {
    await setWatermarks(em, mapping, { toWatermark: null, fromWatermark: null })
  }
}
