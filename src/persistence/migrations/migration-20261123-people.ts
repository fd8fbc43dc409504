import { Migration } from '@mikro-orm/migrations'

/** Who may use the API, how they are recognized, and what they did. */
export class Migration20261123People extends Migration {
  override name = 'Migration20261123People'

  override up(): void {
    this.addSql(`
      create table access_token (
        id uuid primary key,
        name text not null,
        role text not null,
        connection_id uuid references connection on delete cascade,
        prefix text not null,
        hash text not null unique,
        created_at timestamptz(3) not null,
        created_by text not null,
        expires_at timestamptz(3),
        last_used_at timestamptz(3),
        revoked_at timestamptz(3),
        revoked_by text
      )`)
    this.addSql(`create unique index access_token_name on access_token (name) where revoked_at is null`)
    this.addSql(`
      create table app_user (
        id uuid primary key,
        issuer text not null,
        subject text not null,
        name text not null,
        email text,
        claimed_role text,
        given_role text,
        disabled_at timestamptz(3),
        disabled_by text,
        created_at timestamptz(3) not null,
        last_seen_at timestamptz(3) not null,
        unique (issuer, subject)
      )`)
    // Null user: the administrator of this machine, by a sign-in link.
    this.addSql(`
      create table session (
        id uuid primary key,
        hash text not null unique,
        user_id uuid references app_user on delete cascade,
        created_at timestamptz(3) not null,
        expires_at timestamptz(3) not null
      )`)
    this.addSql(`
      create table sign_in_ticket (
        hash text primary key,
        kind text not null,
        nonce text,
        code_verifier text,
        return_to text,
        expires_at timestamptz(3) not null
      )`)
    this.addSql(`
      create table audit_entry (
        id uuid primary key,
        at timestamptz(3) not null,
        actor_id text not null,
        actor_name text not null,
        actor_kind text not null,
        role text not null,
        action text not null,
        arguments json not null,
        outcome text not null,
        changes json not null,
        address text not null
      )`)
    this.addSql(`create index audit_entry_at on audit_entry (at, id)`)
    this.addSql(`create index audit_entry_actor on audit_entry (actor_name, at, id)`)
    this.addSql(`create index audit_entry_action on audit_entry (action, at, id)`)
    this.addSql(`
      create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'An entry of the audit log that is complete does not change';
      end $$`)
    this.addSql(`
      create trigger audit_entry_stays before update on audit_entry
        for each row when (old.outcome <> 'UNDER_WAY') execute function refuse_audit_change()`)
  }
}
