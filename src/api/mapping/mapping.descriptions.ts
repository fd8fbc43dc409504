/** Descriptions of a mapping's settings; the type, its inputs and mapping files share them. */
export const SETTING = {
  name: 'CUSTOMER; unique within a connection.',
  localTable: "The local table, by its name in that system's API: customers.",
  integrationTable: "The integration table, by its name in that system's API: accounts.",
  direction: 'Which way records are carried.',
  synchOnlyCoupledRecords:
    'Synch. Only Coupled Records: if not, records without a partner are created on the other side.',
  localFilter: 'Table Filter: the local records that take part. Null: all.',
  integrationFilter:
    'Integration Table Filter: the records of the integration table that take part. Null: all.',
  conflictDetection: 'Conflict detection.',
  updateConflictPolicy: 'Resolve Update Conflicts.',
  deletionConflictPolicy: 'Resolve Deletion Conflicts.',
  deletionReview:
    'More deletions at once than this share of the couplings, and than the minimum, wait for review.',
  fields: 'Integration field mappings, in the order in which conflicts name them.',
  matchRules: 'Use For Match-Based Coupling: how records without a partner find one.',
  templates:
    'Table Config Templates: values given to records that are created, by the side in which they are created.',
  matchBasedCoupling: 'Options of match-based coupling.',
  schedule: 'When scheduled runs start.',
  inactivityTimeoutMinutes:
    'Inactivity timeout: a run that finds nothing to do puts the mapping to sleep for so many minutes. Null: it never sleeps.',
  wakeOnChange:
    'A change in one of the systems wakes the mapping; Business Central has the opposite, Disable Event-driven Synch. Job Rescheduling.',
  findDeletedHours:
    'Hours between two searches for deleted records in tables that report no deletions. Null: only when asked for.',
  bulkUpdates:
    'Updates in Dynamics 365 go by UpdateMultiple, which carries no versions: what somebody edits there between comparison and write is overwritten, and is not in the history. One-way mappings towards Dynamics 365 only; off by default.',
  reconcileSchedule:
    'When all pairs are compared by themselves (a reconciliation, which writes nothing outside). Null: only when asked for.',
  dependsOn: 'Dependency Filter: mappings whose couplings this one refers to; they run first.',
  toWatermarkInput:
    'Synch. Int. Tbl. Mod. On Fltr. The next pass reads exactly from here on, also records it has read before. Null: every record is read again.',
  fromWatermarkInput:
    'Synch. Modified On Filter. The next pass reads exactly from here on, also records it has read before. Null: every record is read again.',
  toWatermark:
    'Synch. Int. Tbl. Mod. On Fltr.: the next pass to the integration table reads records changed at or after this time. Null: all of them.',
  fromWatermark:
    'Synch. Modified On Filter: the next pass from the integration table reads records changed at or after this time. Null: all of them.',
} as const
