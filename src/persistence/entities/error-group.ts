import { defineEntity, p } from '@mikro-orm/core'
import type { DiagnosisCode } from '../../domain/diagnosis/code.js'
import type { ErrorGroupEventKind } from '../../domain/error-group.js'
import type { ErrorClass, ResolvableBy } from '../../domain/failure.js'

const ErrorGroupSchema = defineEntity({
  name: 'ErrorGroup',
  tableName: 'error_group',
  properties: {
    id: p.uuid().primary(),
    mappingId: p.uuid(),
    fingerprint: p.text(),
    /** Of the error that was met last. */
    errorClass: p.text().$type<ErrorClass>(),
    resolvableBy: p.text().$type<ResolvableBy>(),
    message: p.text(),
    cause: p.text(),
    remedy: p.text(),
    field: p.text().nullable(),
    code: p.text().nullable(),
    diagnosis: p.text().$type<DiagnosisCode>().nullable(),
    /** Of the entries that the log still holds. */
    openCount: p.integer(),
    resolvedCount: p.integer(),
    /** Ever, also of what was purged. */
    occurrences: p.integer(),
    firstSeen: p.datetime(3),
    lastSeen: p.datetime(3),
    assignee: p.text().nullable(),
    snoozedUntil: p.datetime(3).nullable(),
    resolvedAt: p.datetime(3).nullable(),
    /** Null: by success, else who. */
    resolvedBy: p.text().nullable(),
    reopened: p.integer(),
    tags: p.array().$type<readonly string[]>(),
    /** Rises with every change of its life cycle, its notes and its tags, not with its counts. */
    version: p.integer(),
  },
})

/** Errors of one mapping with the same root cause. */
export class ErrorGroup extends ErrorGroupSchema.class {}
ErrorGroupSchema.setClass(ErrorGroup)

const ErrorGroupEventSchema = defineEntity({
  name: 'ErrorGroupEvent',
  tableName: 'error_group_event',
  properties: {
    id: p.uuid().primary(),
    groupId: p.uuid(),
    kind: p.text().$type<ErrorGroupEventKind>(),
    actor: p.text(),
    at: p.datetime(3),
    /** To whom, until when, the note, the tags. */
    detail: p.text().nullable(),
  },
})

/** One step in the life of an error group. */
export class ErrorGroupEvent extends ErrorGroupEventSchema.class {}
ErrorGroupEventSchema.setClass(ErrorGroupEvent)
