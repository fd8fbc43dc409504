import { normalizeIP } from '@fastify/rate-limit'

const WINDOW = 60_000
/** Wrong credentials from one address within a minute. */
const MOST = 20
/** Addresses that are remembered. */
const MOST_ADDRESSES = 10_000

/** Counts wrong credentials by the address that they come from, of version 6 by its network (/64), in fixed windows of a minute. */
export class WrongAttempts {
  private readonly windows = new Map<string, { readonly until: number; count: number }>()

  /** Notes one. Returns the seconds for which the address is to wait, once it has tried too often; else null. */
  note(from: string, now = Date.now()): number | null {
    const address = networkOf(from)
    let window = this.windows.get(address)
    if (window === undefined || window.until <= now) {
      this.windows.delete(address)
      if (this.windows.size >= MOST_ADDRESSES) this.forget(now)
      window = { until: now + WINDOW, count: 0 }
      this.windows.set(address, window)
    }
    window.count += 1
    return window.count > MOST ? Math.ceil((window.until - now) / 1000) : null
  }

  /** Takes one back: it was none after all. */
  forgive(from: string): void {
    const window = this.windows.get(networkOf(from))
    if (window !== undefined && window.count > 0) window.count -= 1
  }

  private forget(now: number): void {
    for (const [address, { until }] of this.windows) if (until <= now) this.windows.delete(address)
    // In the order in which they came.
    const [oldest] = this.windows.keys()
    if (this.windows.size >= MOST_ADDRESSES && oldest !== undefined) this.windows.delete(oldest)
  }
}

/** One machine has all addresses of such a network to choose from. */
function networkOf(address: string): string {
  return normalizeIP(String(address))
}
