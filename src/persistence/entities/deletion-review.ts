import { defineEntity, p } from '@mikro-orm/core'

/** OPEN: its records wait. ALLOWED: the next run decides them. REJECTED: they are skipped records. */
export const DeletionReviewStatus = { open: 'OPEN', allowed: 'ALLOWED', rejected: 'REJECTED' } as const
export type DeletionReviewStatus = (typeof DeletionReviewStatus)[keyof typeof DeletionReviewStatus]

const DeletionReviewSchema = defineEntity({
  name: 'DeletionReview',
  tableName: 'deletion_review',
  properties: {
    id: p.uuid().primary(),
    mappingId: p.uuid(),
    /** The run that found them. */
    runId: p.uuid().nullable(),
    status: p.text().$type<DeletionReviewStatus>(),
    /** How many couplings the mapping had. */
    couplings: p.integer(),
    openedAt: p.datetime(3),
    decidedAt: p.datetime(3).nullable(),
    decidedBy: p.text().nullable(),
  },
})

/** More deletions of a mapping at once than its definition lets pass: they wait for a person. */
export class DeletionReview extends DeletionReviewSchema.class {}
DeletionReviewSchema.setClass(DeletionReview)
