import { Client } from 'pg'

/** How many rows of each kind a database is filled with. */
export interface ApiSize {
  readonly errors: number
  readonly openErrors: number
  readonly couplings: number
  readonly writes: number
}

export function sizeOf(errors: number): ApiSize {
  return { errors, openErrors: Math.round(errors / 5), couplings: errors, writes: Math.round(errors / 10) }
}

/** Tables that are filled. Their secondary indexes are made afterwards, as a backup that is put back does it. */
const TABLES = [
  'coupling',
  'integration_synch_error',
  'record_state',
  'record_write',
  'handled_version',
] as const

/** Parts of names and messages; three syllables make some 8,000 family names, as many words as names of people have. */
const WORDS = {
  syllable: 'an,ber,cor,dal,el,far,gan,hol,in,jor,kel,lin,mar,nor,os,per,ros,sten,tor,val'.split(','),
  given: 'Anna,Bruno,Carla,David,Elena,Fabian,Greta,Hugo,Ines,Jonas,Klara,Luis,Mia,Nils,Olga,Paul'.split(','),
  trade: 'Trading,Furniture,Logistics,Foods,Sports,Coffee,Machines,Textiles,Paper,Glass'.split(','),
  form: 'Ltd.,Inc.,GmbH,AG,S.A.,B.V.'.split(','),
  field: 'Name,City,Email,Phone,Payment Terms,Currency,Salesperson,Credit Limit,Address,Country'.split(','),
  errorClass: 'VALIDATION,PERMISSION,DEPENDENCY_MISSING,DUPLICATE,CONFLICT,UNEXPECTED'.split(','),
  message: [
    'is longer than the destination takes',
    'needs the privilege prvWriteAccount, which the application user lacks',
    'refers to a record that is not coupled yet',
    'has a duplicate in the integration system',
    'was changed on both sides since the last synchronization',
    'was refused by a plug-in with an unexpected answer',
  ],
} as const

const array = (words: readonly string[]): string =>
  `array[${words.map((word) => `'${word.replaceAll("'", "''")}'`).join(',')}]`

/** Functions of this session that make the same values from the same numbers, without a join. */
const FUNCTIONS = `
  create function pg_temp.pick(n bigint, salt bigint, most integer) returns integer language sql immutable
    return ((hashint8extended(n, salt) & 2147483647) % most)::integer;
  create function pg_temp.made_id(kind text, n bigint) returns uuid language sql immutable
    return md5(kind || n)::uuid;
  create function pg_temp.word(words text[], n bigint, salt bigint) returns text language sql immutable
    return words[1 + pg_temp.pick(n, salt, cardinality(words))];
  create function pg_temp.family(n bigint) returns text language sql immutable return initcap(
    pg_temp.word(${array(WORDS.syllable)}, n, 11) || pg_temp.word(${array(WORDS.syllable)}, n, 12) || pg_temp.word(${array(WORDS.syllable)}, n, 13));
  create function pg_temp.full_name(n bigint, is_person boolean) returns text language sql immutable return case when is_person
    then pg_temp.word(${array(WORDS.given)}, n, 14) || ' ' || pg_temp.family(n)
    else pg_temp.family(n) || ' ' || pg_temp.word(${array(WORDS.trade)}, n, 15) || ' ' || pg_temp.word(${array(WORDS.form)}, n, 16) end;
  create function pg_temp.moment(n bigint, salt bigint, days integer) returns timestamptz language sql stable
    return now() - make_interval(secs => pg_temp.pick(n, salt, days * 86400)::double precision);`

/** One hundred places, in the shares that mappings have of a company's records. */
const SHARES = `
  create temporary table share as
  select place, m.id as mapping_id, m.name as mapping, m.connection_id, m.definition->>'localTable' as local_table,
    m.definition->>'integrationTable' as integration_table, m.name = 'CONTACT' as is_person, left(m.name, 2) as series
  from generate_series(0, 99) place join integration_table_mapping m on m.name = case
    when place < 40 then 'CONTACT' when place < 70 then 'CUSTOMER' when place < 85 then 'ITEM-PRODUCT'
    when place < 98 then 'VENDOR' when place < 99 then 'SALESPEOPLE' else 'CURRENCY' end;
  analyze share`

const RUNS = `
  insert into synch_run (id, mapping_id, kind, mode, status, requested_by, requested_at, started_at, finished_at, workflow_id)
  select pg_temp.made_id('run', n), s.mapping_id, 'SCHEDULED', 'MODIFIED', 'COMPLETED', 'schedule', at, at, at + interval '20 seconds', 'run/' || n
  from generate_series(1, 2000) n join share s on s.place = pg_temp.pick(n, 1, 100) cross join lateral (select pg_temp.moment(n, 2, 30) as at) t;
  insert into synch_job (id, run_id, mapping_id, direction, status, modified, failed, start, finish, watermark_revision)
  select pg_temp.made_id(pass, n), pg_temp.made_id('run', n), r.mapping_id, pass, 'COMPLETED', pg_temp.pick(n, 3, 500), pg_temp.pick(n, 4, 20),
    r.started_at, r.finished_at, 0
  from generate_series(1, 2000) n cross join unnest(array['TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE']) pass
    join synch_run r on r.id = pg_temp.made_id('run', n)`

const couplings = ({ couplings: count }: ApiSize): string => `
  insert into coupling (id, connection_id, mapping_id, local_table, integration_table, local_id, integration_id, local_name, integration_name,
    local_number, local_version, integration_version, local_stamp, integration_stamp, base, last_by, last_source, last_job_id, last_synchronized_at)
  select pg_temp.made_id('c', n), s.connection_id, s.mapping_id, s.local_table, s.integration_table, pg_temp.made_id('l', n), pg_temp.made_id('i', n),
    named.name, named.name, s.series || lpad(n::text, 8, '0'), 'W/"' || md5(n::text) || '"', 'W/"' || n || '"', at, at,
    json_build_object('name', json_build_object('local', named.name, 'integration', named.name), 'city', json_build_object('local', pg_temp.family(n + 7),
      'integration', pg_temp.family(n + 7)), 'phone', json_build_object('local', n::text, 'integration', n::text), 'blocked',
      json_build_object('local', false, 'integration', false)),
    'JOB', 'LOCAL', pg_temp.made_id('TO_INTEGRATION_TABLE', 1 + pg_temp.pick(n, 5, 2000)), at
  from generate_series(1, ${count}) n join share s on s.place = pg_temp.pick(n, 1, 100)
    cross join lateral (select pg_temp.full_name(n, s.is_person) as name) named
    cross join lateral (select pg_temp.moment(n, 6, 90) as at) t`

/** Every fifth error is of a record without a coupling; open ones are each of another record. Few causes make most of the errors. */
const errors = ({ errors: count, openErrors, couplings: coupled }: ApiSize): string => `
  insert into integration_synch_error (id, mapping_id, run_id, job_id, coupling_id, record_key, direction, error_class, resolvable_by, message, cause,
    remedy, field, fingerprint, source_side, source_id, source_name, destination_id, destination_name, occurrences, first_seen, last_seen,
    resolved_at, resolved_by, group_id, assignee)
  select pg_temp.made_id('e', n), s.mapping_id, pg_temp.made_id('run', run), pg_temp.made_id('TO_INTEGRATION_TABLE', run),
    case when is_coupled then pg_temp.made_id('c', c) end,
    case when is_coupled then pg_temp.made_id('c', c)::text else 'LOCAL:' || pg_temp.made_id('u', n) end, 'TO_INTEGRATION_TABLE',
    (${array(WORDS.errorClass)})[kind], case when kind = 2 then 'ADMINISTRATOR' else 'USER' end,
    field || ' of ' || name || ' ' || (${array(WORDS.message)})[kind] || '.',
    'The destination has answered with code ' || cause || '.', 'Correct ' || field || ', or change the mapping, then try again.',
    field, 'cause-' || cause, 'LOCAL', case when is_coupled then pg_temp.made_id('l', c) else pg_temp.made_id('u', n) end, name,
    case when is_coupled then pg_temp.made_id('i', c) end, case when is_coupled then name end,
    1 + pg_temp.pick(n, 22, 40), seen - make_interval(secs => pg_temp.pick(n, 23, 900000)::double precision), seen,
    case when n > ${openErrors} then seen + interval '1 hour' end, null, pg_temp.made_id('g' || s.mapping, cause),
    case when pg_temp.pick(n, 24, 50) = 0 then 'Dana' end
  from generate_series(1, ${count}) n
    cross join lateral (select pg_temp.pick(n, 20, 5) > 0 as is_coupled,
      case when n <= ${openErrors} then n * 5 else 1 + pg_temp.pick(n, 21, ${coupled}) end as c) which
    join share s on s.place = pg_temp.pick(c, 1, 100)
    cross join lateral (select floor(power(pg_temp.pick(n, 25, 100000) / 100000.0, 3) * 200)::integer as cause, 1 + pg_temp.pick(n, 26, 2000) as run,
      pg_temp.full_name(c, s.is_person) as name,
      pg_temp.moment(n, 27, case when n <= ${openErrors} then 30 else 90 end) as seen) t
    cross join lateral (select 1 + cause % 6 as kind, (${array(WORDS.field)})[1 + cause % 10] as field) k`

const GROUPS = `
  insert into error_group (id, mapping_id, fingerprint, error_class, resolvable_by, message, cause, remedy, field, open_count, resolved_count,
    occurrences, first_seen, last_seen, resolved_at)
  select group_id, mapping_id, fingerprint, max(error_class), max(resolvable_by), max(message), max(cause), max(remedy), max(field),
    count(*) filter (where resolved_at is null), count(*) filter (where resolved_at is not null), sum(occurrences), min(first_seen), max(last_seen),
    case when bool_and(resolved_at is not null) then max(resolved_at) end
  from integration_synch_error group by group_id, mapping_id, fingerprint;
  insert into error_statistics (day, mapping_id, error_class, fingerprint, occurrences, recorded, resolved)
  select (last_seen at time zone 'UTC')::date, mapping_id, error_class, fingerprint, sum(occurrences), count(*), count(resolved_at)
  from integration_synch_error group by 1, 2, 3, 4`

const STATES = `
  insert into record_state (id, mapping_id, coupling_id, side, record_id, state, direction, reason, attempts, due_at_run, error_id, changed_at)
  select gen_random_uuid(), mapping_id, coupling_id, source_side, source_id, case when occurrences > 30 then 'SKIPPED' else 'PENDING' end, direction,
    error_class, occurrences, 0, id, last_seen
  from integration_synch_error where resolved_at is null;
  insert into record_skip (mapping_id, coupling_id, side, record_id, reason, attempts, error_id, skipped_at)
  select mapping_id, coupling_id, side, record_id, reason, attempts, error_id, changed_at from record_state where state = 'SKIPPED'`

const writes = ({ writes: count, couplings: coupled }: ApiSize): string => `
  insert into record_write (id, mapping_id, mapping_version, run_id, job_id, coupling_id, requested_by, side, kind, local_id, integration_id,
    local_name, integration_name, decision_row, fields, before, after, at)
  select gen_random_uuid(), s.mapping_id, 1, pg_temp.made_id('run', run), pg_temp.made_id('TO_INTEGRATION_TABLE', run), pg_temp.made_id('c', c),
    'schedule', 'INTEGRATION', 'UPDATE', pg_temp.made_id('l', c), pg_temp.made_id('i', c), name, name, '1', array['name', 'city'],
    json_build_array('before', 'before'), json_build_array('after', 'after'), pg_temp.moment(n, 31, 30)
  from generate_series(1, ${count}) n cross join lateral (select 1 + pg_temp.pick(n, 32, ${coupled}) as c, 1 + pg_temp.pick(n, 33, 2000) as run) t
    join share s on s.place = pg_temp.pick(c, 1, 100) cross join lateral (select pg_temp.full_name(c, s.is_person) as name) named;
  insert into handled_version (mapping_id, side, record_id, version, stamp, job_id)
  select mapping_id, 'LOCAL', local_id, local_version, local_stamp, last_job_id from coupling limit ${count}`

/**
 * Fills a migrated database with one connection and its default mappings: rows as the engine leaves them, without its triggers, by a few
 * statements. Throws when a constraint does not hold.
 */
export async function seed(url: string, size: ApiSize): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(
      "set session_replication_role = replica; set maintenance_work_mem = '512MB'; set work_mem = '256MB'",
    )
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `select i.relname as name, pg_get_indexdef(x.indexrelid) as definition from pg_index x join pg_class i on i.oid = x.indexrelid
       join pg_class t on t.oid = x.indrelid
       where t.relname = any($1) and not exists (select from pg_constraint c where c.conindid = x.indexrelid) order by i.relname`,
      [TABLES],
    )
    for (const { name } of indexes) await client.query(`drop index "${name}"`)
    const steps = [FUNCTIONS, SHARES, RUNS, couplings(size), errors(size), GROUPS, STATES, writes(size)]
    for (const statement of steps) await client.query(statement)
    for (const { definition } of indexes) await client.query(definition)
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}
