import { defineEntity, p } from '@mikro-orm/core'
import type { AuditSubject } from '../../domain/audit-subject.js'

/** What an action has changed; values without secrets. */
export interface AuditChange {
  /** `connection`, `mapping`. */
  readonly kind: string
  readonly id: string
  readonly name: string
  /** Null: it was made. Only members that differ. */
  readonly before: unknown
  /** Null: it was deleted. Only members that differ. */
  readonly after: unknown
}

const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    id: p.uuid().primary(),
    at: p.datetime(3),
    actorId: p.text(),
    actorName: p.text(),
    actorKind: p.text(),
    role: p.text(),
    /** Name of the mutation, `signIn`, `signOut`. */
    action: p.text(),
    arguments: p.json().$type<Readonly<Record<string, unknown>>>(),
    /** `OK`, the code of the error, or `UNDER_WAY`: not over yet, or Accord was ended before it was. */
    outcome: p.text(),
    /** What it was about, as it was called then. */
    subjects: p.json().$type<readonly AuditSubject[]>(),
    /** How many that were, where not all of them are named. */
    subjectCount: p.integer(),
    changes: p.json().$type<readonly AuditChange[]>(),
    /** Where the request came from. */
    address: p.text(),
  },
})

/** Who did what. Complete entries do not change (a trigger refuses it). */
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry)
