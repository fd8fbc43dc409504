import { matchesFilter } from '../domain/filter.js'
import type { ReadById, RecordSnapshot } from '../domain/record.js'
import type { RunScope } from '../domain/run.js'
import { fieldOf } from '../domain/schema.js'
import { sourceOf } from '../domain/settle.js'
import { all, isUntouchedSince, planUndo, type UndoPlan } from '../domain/undo.js'
import { otherSide, Side, type Values } from '../domain/value.js'
import type { PartnerCoupling } from '../persistence/queries/partners.js'
import { undoTargets, versionSteps, type UndoTarget } from '../persistence/queries/undo.js'
import { openIntents, type OpenIntents } from '../persistence/queries/open-intents.js'
import { couplingsOf } from './decide-pairs.js'
import type { DecideRowsInput } from './decide-rows.js'
import { couplingTarget } from './coupling-update.js'
import type { MappingContext } from './mapping-context.js'
import { busy, type DecidedRow, type PageRow } from './page-format.js'

type UndoScope = Extract<RunScope, { readonly kind: 'undo' }>

/** A record whose writes are undone, with all that decides about it. */
interface Undoing {
  readonly row: PageRow
  readonly target: UndoTarget
  readonly read: ReadById | undefined
  /** The couplings that the record and its partner have now. */
  readonly own: PartnerCoupling | null
  readonly partners: PartnerCoupling | null
}

/**
 * Decides what a run that undoes does with the records of the pass's other side. They are read by id with every field that is to
 * be set back, mapped or not.
 */
export async function decideUndo(
  context: MappingContext,
  input: DecideRowsInput,
  scope: UndoScope,
): Promise<readonly DecidedRow[]> {
  const sourceSide = sourceOf(input.pass)
  const side = otherSide(sourceSide)
  const ids = input.rows.map((row) => row.id)
  const targets = await undoTargets(context.em, input.runId, side, ids)
  const asked = input.rows.flatMap((row) => {
    const target = targets.get(row.id)
    return target === undefined ? [] : [{ row, target }]
  })
  const recordIds = asked.map(({ target }) => target.recordId)
  const [reads, own, partners, open, steps] = [
    await context.connectors[side].readByIds(
      context.tables[side],
      fieldsToRead(
        context,
        side,
        asked.map(({ target }) => target),
      ),
      recordIds,
    ),
    await couplingsOf(context, side, recordIds),
    await couplingsOf(context, sourceSide, ids),
    await openIntents(context.em, couplingTarget(context), input.pageId),
    await versionSteps(context.em, context.mapping.id, side, created(asked)),
  ]
  return asked.map(({ row, target }, index): DecidedRow => {
    const undoing: Undoing = {
      row,
      target,
      read: reads[index],
      own: own.get(target.recordId) ?? null,
      partners: partners.get(row.id) ?? null,
    }
    const record = undoing.read?.kind === 'found' ? undoing.read.record : null
    const coupling = undoing.own ?? undoing.partners
    const isUntouched = record !== null && isUntouchedSince(steps.get(target.recordId) ?? [], record.version)
    const isBusy = !input.claimed.has(row.id) || isHeld(undoing, side, open)
    return {
      sourceId: row.id,
      origin: row.origin,
      source: row.read.kind === 'found' ? row.read.record : null,
      destination: record,
      destinationId: target.recordId,
      // Of a partner that is coupled otherwise by now, that coupling: it must stand still meanwhile.
      couplingId: coupling?.mappingId === context.mapping.id ? coupling.id : null,
      couplingRevision: coupling?.mappingId === context.mapping.id ? coupling.revision : null,
      coupling: null,
      state: null,
      decision: isBusy
        ? busy()
        : {
            row: 'undone',
            partner: null,
            outcome: 'undone',
            plan: planOf(context, side, undoing, { isUntouched, overwrite: scope.overwrite }),
          },
      written: null,
      refused: null,
      intentIds: [],
      undoes: target.writes.map((write) => write.id),
    }
  })
}

function planOf(
  context: MappingContext,
  side: Side,
  { row, target, read, own, partners }: Undoing,
  { isUntouched, overwrite }: { readonly isUntouched: boolean; readonly overwrite: boolean },
): UndoPlan {
  const table = context.tables[side]
  const { writes } = target
  if (read === undefined || read.kind === 'forbidden') {
    const message = read === undefined ? 'The record could not be read.' : read.message
    return all({ writes }, 'NOT_POSSIBLE', message)
  }
  const record = read.kind === 'found' ? read.record : null
  const partnerOf = (coupling: PartnerCoupling) =>
    side === Side.local ? coupling.integrationId : coupling.localId
  if (own !== null && (partnerOf(own) !== row.id || own.mappingId !== context.mapping.id))
    return all({ writes }, 'NOT_POSSIBLE', 'The record has been coupled with another record since.')
  if (own === null && partners !== null)
    return all({ writes }, 'NOT_POSSIBLE', 'Its partner has been coupled with another record since.')
  const plan = planUndo({ table, writes, record, isUntouched, overwrite })
  if (plan.action.kind !== 'create' || row.read.kind !== 'found') return plan
  // What the system demands at creation and no mapping carries comes from the template, as for every record that is created.
  const values = { ...templateFor(context, side, row.read.record), ...plan.action.values }
  return { ...plan, action: { ...plan.action, values } }
}

function templateFor(context: MappingContext, side: Side, source: RecordSnapshot): Values {
  const [templates, table] =
    side === Side.local
      ? [context.definition.templates.local, context.tables[Side.integration]]
      : [context.definition.templates.integration, context.tables[Side.local]]
  const fitting = templates
    .toSorted((a, b) => a.priority - b.priority)
    .find(({ filter }) => matchesFilter(filter, source.values, (name) => fieldOf(table, name).type))
  return fitting?.values ?? {}
}

/** Whether another write of the record, of its partner or of their coupling is under way. */
function isHeld({ row, target, own, partners }: Undoing, side: Side, open: OpenIntents): boolean {
  return (
    open.records.has(`${side}:${target.recordId}`) ||
    open.records.has(`${otherSide(side)}:${row.id}`) ||
    [own, partners].some((coupling) => coupling !== null && open.couplings.has(coupling.id))
  )
}

/** What the mapping reads, and what is to be set back as far as the table still has it. */
function fieldsToRead(
  context: MappingContext,
  side: Side,
  targets: readonly UndoTarget[],
): readonly string[] {
  const known = new Set(context.tables[side].fields.map((field) => field.name))
  const written = targets.flatMap(({ writes }) =>
    writes.flatMap((write) => write.fields.map(({ field }) => field)),
  )
  return [...new Set([...context.fields[side], ...written.filter((field) => known.has(field))])]
}

/** The records of which the creation is undone as well. */
function created(asked: readonly { readonly target: UndoTarget }[]): readonly string[] {
  return asked
    .filter(({ target }) => target.writes.some((write) => write.kind === 'CREATE'))
    .map(({ target }) => target.recordId)
}
