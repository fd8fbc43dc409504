import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { UndoOutcome } from '../../domain/undo.js'
import { RecordWrite } from '../../persistence/entities/record-write.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import type { UndoItem } from '../../persistence/entities/undo-item.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseId, parseIds } from '../identifiers.js'
import type { Page } from '../paging/connection.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { captionsOf } from './captions.js'
import { RecordWriteType } from './record-write.type.js'
import { undoItemsOf, undoRun, undoWrites } from './undo.js'
import { UndoneFieldType, UndoneWriteConnection, UndoneWriteType, UndoOutcomeEnum } from './undo.type.js'

const OVERWRITE = 'Also what was changed since; a record that was created is deleted though it was changed.'
const WHAT_IT_DOES =
  'A field is set back where it still holds what the write had put there. A record that was created is deleted where nobody has touched it since, its coupling goes, and its source is skipped until a person lifts that. A record that was deleted is created anew, under a new id, and coupled with its partner where that is free. An undo is a write like any other and can itself be undone.'
const WHAT_FOLLOWS =
  "A value that is set back counts as that side's own change: the next run carries it to the other record where the mapping carries that way; in a one-way mapping it stays until its source changes."

@Resolver(() => UndoneWriteType)
export class UndoResolver {
  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => [UndoneWriteType], {
    description: `Undoes writes, newest first within a record; waits up to 25 seconds. ${WHAT_IT_DOES} ${WHAT_FOLLOWS}`,
  })
  async undoWrites(
    @Arg('ids', () => [ID]) ids: string[],
    @Arg('overwrite', () => Boolean, { defaultValue: false, description: OVERWRITE }) overwrite: boolean,
    @Arg('both', () => Boolean, {
      defaultValue: false,
      description:
        'Also what the same run wrote to the other record of the pair: both sides of a settlement are set back.',
    })
    both: boolean,
    @Ctx() context: ApiContext,
  ): Promise<readonly UndoItem[]> {
    return undoWrites(context, parseIds(ids, 'ids'), { overwrite, both })
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RunType, {
    description: `Undoes everything that a run has written, on both sides. ${WHAT_IT_DOES} ${WHAT_FOLLOWS} Ask undoResults of the run that is returned. CONFLICTING_STATE while the run is under way, or where it has written nothing.`,
  })
  async undoRun(
    @Arg('runId', () => ID) runId: string,
    @Arg('overwrite', () => Boolean, { defaultValue: false, description: OVERWRITE }) overwrite: boolean,
    @Ctx() context: ApiContext,
  ): Promise<SynchRun> {
    return undoRun(context, parseId(runId, 'runId'), overwrite)
  }

  @FieldResolver(() => RecordWriteType, { nullable: true, description: 'The write that was to be undone.' })
  async write(@Root() item: UndoItem, @Ctx() { loaders }: ApiContext): Promise<RecordWrite | null> {
    return loaders.recordWrite.load(item.writeId)
  }

  @FieldResolver(() => RunType, { nullable: true, description: 'The run that undoes it.' })
  async run(@Root() item: UndoItem, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    return loaders.run.load(item.runId)
  }

  @FieldResolver(() => [UndoneFieldType], {
    description: 'Of a write that changed fields: what became of each.',
  })
  async fields(@Root() item: UndoItem, @Ctx() { loaders }: ApiContext): Promise<UndoneFieldType[]> {
    const run = await loaders.run.load(item.runId)
    const caption = run === null ? null : await captionsOf(loaders, run.mappingId, item.side)
    const text = (value: string | boolean | null) => (value === null ? null : String(value))
    return (item.fields ?? []).map((field) => ({
      field: field.field,
      caption: caption === null ? field.field : caption(field.field),
      before: text(field.before),
      after: text(field.after),
      current: text(field.current),
      outcome: field.outcome,
    }))
  }
}

/** What a run that undoes did. */
@Resolver(() => RunType)
export class RunUndoResolver {
  @FieldResolver(() => UndoneWriteConnection, {
    description: 'Of a run that undoes: what became of each write.',
  })
  async undoResults(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('outcome', () => [UndoOutcomeEnum], { nullable: true }) outcome: UndoOutcome[] | null,
    @Root() run: SynchRun,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<UndoneWriteType>> {
    return undoItemsOf(em, run.id, outcome ?? null, { first, after })
  }
}
