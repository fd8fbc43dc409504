import type { Coupling } from './coupling.js'
import type { FieldState, PairState } from './field-state.js'
import { fieldEnd, type TransferContext } from './field-transfer.js'
import type { DeletionConflictPolicy } from './mapping.js'
import type { FieldDifference } from './reconcile.js'
import type { RepairAction } from './reconcile-repair.js'
import { assertNever, otherSide, Side } from './value.js'

/** Captions named in one sentence; of the others their number is told. */
const CAPTIONS_NAMED = 3

/** The sentences in which a reconciliation gives its reasons, with the captions of a mapping's two tables. */
export type Words = ReturnType<typeof wordsOf>

const POLICIES: Record<Exclude<DeletionConflictPolicy, 'NONE'>, string> = {
  RESTORE_RECORDS: 'restores the record',
  DELETE_COUPLING: 'removes the coupling',
  DELETE_OTHER_RECORD: 'deletes the other record',
}

export function wordsOf(context: TransferContext) {
  const captions: Record<Side, string> = {
    [Side.local]: context.localTable.caption,
    [Side.integration]: context.integrationTable.caption,
  }
  const both = `the ${captions.LOCAL} and the ${captions.INTEGRATION}`
  const named = (fields: readonly FieldState[]) => listOf(fields.map((field) => captionOf(field, context)))
  const changed = (state: PairState): string =>
    state.localChanged && state.integrationChanged
      ? `Both ${both} were`
      : state.localChanged || state.integrationChanged
        ? `The ${captions[state.localChanged ? Side.local : Side.integration]} was`
        : `Neither ${captions.LOCAL} nor ${captions.INTEGRATION} was`

  return {
    nothing: 'There is nothing to repair.',
    choose: 'Neither side is known to be right: say which one to keep.',
    bothGone: `Both ${both} are gone; only their coupling is left.`,
    forbidden: (side: Side, message: string) => `The ${captions[side]} may not be read: ${message}`,
    giveAccess: (side: Side) =>
      `Nothing can be repaired unseen: give the integration user read access to the ${captions[side]}, then reconcile again.`,
    gone: (side: Side, policy: DeletionConflictPolicy, skipped: boolean) =>
      `The ${captions[side]} is gone${
        skipped
          ? ', and the pair is a skipped synch. record'
          : policy === 'NONE'
            ? ', and Resolve Deletion Conflicts leaves it to a person'
            : `; the next run that notices it ${POLICIES[policy]}`
      }.`,
    decideDeletion: (side: Side) =>
      `Say that the ${captions[otherSide(side)]} is to be kept: the ${captions[side]} is then created anew. Or delete the record or the coupling yourself.`,
    outside: (sides: readonly Side[], differing: readonly FieldState[]) =>
      `${sides.length === 2 ? `Both ${both} lie` : `The ${captions[sides[0] ?? Side.local]} lies`} outside the filter, so changes are not carried${
        differing.length === 0 ? '' : `; they differ in ${named(differing)}`
      }.`,
    filterDecides: (sides: readonly Side[]) =>
      `The filter decides: change the ${captions[sides[0] ?? Side.local]} or the filter, or delete the coupling.`,
    skipped: (reason: string, message: string | null) =>
      message ?? `The pair is a skipped synch. record (${reason}).`,
    pending: (state: PairState, differing: readonly FieldState[], firstContact: boolean) =>
      firstContact
        ? `The records were coupled and not yet synchronised; the next run does so. They differ in ${named(differing)}.`
        : `${changed(state)} changed since the last synchronisation; the next run carries ${named(differing)}.`,
    unnoticed: (state: PairState, differing: readonly FieldState[]) =>
      `${changed(state)} changed in ${named(differing)}, but not in a way that a scheduled run notices: without a new version, or stamped before the watermark.`,
    drift: (state: PairState, differing: readonly FieldState[]) =>
      state.localChanged || state.integrationChanged
        ? `${changed(state)} changed, and ${named(differing)} ${differing.length === 1 ? 'is' : 'are'} not carried from there, so no run overwrites ${differing.length === 1 ? 'it' : 'them'}.`
        : `${changed(state)} changed since the last synchronisation, and yet they differ in ${named(differing)}: no run writes that by itself.`,
  }
}

/** What carrying out an action would do, one sentence. */
export function describeAction(
  action: RepairAction,
  fields: readonly FieldDifference[],
  captions: Readonly<Record<Side, string>>,
  gone: Side | null,
): string {
  const names = listOf(fields.map((field) => field.localCaption))
  switch (action) {
    case 'SYNCHRONIZE':
      return fields.length === 0
        ? 'Settle it now as the next run would.'
        : `Settle ${names} now as a run that looks would.`
    case 'WRITE_INTEGRATION':
      return `Write ${names} of the ${captions.LOCAL} to the ${captions.INTEGRATION}.`
    case 'WRITE_LOCAL':
      return `Write ${names} of the ${captions.INTEGRATION} to the ${captions.LOCAL}.`
    case 'RESTORE':
      return `Create the ${captions[gone ?? Side.local]} anew and couple it.`
    case 'CREATE':
      return `Create the ${captions[gone ?? Side.integration]} and couple it.`
    case 'COUPLE':
      return 'Couple it with the record that matches; the next run makes them agree.'
    default:
      return assertNever(action)
  }
}

export function differencesOf(
  differing: readonly FieldState[],
  coupling: Coupling,
  context: TransferContext,
): readonly FieldDifference[] {
  return differing.map((state) => ({
    name: state.field.name,
    localField: state.field.localField,
    integrationField: state.field.integrationField,
    localCaption: fieldEnd(state.field, Side.local, context).caption,
    integrationCaption: fieldEnd(state.field, Side.integration, context).caption,
    direction: state.field.direction,
    local: state.local,
    integration: state.integration,
    base: coupling.base?.[state.field.name] ?? null,
    localChanged: state.localChanged,
    integrationChanged: state.integrationChanged,
  }))
}

function captionOf({ field }: FieldState, context: TransferContext): string {
  return fieldEnd(field, field.localField === null ? Side.integration : Side.local, context).caption
}

function listOf(captions: readonly string[]): string {
  if (captions.length <= CAPTIONS_NAMED + 1) return captions.join(', ')
  return `${captions.slice(0, CAPTIONS_NAMED).join(', ')} and ${captions.length - CAPTIONS_NAMED} more`
}
