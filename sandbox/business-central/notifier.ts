import type { Clock } from '../common/clock.js'
import type { Database } from '../common/database.js'
import { PATIENCE } from './handshake.js'

/** Milliseconds from the first change to the notification; in Business Central it is about half a minute. */
const DELAY = 200
/** More changes of one subscription than this are told as one of the whole entity set. */
const MOST = 1000
/** Milliseconds for which a notification is tried again, and the longest wait between two attempts. */
const PERSISTENCE = 36 * 60 * 60 * 1000
const LONGEST_WAIT = 10 * 60 * 1000

/** One thing to be told. */
interface Pending {
  readonly subscription: string
  readonly record: string
  readonly change: string
  readonly stamp: string
  readonly revision: string
  readonly url: string
  readonly state: string
  readonly expiration: string
  readonly resource: string
}

type Fate = 'told' | 'again' | 'ended'

/** Tells subscribers what the database noted, without the content of any record. */
export class Notifier {
  private delay = DELAY
  private timer: NodeJS.Timeout | undefined
  /** When the timer fires. */
  private at = 0
  private round: Promise<void> = Promise.resolve()
  private readonly stopping = new AbortController()

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Something may have changed. */
  wake(): void {
    this.schedule(this.delay)
  }

  /** Sets the milliseconds from the first change to the notification. */
  setDelay(milliseconds: number): void {
    this.delay = milliseconds
    this.schedule(0)
  }

  async state(): Promise<{ delay: number; subscriptions: number; pending: number }> {
    const counted = await this.database.query<{ subscriptions: string; pending: string }>(
      `select (select count(*) from subscriptions)::text as subscriptions,
         (select count(*) from webhook_notification)::text as pending`,
    )
    const [row] = counted.rows
    return {
      delay: this.delay,
      subscriptions: Number(row?.subscriptions ?? '0'),
      pending: Number(row?.pending ?? '0'),
    }
  }

  /** Ends without telling the rest, which stays noted for the next start. */
  async close(): Promise<void> {
    this.stopping.abort()
    clearTimeout(this.timer)
    await this.round
  }

  /** The next look is after this time at the latest. */
  private schedule(milliseconds: number): void {
    const at = performance.now() + milliseconds
    if (this.stopping.signal.aborted || (this.timer !== undefined && this.at <= at)) return
    clearTimeout(this.timer)
    this.at = at
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.round = this.round.then(() => this.tell()).catch((error: unknown) => this.report(error))
    }, milliseconds)
  }

  /** Tells what is due and looks when the next is. */
  private async tell(): Promise<void> {
    if (this.stopping.signal.aborted) return
    const before = await this.state()
    if (before.subscriptions + before.pending === 0) return
    await this.forget()
    const groups = Map.groupBy(await this.due(), (entry) => entry.url)
    await Promise.all([...groups].map(([url, pending]) => this.tellOne(url, pending)))
    const next = await this.database.query<{ wait: string | null }>(
      `select (extract(epoch from min(greatest(first_at + $1 * interval '1 millisecond', retry_at)) - clock_timestamp()) * 1000)::text as wait
         from webhook_notification`,
      [this.delay],
    )
    const wait = next.rows[0]?.wait ?? null
    if (wait !== null) this.schedule(Math.max(Math.ceil(Number(wait)), 1))
  }

  /** Subscriptions that were not renewed, what was noted for those that are gone, and what nobody took in time. */
  private async forget(): Promise<void> {
    await this.database.query('delete from subscriptions where "expirationDateTime" <= $1', [
      new Date(this.clock.now()).toISOString(),
    ])
    await this.database.query(
      `delete from webhook_notification n where first_at < clock_timestamp() - $1 * interval '1 millisecond'
         or not exists (select 1 from subscriptions s where s."subscriptionId" = n.subscription)`,
      [PERSISTENCE],
    )
  }

  private async due(): Promise<Pending[]> {
    const moment = (sql: string): string => `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    const found = await this.database.query<Pending & Record<string, string>>(
      `select n.subscription, n.record::text, n.change, ${moment('n.stamp')} as stamp, n.revision::text,
         s."notificationUrl" as url, s."clientState" as state, ${moment('s."expirationDateTime"')} as expiration, s.resource
       from webhook_notification n join subscriptions s on s."subscriptionId" = n.subscription
       where n.retry_at <= clock_timestamp() and n.first_at <= clock_timestamp() - $1 * interval '1 millisecond'
       order by n.revision`,
      [this.delay],
    )
    return found.rows
  }

  private async tellOne(url: string, pending: readonly Pending[]): Promise<void> {
    const fate = await this.send(url, JSON.stringify({ value: notifications(pending) }))
    if (this.stopping.signal.aborted && fate === 'again') return
    const subscriptions = pending.map((entry) => entry.subscription)
    if (fate === 'ended') {
      await this.database.query('delete from subscriptions where "subscriptionId" = any($1)', [subscriptions])
      return
    }
    // What changed again meanwhile has another revision and is told once more.
    const told = `(subscription, record, revision) in (select * from unnest($1::text[], $2::uuid[], $3::bigint[]))`
    const values = [
      subscriptions,
      pending.map((entry) => entry.record),
      pending.map((entry) => entry.revision),
    ]
    if (fate === 'told') await this.database.query(`delete from webhook_notification where ${told}`, values)
    else {
      await this.database.query(
        `update webhook_notification set attempts = attempts + 1,
           retry_at = clock_timestamp() + least($4 * power(2, least(attempts, 20)), ${LONGEST_WAIT}) * interval '1 millisecond' where ${told}`,
        [...values, Math.max(this.delay, 50)],
      )
    }
  }

  private async send(url: string, body: string): Promise<Fate> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body,
        signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(PATIENCE)]),
      })
      await response.body?.cancel()
      if (response.ok) return 'told'
      const { status } = response
      return status === 408 || status === 429 || status >= 500 ? 'again' : 'ended'
    } catch {
      // A subscriber that cannot be reached is tried again, like one that answers 503.
      return 'again'
    }
  }
}

/** The entries of a notification; many changes of one entity set become a single entry with a filter that finds them. */
function notifications(pending: readonly Pending[]): object[] {
  return [...Map.groupBy(pending, (entry) => entry.subscription).values()].flatMap((changes) => {
    if (changes.length <= MOST)
      return changes.map((entry) => notification(entry, entry.change, `${entry.resource}(${entry.record})`))
    const stamps = changes.map((entry) => entry.stamp).sort()
    const [last] = changes.slice(-1)
    if (last === undefined) return []
    const before = new Date(Date.parse(stamps[0] ?? last.stamp) - 1).toISOString()
    const filter = encodeURIComponent(`lastModifiedDateTime gt ${before}`)
    const latest = { ...last, stamp: stamps.at(-1) ?? last.stamp }
    return [notification(latest, 'collection', `${last.resource}?$filter=${filter}`)]
  })
}

function notification(entry: Pending, changeType: string, resource: string): object {
  return {
    subscriptionId: entry.subscription,
    clientState: entry.state,
    expirationDateTime: entry.expiration,
    resource,
    changeType,
    lastModifiedDateTime: entry.stamp,
  }
}
