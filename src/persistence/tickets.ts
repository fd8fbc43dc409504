import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql } from './sql.js'

/** `link`: signs the administrator of this machine in. `provider`: somebody is at the provider of sign-in. */
export const TicketKind = { link: 'LINK', provider: 'PROVIDER' } as const
export type TicketKind = (typeof TicketKind)[keyof typeof TicketKind]

export interface Ticket {
  readonly nonce: string | null
  readonly codeVerifier: string | null
  readonly returnTo: string | null
}

/** Keeps a ticket for so many minutes. What has expired is forgotten on the way. Returns when it expires. */
export async function addTicket(
  em: EntityManager,
  kind: TicketKind,
  hash: string,
  minutes: number,
  ticket: Ticket,
): Promise<Date> {
  await run(em, sql`delete from sign_in_ticket where expires_at <= now()`)
  const [row] = await run<{ expires: string | Date }>(
    em,
    sql`insert into sign_in_ticket (hash, kind, nonce, code_verifier, return_to, expires_at)
        values (${hash}, ${kind}, ${ticket.nonce}, ${ticket.codeVerifier}, ${ticket.returnTo},
          now() + make_interval(mins => ${minutes}::int))
        returning expires_at as expires`,
  )
  return new Date(row?.expires ?? 0)
}

/** Takes the ticket of that hash, once; null: there is none, or it has expired or was taken. */
export async function takeTicket(em: EntityManager, kind: TicketKind, hash: string): Promise<Ticket | null> {
  const [ticket] = await run<Ticket>(
    em,
    sql`with taken as (delete from sign_in_ticket where hash = ${hash} and kind = ${kind} returning *)
        select nonce, code_verifier as "codeVerifier", return_to as "returnTo" from taken where expires_at > now()`,
  )
  return ticket ?? null
}
