import { isDeepStrictEqual } from 'node:util'
import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import { carries, directionsOf, type MappingDefinition } from '../../domain/mapping.js'
import { Side } from '../../domain/value.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { changeDefinition } from '../../persistence/mappings.js'
import { run, sql } from '../../persistence/sql.js'
import { badUserInput, type InputProblem } from '../errors.js'
import type { UpdateMappingInput } from './mapping.input.js'

/** A watermark further ahead than this is a slip of the pen: nothing would be read until then. */
const FURTHEST_AHEAD = 24 * 60 * 60 * 1000

/**
 * Changes a mapping. Must be called inside a transaction. Throws BAD_USER_INPUT with every problem at once; then nothing
 * is changed.
 */
export async function updateMapping(
  em: EntityManager,
  id: string,
  input: UpdateMappingInput,
  author: string,
): Promise<void> {
  const mapping = await em.findOneOrFail(Mapping, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  const problems = problemsOf(mapping, input, Date.now())
  if (problems.length > 0) throw badUserInput(problems)
  const definition: MappingDefinition = {
    ...mapping.definition,
    direction: input.direction ?? mapping.direction,
    conflictDetection: input.conflictDetection ?? mapping.conflictDetection,
    updateConflictPolicy: input.updateConflictPolicy ?? mapping.updateConflictPolicy,
  }
  if (!isDeepStrictEqual(definition, mapping.definition))
    await changeDefinition(em, mapping, definition, { author, note: null })
  if (input.toWatermark !== undefined) await setToWatermark(em, mapping, input.toWatermark)
  if (input.fromWatermark !== undefined) await setFromWatermark(em, mapping, input.fromWatermark)
  mapping.updatedAt = new Date()
  await em.flush()
}

function problemsOf(mapping: Mapping, input: UpdateMappingInput, now: number): readonly InputProblem[] {
  const problems: InputProblem[] = []
  for (const name of ['direction', 'conflictDetection', 'updateConflictPolicy'] as const) {
    if (input[name] === null) {
      problems.push({
        argument: `input.${name}`,
        message: `Expected a value; it cannot be blank${name === 'updateConflictPolicy' ? " (Business Central's blank is NONE)" : ''}.`,
      })
    }
  }
  for (const name of ['toWatermark', 'fromWatermark'] as const) {
    const mark = input[name]
    if (mark !== null && mark !== undefined && mark.getTime() > now + FURTHEST_AHEAD) {
      problems.push({
        argument: `input.${name}`,
        message: `Expected a time no later than a day from now, got ${mark.toISOString()}: no change would be read until then.`,
      })
    }
  }
  const direction = input.direction ?? null
  if (direction !== null) {
    for (const pass of directionsOf(direction)) {
      if (mapping.definition.fields.some((field) => carries(field, pass))) continue
      problems.push({
        argument: 'input.direction',
        message: `Expected a direction in which ${mapping.name} carries a field, got ${direction}: none of its fields is carried ${pass}.`,
      })
    }
  }
  if (Object.values(input).every((value) => value === undefined)) {
    problems.push({ argument: 'input', message: 'Expected at least one setting to change.' })
  }
  return problems
}

/**
 * A watermark set by hand is exact: what is stamped at or after it counts as not yet read, and the clock difference
 * measured for the old one no longer applies. The revision tells a run under way that it was set meanwhile.
 */
async function setToWatermark(em: EntityManager, mapping: Mapping, mark: Date | null): Promise<void> {
  mapping.toWatermark = mark
  mapping.toWatermarkRevision += 1
  mapping.toClockOffset = null
  await forgetHandled(em, mapping.id, Side.local, mark)
}

/** See {@link setToWatermark}. A table that is read by its delta token must also be told which way the mark was moved. */
async function setFromWatermark(em: EntityManager, mapping: Mapping, mark: Date | null): Promise<void> {
  if (mark === null) {
    mapping.fromToken = null
    mapping.fromTokenFields = null
    mapping.fromWatermarkSet = null
  } else if ((mapping.fromToken ?? null) !== null) {
    const present = await tokenTime(em, mapping)
    mapping.fromWatermarkSet = present !== null && mark.getTime() <= present ? 'BACK' : 'FORWARD'
  }
  mapping.fromWatermark = mark
  mapping.fromWatermarkRevision += 1
  mapping.fromClockOffset = null
  await forgetHandled(em, mapping.id, Side.integration, mark)
}

/**
 * The time up to which the delta token has read, epoch milliseconds: the watermark, unless that was set by hand already
 * and no pass has obeyed it yet; then the source's clock in the last completed pass.
 */
async function tokenTime(em: EntityManager, mapping: Mapping): Promise<number | null> {
  const mark = mapping.fromWatermark?.getTime() ?? null
  if ((mapping.fromWatermarkSet ?? null) === null) return mark
  const [last] = await run<{ clock: string | null }>(
    em,
    sql`select (extract(epoch from clock_at) * 1000)::bigint::text as clock from synch_job
        where mapping_id = ${mapping.id} and direction = 'FROM_INTEGRATION_TABLE' and status = 'COMPLETED'
          and clock_at is not null
        order by start desc, id limit 1`,
  )
  return last?.clock === null || last?.clock === undefined ? mark : Number(last.clock)
}

async function forgetHandled(
  em: EntityManager,
  mappingId: string,
  side: Side,
  mark: Date | null,
): Promise<void> {
  const from = mark?.toISOString() ?? '-infinity'
  await run(
    em,
    sql`delete from handled_version
        where mapping_id = ${mappingId} and side = ${side} and stamp >= ${from}::timestamptz`,
  )
}
