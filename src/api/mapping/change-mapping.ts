import { inTransaction } from '../in-transaction.js'
import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import { isDeepStrictEqual } from 'node:util'
import type { MappingDefinition } from '../../domain/mapping.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { changeDefinition, lockMappings, orderMappings, versionsAfter } from '../../persistence/mappings.js'
import { shownMapping } from '../audit/shown.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode, type InputProblem } from '../errors.js'
import { changedSince } from '../seen-version.js'
import { authorshipOf, type ChangeRequest } from './authorship.js'
import { toDocument } from './document/mapping-document.js'
import type { Read } from './document/read-document.js'
import { judgeDefinition, otherDefinitions } from './validate-definition.js'
import { describeVersions } from './versions.js'

/** What a change makes of a mapping; `also` is carried out in the same transaction, once nothing is wrong. */
export interface Change {
  readonly read: Read<MappingDefinition>
  /** Problems of what stands beside the definition. */
  readonly problems?: readonly InputProblem[]
  readonly also?: () => Promise<void>
}

/**
 * Changes a mapping in one transaction, in turns with everybody else who changes mappings of its connection: a new version
 * if the definition then means something else. Throws BAD_USER_INPUT with every problem at once, and CONFLICTING_STATE where
 * the author has seen an older version; then nothing is changed. `argumentOf`: the argument at fault where a setting is.
 */
export async function changeMapping(
  context: ApiContext,
  id: string,
  request: ChangeRequest,
  argumentOf: (path: string) => string,
  change: (mapping: Mapping, em: EntityManager) => Change | Promise<Change>,
): Promise<Mapping> {
  const by = authorshipOf(context.principal, request)
  await inTransaction(context, async (em) => {
    const mapping = await lockMapping(em, id)
    await refuseOlder(em, mapping, request.version)
    const before = shownMapping(mapping)
    const { read, problems = [], also } = await change(mapping, em)
    const judged = read.value === null ? read.problems : await problemsOfChange(em, mapping, read.value)
    const all = [
      ...problems,
      ...judged.map((problem) => ({ ...problem, argument: argumentOf(problem.argument) })),
    ]
    if (all.length > 0) throw badUserInput(all)
    if (read.value !== null && !isSame(mapping.definition, read.value)) {
      await changeDefinition(em, mapping, read.value, by)
      await orderMappings(em, mapping.connectionId)
    }
    await also?.()
    await em.flush()
    context.audit.changed({ kind: 'mapping', id, name: mapping.name, before, after: shownMapping(mapping) })
  })
  return context.em.findOneOrFail(Mapping, { id }, { disableIdentityMap: true })
}

/** Whether two definitions mean the same. */
export function isSame(one: MappingDefinition, other: MappingDefinition): boolean {
  return isDeepStrictEqual(toDocument(one), toDocument(other))
}

/**
 * Everything that stands against a mapping's having this definition. What is wrong with the present one already (a table may
 * have lost a field since) keeps nobody from changing something else.
 */
export async function problemsOfChange(
  em: EntityManager,
  mapping: Mapping,
  definition: MappingDefinition,
  others?: readonly MappingDefinition[],
): Promise<readonly InputProblem[]> {
  const fixed = (['name', 'localTable', 'integrationTable'] as const)
    .filter((setting) => definition[setting] !== mapping.definition[setting])
    .map((argument) => ({
      argument,
      message: `Expected ${mapping.definition[argument]}: couplings, errors and history belong to it. Create another mapping instead.`,
    }))
  if (fixed.length > 0) return fixed
  if (isSame(mapping.definition, definition)) return []
  const rest = others ?? (await otherDefinitions(em, mapping.connectionId, [mapping.name]))
  const { problems } = await judgeDefinition(em, mapping.connectionId, definition, rest)
  const known = await judgeDefinition(em, mapping.connectionId, mapping.definition, rest)
  const old = new Set(known.problems.map(({ message }) => message))
  return problems.filter(({ message }) => !old.has(message))
}

async function lockMapping(em: EntityManager, id: string): Promise<Mapping> {
  const { connectionId } = await em.findOneOrFail(Mapping, { id }, { disableIdentityMap: true })
  await lockMappings(em, connectionId)
  const mapping = await em.findOne(Mapping, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  if (mapping === null) throw apiError(ErrorCode.notFound, 'The mapping was deleted meanwhile.')
  return mapping
}

/** Throws CONFLICTING_STATE with who changed what since the version that the author has seen. */
async function refuseOlder(em: EntityManager, mapping: Mapping, seen: number | null): Promise<void> {
  if (seen === null || seen === mapping.version) return
  if (seen < 1 || seen > mapping.version) {
    throw badUserInput([
      {
        argument: 'version',
        message: `Expected the version of ${mapping.name} that you have seen, at most ${mapping.version}; got ${seen}.`,
      },
    ])
  }
  const since = describeVersions(await versionsAfter(em, mapping.id, seen - 1)).slice(0, -1)
  const told = since.map(
    ({ version, author, at, changes }) =>
      `version ${version} by ${author} at ${at.toISOString()} (${changes.map(({ text }) => text).join('; ') || 'no setting'})`,
  )
  throw apiError(
    ErrorCode.conflictingState,
    `${mapping.name} was changed since version ${seen}: ${told.join(', ')}. Nothing was changed now; look at it and try again.`,
    {
      ...changedSince({
        version: mapping.version,
        changedBy: since[0]?.author ?? null,
        changedAt: since[0]?.at ?? null,
      }),
      changes: since.map(({ version, author, note, at, changes }) => ({
        version,
        author,
        note,
        at,
        changes,
      })),
    },
  )
}
