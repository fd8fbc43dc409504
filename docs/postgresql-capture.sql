create schema if not exists accord;

create table if not exists accord.captured (
  relation oid primary key,
  generation uuid not null default gen_random_uuid(),
  since timestamptz not null default clock_timestamp()
);

create table if not exists accord.change (
  relation oid not null,
  key text[] not null,
  xid xid8 not null,
  changed_at timestamptz not null,
  primary key (relation, key)
);
create index if not exists change_order on accord.change (relation, xid, key);

create or replace function accord.capture(of_table regclass, reader regrole) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $capture$
declare
  name text := format('accord.record_%s', of_table::oid);
  old_key text;
  new_key text;
begin
  select string_agg(format('o.%I::text', a.attname), ', ' order by k.place),
         string_agg(format('n.%I::text', a.attname), ', ' order by k.place)
    into old_key, new_key
    from pg_index i
    cross join lateral unnest(i.indkey::int2[]) with ordinality k(number, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
    where i.indrelid = of_table and i.indisprimary;
  if old_key is null then
    raise exception 'table % has no primary key', of_table;
  end if;
  execute format($body$
    create or replace function %1$s() returns trigger language plpgsql security definer
      set search_path = pg_catalog, pg_temp set datestyle = 'ISO, YMD' set timezone = 'UTC' as $trigger$
    begin
      if tg_op = 'INSERT' then
        insert into accord.change as c select distinct %2$s::oid, array[%4$s], pg_current_xact_id(), clock_timestamp()
          from new_rows n on conflict (relation, key) do update set xid = excluded.xid, changed_at = excluded.changed_at;
      elsif tg_op = 'DELETE' then
        insert into accord.change as c select distinct %2$s::oid, array[%3$s], pg_current_xact_id(), clock_timestamp()
          from old_rows o on conflict (relation, key) do update set xid = excluded.xid, changed_at = excluded.changed_at;
      elsif tg_op = 'UPDATE' then
        insert into accord.change as c select %2$s::oid, k.key, pg_current_xact_id(), clock_timestamp()
          from (select array[%3$s] as key from old_rows o union select array[%4$s] from new_rows n) k
          on conflict (relation, key) do update set xid = excluded.xid, changed_at = excluded.changed_at;
      else
        update accord.captured set generation = gen_random_uuid() where relation = %2$s::oid;
      end if;
      perform pg_notify('accord', %2$L);
      return null;
    end $trigger$ $body$, name, of_table::oid, old_key, new_key);
  execute format('drop trigger if exists accord_insert on %s', of_table);
  execute format('drop trigger if exists accord_update on %s', of_table);
  execute format('drop trigger if exists accord_delete on %s', of_table);
  execute format('drop trigger if exists accord_truncate on %s', of_table);
  execute format('create trigger accord_insert after insert on %s referencing new table as new_rows for each statement execute function %s()', of_table, name);
  execute format('create trigger accord_update after update on %s referencing old table as old_rows new table as new_rows for each statement execute function %s()', of_table, name);
  execute format('create trigger accord_delete after delete on %s referencing old table as old_rows for each statement execute function %s()', of_table, name);
  execute format('create trigger accord_truncate after truncate on %s for each statement execute function %s()', of_table, name);
  execute format('alter table %s enable always trigger accord_insert', of_table);
  execute format('alter table %s enable always trigger accord_update', of_table);
  execute format('alter table %s enable always trigger accord_delete', of_table);
  execute format('alter table %s enable always trigger accord_truncate', of_table);
  insert into accord.captured (relation) values (of_table)
    on conflict (relation) do update set generation = gen_random_uuid(), since = clock_timestamp();
  execute format('grant usage on schema accord to %s', reader);
  execute format('grant select on accord.captured, accord.change to %s', reader);
end $capture$;

create or replace function accord.release(of_table regclass) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $release$
begin
  execute format('drop trigger if exists accord_insert on %s', of_table);
  execute format('drop trigger if exists accord_update on %s', of_table);
  execute format('drop trigger if exists accord_delete on %s', of_table);
  execute format('drop trigger if exists accord_truncate on %s', of_table);
  execute format('drop function if exists accord.record_%s()', of_table::oid);
  delete from accord.change where relation = of_table;
  delete from accord.captured where relation = of_table;
end $release$;
