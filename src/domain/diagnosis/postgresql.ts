import { DiagnosisCode, type Diagnosis } from './code.js'

/** Whether a PostgreSQL database lets the role in. Nothing else can be asked of it while it does not. */
export const POSTGRESQL_SIGN_IN = {
  [DiagnosisCode.databaseUnknown]: {
    severity: 'ERROR',
    seenAs: 'SQLSTATE `3D000`',
    cause: 'The server has no database of this name.',
    remedy: 'Correct database in the settings of the connection, or create it.',
    link: null,
  },
  [DiagnosisCode.databaseLoginRefused]: {
    severity: 'ERROR',
    seenAs: 'SQLSTATE `28000`',
    cause:
      'The server does not let this role in: it does not exist, may not log in, or pg_hba.conf has no line for it.',
    remedy: 'Give the role LOGIN, and allow it in pg_hba.conf for this database and address.',
    link: null,
  },
  [DiagnosisCode.tlsNotOffered]: {
    severity: 'ERROR',
    seenAs: '"The server does not support SSL connections"',
    cause: 'The server offers no encryption, and the connection asks for it (tls is verify or encrypt).',
    remedy:
      'Switch on TLS on the server. Where the way to it is safe, as on one machine, send in clear text: --set local.tls=off or integration.tls=off, with the password entered again.',
    link: null,
  },
  [DiagnosisCode.tlsRequired]: {
    severity: 'ERROR',
    seenAs: 'SQLSTATE `28000` "no pg_hba.conf entry for host ..., no encryption"',
    cause: 'The server lets this role in over an encrypted line only, and tls of the connection is off.',
    remedy:
      'Set tls=verify in the settings of the connection, or encrypt where its certificate is not to be checked.',
    link: null,
  },
} as const satisfies Partial<Record<DiagnosisCode, Diagnosis>>

/** What keeps the tables of a PostgreSQL database from being synchronized. */
export const POSTGRESQL = {
  ...POSTGRESQL_SIGN_IN,
  [DiagnosisCode.tableNotUsable]: {
    severity: 'ERROR',
    seenAs: 'A table of a mapping is not in the schema, or has no primary key',
    cause: 'A record is known by its primary key, in a table of the schema of the connection.',
    remedy: 'Correct the mapping or the schema of the connection, or give the table a primary key.',
    link: null,
  },
  [DiagnosisCode.rowSecurity]: {
    severity: 'WARNING',
    seenAs: '`row_security_active` of a table',
    cause: 'A record that a policy hides from the role looks deleted.',
    remedy: 'Give the role a policy that lets it see every record of the mappings, or BYPASSRLS.',
    link: null,
  },
  [DiagnosisCode.standby]: {
    severity: 'ERROR',
    seenAs: '`pg_is_in_recovery()` is true',
    cause: 'A standby takes no writes.',
    remedy: 'Name the primary server as host in the settings of the connection.',
    link: null,
  },
  [DiagnosisCode.superuser]: {
    severity: 'WARNING',
    seenAs: '`rolsuper` of the role',
    cause: 'Whoever has its password may do anything on the server, and no privilege or policy binds it.',
    remedy: 'Use a role of its own with privileges on the mapped tables only.',
    link: null,
  },
  [DiagnosisCode.modifiedColumnMissing]: {
    severity: 'ERROR',
    seenAs: 'The table has no column of the name that `modifiedColumn` gives, or it holds no time',
    cause: 'Changes are found by the time of a record’s last change.',
    remedy:
      'Name a column of type timestamptz as modifiedColumn in the settings of the connection, or choose triggers or logicalReplication there.',
    link: null,
  },
  [DiagnosisCode.modifiedColumnNotMaintained]: {
    severity: 'WARNING',
    seenAs: 'No trigger of the table runs before an update',
    cause:
      'A change that does not set the column is not noticed. A deletion is found only by the search for deleted records.',
    remedy:
      'Add a trigger before update that sets the column to clock_timestamp(), or make sure that whatever writes the table does.',
    link: null,
  },
  [DiagnosisCode.modifiedColumnNullable]: {
    severity: 'WARNING',
    seenAs: 'The column takes NULL',
    cause: 'A record without a time of its last change is found by a full run only.',
    remedy: 'Fill the column, and make it NOT NULL with the default clock_timestamp().',
    link: null,
  },
  [DiagnosisCode.modifiedColumnNotIndexed]: {
    severity: 'WARNING',
    seenAs: 'No index begins with the column',
    cause: 'Every run reads the whole table to find what was changed.',
    remedy: 'Create an index on the column.',
    link: null,
  },
  [DiagnosisCode.triggersMissing]: {
    severity: 'ERROR',
    seenAs: 'The triggers of `accord.capture` are not on the table',
    cause: 'The connection finds changes by triggers.',
    remedy:
      'Let the owner of the database run docs/postgresql-capture.sql, then accord.capture for the table.',
    link: null,
  },
  [DiagnosisCode.triggersDisabled]: {
    severity: 'ERROR',
    seenAs: 'A trigger of `accord.capture` is disabled',
    cause: 'Somebody disabled them; what was changed meanwhile is not in the change log.',
    remedy: 'Run accord.capture for the table again. Everything is read anew then.',
    link: null,
  },
  [DiagnosisCode.walLevel]: {
    severity: 'ERROR',
    seenAs: '`wal_level` is not `logical`',
    cause: 'The log holds enough for logical replication only with wal_level logical.',
    remedy:
      'Set wal_level to logical and restart the server, or choose triggers in the settings of the connection.',
    link: null,
  },
  [DiagnosisCode.replicationMissing]: {
    severity: 'ERROR',
    seenAs: 'Neither `rolreplication` nor `rolsuper` of the role',
    cause: 'Logical replication needs the attribute REPLICATION.',
    remedy: 'Give the role the attribute REPLICATION.',
    link: null,
  },
  [DiagnosisCode.notPublished]: {
    severity: 'ERROR',
    seenAs: 'The table is not in the publication of the connection',
    cause: 'Logical replication gives the changes of published tables only.',
    remedy: 'Add the table to the publication.',
    link: null,
  },
  [DiagnosisCode.noReplicaIdentity]: {
    severity: 'ERROR',
    seenAs: '`relreplident` of the table is nothing',
    cause: 'The log does not say which records were deleted.',
    remedy: 'Give the table the replica identity DEFAULT.',
    link: null,
  },
  [DiagnosisCode.slotLost]: {
    severity: 'WARNING',
    seenAs: '`wal_status` of the replication slot is `lost` or `unreserved`',
    cause:
      'The mapping did not run for long, or too much was changed at once. The next run reads everything.',
    remedy: 'Run the mapping more often, or raise max_slot_wal_keep_size.',
    link: null,
  },
} as const satisfies Partial<Record<DiagnosisCode, Diagnosis>>
