import { randomUUID } from 'node:crypto'
import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import { ErrorGroupEventKind } from '../domain/error-group.js'
import { assertNever } from '../domain/value.js'
import { ErrorGroup, ErrorGroupEvent } from './entities/error-group.js'
import { lockErrorGroups, resolveWhere } from './queries/error-groups.js'
import { sql, storable } from './sql.js'

/** A change of a group's life cycle. `assignee` null: nobody; `until` null: no longer snoozed. */
export type ErrorGroupChange =
  | { readonly kind: 'assign'; readonly assignee: string | null }
  | { readonly kind: 'snooze'; readonly until: Date | null }
  | { readonly kind: 'resolve' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'tag'; readonly add: readonly string[]; readonly remove: readonly string[] }

/** CHANGED: done. CHANGED_SINCE: another version is in force by now; nothing was done. */
export type ErrorGroupChangeOutcome = 'CHANGED' | 'CHANGED_SINCE' | 'UNKNOWN'

/**
 * Changes a group, if it is still at the version that was looked at (null: any), and notes it in the group's history. A change that changes
 * nothing leaves no trace. Must be called inside a transaction; groups of several mappings in the order of their mappings' ids.
 */
export async function changeErrorGroup(
  em: EntityManager,
  target: { readonly id: string; readonly mappingId: string; readonly version: number | null },
  change: ErrorGroupChange,
  actor: string,
): Promise<ErrorGroupChangeOutcome> {
  await lockErrorGroups(em, [target.mappingId])
  const group = await em.findOne(
    ErrorGroup,
    { id: target.id },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  )
  if (group === null) return 'UNKNOWN'
  if (target.version !== null && target.version !== group.version) return 'CHANGED_SINCE'
  const event = apply(group, change, actor)
  if (event === null) return 'CHANGED'
  group.version += 1
  em.persist(
    em.create(ErrorGroupEvent, { id: randomUUID(), groupId: group.id, actor, at: new Date(), ...event }),
  )
  await em.flush()
  if (change.kind === 'resolve') await resolveWhere(em, sql`e.group_id = ${group.id}`, actor)
  return 'CHANGED'
}

function apply(
  group: ErrorGroup,
  change: ErrorGroupChange,
  actor: string,
): { readonly kind: ErrorGroupEventKind; readonly detail: string | null } | null {
  switch (change.kind) {
    case 'assign': {
      const assignee = change.assignee === null ? null : storable(change.assignee)
      if ((group.assignee ?? null) === assignee) return null
      group.assignee = assignee
      return assignee === null
        ? { kind: ErrorGroupEventKind.unassigned, detail: null }
        : { kind: ErrorGroupEventKind.assigned, detail: assignee }
    }
    case 'snooze': {
      if (change.until === null && !group.snoozedUntil) return null
      group.snoozedUntil = change.until
      return change.until === null
        ? { kind: ErrorGroupEventKind.woken, detail: null }
        : { kind: ErrorGroupEventKind.snoozed, detail: change.until.toISOString() }
    }
    case 'resolve': {
      if (group.resolvedAt) return null
      group.resolvedAt = new Date()
      group.resolvedBy = actor
      group.snoozedUntil = null
      return { kind: ErrorGroupEventKind.resolved, detail: null }
    }
    case 'reopen': {
      if (!group.resolvedAt) return null
      group.resolvedAt = null
      group.resolvedBy = null
      group.reopened += 1
      return { kind: ErrorGroupEventKind.reopened, detail: null }
    }
    case 'note':
      return { kind: ErrorGroupEventKind.noted, detail: storable(change.text) }
    case 'tag': {
      const removed = new Set(change.remove.map(storable))
      const tags = [...new Set([...group.tags, ...change.add.map(storable)])].filter(
        (tag) => !removed.has(tag),
      )
      if (tags.join('\n') === group.tags.join('\n')) return null
      group.tags = tags
      return { kind: ErrorGroupEventKind.tagged, detail: tags.join(', ') }
    }
    default:
      return assertNever(change)
  }
}
