import { inTransaction } from '../in-transaction.js'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { MappingDefinition } from '../../domain/mapping.js'
import { Side } from '../../domain/value.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { changeDefinition, createMapping, lockMappings, orderMappings } from '../../persistence/mappings.js'
import { lockMappingRows } from '../../persistence/queries/mapping-locks.js'
import { knownTables } from '../../persistence/tables.js'
import { shownMapping } from '../audit/shown.js'
import type { ApiContext } from '../context.js'
import { badUserInput, type InputProblem } from '../errors.js'
import { findConnection } from '../connection/find-connection.js'
import { authorshipOf, type ChangeRequest } from './authorship.js'
import { isSame, problemsOfChange } from './change-mapping.js'
import { consequencesOf } from './consequences.js'
import { diffDocuments } from './document/diff-documents.js'
import { toDocument } from './document/mapping-document.js'
import { under } from './document/problems.js'
import { readDocument } from './document/read-document.js'
import { AppliedAction, type AppliedMappingType, type MappingNoticeType } from './mapping-change.type.js'
import { ensureTables } from './ensure-tables.js'
import { isToldOf, readWithout } from './document/mended-document.js'
import { judge, judgeDefinition } from './validate-definition.js'
import { showChange } from './versions.js'

export interface ApplyRequest extends Pick<ChangeRequest, 'author' | 'note'> {
  readonly connection: string | null
  readonly documents: readonly unknown[]
  /** Tell what would be done, and do nothing. */
  readonly dryRun: boolean
}

/** A mapping that a document names, with what it is to become. */
interface Planned {
  readonly argument: string
  readonly definition: MappingDefinition
  readonly mapping: Mapping | null
}

/**
 * Makes the mappings of a connection what the documents say, all of them or none; mappings without a document stay. Throws
 * BAD_USER_INPUT with every problem of every document at once (`mappings[1].fields[2].direction`).
 */
export async function applyMappings(
  context: ApiContext,
  request: ApplyRequest,
): Promise<readonly AppliedMappingType[]> {
  const by = authorshipOf(context.principal, request)
  const { id: connectionId } = await findConnection(context.em, request.connection)
  const definitions = await readAll(context.em, connectionId, request.documents)
  await ensureTables(context, connectionId, definitions, (index) => `mappings[${index}]`)
  return inTransaction(context, async (em) => {
    await lockMappings(em, connectionId)
    await lockMappingRows(em, connectionId)
    const present = await em.find(Mapping, { connectionId }, { refresh: true })
    const planned = definitions.map((definition, index): Planned => ({
      argument: `mappings[${index}]`,
      definition,
      mapping: present.find((mapping) => mapping.name === definition.name) ?? null,
    }))
    const warnings = await judgeAll(em, connectionId, planned, present)
    const applied: AppliedMappingType[] = []
    for (const plan of planned) {
      const result = describePlan(plan, warnings.get(plan) ?? [])
      applied.push(result)
      if (request.dryRun || result.action === AppliedAction.unchanged) continue
      const before = plan.mapping === null ? null : shownMapping(plan.mapping)
      if (plan.mapping !== null) await changeDefinition(em, plan.mapping, plan.definition, by)
      const mapping = plan.mapping ?? (await createMapping(em, connectionId, plan.definition, by))
      const { id, name } = mapping
      context.audit.changed({ kind: 'mapping', id, name, before, after: shownMapping(mapping) })
    }
    if (!request.dryRun) await orderMappings(em, connectionId)
    return applied
  })
}

async function readAll(
  em: EntityManager,
  connectionId: string,
  documents: readonly unknown[],
): Promise<readonly MappingDefinition[]> {
  if (documents.length === 0) {
    throw badUserInput([{ argument: 'mappings', message: 'Expected at least one mapping.' }])
  }
  const read = documents.map(readDocument)
  const problems = read.flatMap((result, index) =>
    result.problems.map((problem) => ({
      ...problem,
      argument: under(`mappings[${index}]`, problem.argument),
    })),
  )
  const definitions = read.flatMap((result) => (result.value === null ? [] : [result.value]))
  const names = read.map((result) => result.value?.name)
  names.forEach((name, index) => {
    if (name !== undefined && names.indexOf(name) < index) {
      problems.push({
        argument: `mappings[${index}].name`,
        message: `Expected each mapping once; ${name} is also mappings[${names.indexOf(name)}].`,
      })
    }
  })
  if (problems.length === 0) return definitions
  const tried = read.map((result, index) => result.value ?? readWithout(documents[index], result.problems))
  const further = (await judgeReadable(em, connectionId, tried)).filter(
    (problem) => !isToldOf(problem, problems),
  )
  throw badUserInput([...problems, ...further])
}

/** What is wrong with those that can be read, as far as their tables are known: nothing is read from the systems for a refusal. */
async function judgeReadable(
  em: EntityManager,
  connectionId: string,
  tried: readonly (MappingDefinition | null)[],
): Promise<readonly InputProblem[]> {
  const present = (await em.find(Mapping, { connectionId })).map((mapping) => mapping.definition)
  const given = tried.filter((definition) => definition !== null)
  const kept = present.filter(({ name }) => !given.some((definition) => definition.name === name))
  const problems: InputProblem[] = []
  for (const [index, definition] of tried.entries()) {
    if (definition === null) continue
    const [local, integration] = await knownTables(em, [
      { connectionId, side: Side.local, name: definition.localTable },
      { connectionId, side: Side.integration, name: definition.integrationTable },
    ])
    if (!local || !integration) continue
    const others = [...given.filter(({ name }) => name !== definition.name), ...kept]
    const tables = { LOCAL: local.definition, INTEGRATION: integration.definition }
    problems.push(
      ...judge(definition, tables, others).problems.map((problem) => ({
        ...problem,
        argument: under(`mappings[${index}]`, problem.argument),
      })),
    )
  }
  return problems
}

/** Warnings by plan. Throws BAD_USER_INPUT. Each is judged among what all of them become together. */
async function judgeAll(
  em: EntityManager,
  connectionId: string,
  planned: readonly Planned[],
  present: readonly Mapping[],
): Promise<ReadonlyMap<Planned, readonly MappingNoticeType[]>> {
  const kept = present
    .map((mapping) => mapping.definition)
    .filter((definition) => !planned.some((plan) => plan.definition.name === definition.name))
  const problems: InputProblem[] = []
  const warnings = new Map<Planned, readonly MappingNoticeType[]>()
  for (const plan of planned) {
    const others = [...planned.filter((other) => other !== plan).map((other) => other.definition), ...kept]
    const judgement = await judgeDefinition(em, connectionId, plan.definition, others)
    const found =
      plan.mapping === null
        ? judgement.problems
        : await problemsOfChange(em, plan.mapping, plan.definition, others)
    problems.push(
      ...found.map((problem) => ({ ...problem, argument: under(plan.argument, problem.argument) })),
    )
    warnings.set(
      plan,
      judgement.warnings.map(({ argument, message }) => ({ path: argument, message })),
    )
  }
  if (problems.length > 0) throw badUserInput(problems)
  return warnings
}

function describePlan(
  { mapping, definition }: Planned,
  warnings: readonly MappingNoticeType[],
): AppliedMappingType {
  const { name } = definition
  if (mapping === null) {
    return { name, action: AppliedAction.created, version: 1, changes: [], consequences: [], warnings }
  }
  if (isSame(mapping.definition, definition)) {
    const { version } = mapping
    return { name, action: AppliedAction.unchanged, version, changes: [], consequences: [], warnings }
  }
  return {
    name,
    action: AppliedAction.changed,
    version: mapping.version + 1,
    changes: diffDocuments(toDocument(mapping.definition), toDocument(definition)).map(showChange),
    consequences: consequencesOf(mapping.definition, definition),
    warnings,
  }
}
