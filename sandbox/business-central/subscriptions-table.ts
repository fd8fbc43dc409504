import type { BusinessCentralTable } from './table.js'
import { BASE, VERSION_COLUMN, column, guid, text } from './table.js'

const moment = (name: string): ReturnType<typeof column> =>
  column(name, { kind: 'dateTime', digits: 3 }, '0001-01-01T00:00:00Z', { readOnly: true })

/** Who is told of changes: a record per notification URL and entity set. */
export const SUBSCRIPTIONS: BusinessCentralTable = {
  ...BASE,
  name: 'subscriptions',
  entity: 'subscription',
  caption: 'API Webhook Subscription',
  key: 'subscriptionId',
  stamp: 'lastModifiedDateTime',
  columns: [
    { name: 'subscriptionId', type: { kind: 'text', length: 150 }, readOnly: true },
    text('notificationUrl', 2048),
    text('resource', 2048),
    guid('userId', { readOnly: true }),
    moment('lastModifiedDateTime'),
    text('clientState', 2048),
    moment('expirationDateTime'),
    moment('systemCreatedAt'),
    moment('systemModifiedAt'),
    VERSION_COLUMN,
  ],
}

/** The entity sets here of which Business Central sends notifications; contacts and salespeople are not among them. */
export const NOTIFIED_SETS = [
  'currencies',
  'customers',
  'itemCategories',
  'items',
  'paymentTerms',
  'shipmentMethods',
  'unitsOfMeasure',
  'vendors',
] as const

const OCCASIONS = [
  { change: 'created', event: 'insert', rows: 'new' },
  { change: 'updated', event: 'update', rows: 'new' },
  { change: 'deleted', event: 'delete', rows: 'old' },
] as const

/**
 * What is to be told, a row for every subscription and record: changes of one record that nobody was told of yet become
 * one. The database notes them, in the transaction of the change, so that none is forgotten whatever changed the record.
 */
export const NOTIFICATION_STATEMENTS: readonly string[] = [
  `create table if not exists webhook_notification (
    subscription varchar(150) not null,
    record uuid not null,
    change text not null,
    stamp timestamptz(3) not null,
    first_at timestamptz not null default clock_timestamp(),
    retry_at timestamptz not null default clock_timestamp(),
    attempts integer not null default 0,
    revision bigint not null default nextval('record_version'),
    primary key (subscription, record)
  )`,
  `create or replace function note_changes() returns trigger language plpgsql as $$
  begin
    if exists (select 1 from subscriptions s where s.resource like '%/' || tg_table_name) then
      insert into webhook_notification as known (subscription, record, change, stamp)
        select s."subscriptionId", c.id, tg_argv[0],
            case tg_op when 'DELETE' then clock_timestamp() else c."lastModifiedDateTime" end
          from changed c cross join subscriptions s where s.resource like '%/' || tg_table_name
        on conflict (subscription, record) do update set stamp = excluded.stamp, revision = excluded.revision,
          change = case when known.change = 'created' and excluded.change = 'updated' then 'created' else excluded.change end;
    end if;
    return null;
  end $$`,
  ...NOTIFIED_SETS.flatMap((set) =>
    OCCASIONS.map(
      ({ change, event, rows }) => `create or replace trigger "${set}_${change}" after ${event} on "${set}"
        referencing ${rows} table as changed for each statement execute function note_changes('${change}')`,
    ),
  ),
]
