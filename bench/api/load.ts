import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'

/** A GraphQL server that is measured. */
export interface Target {
  readonly name: string
  /** With its path. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** One GraphQL operation with the values that it is asked with in turn. */
export interface Question {
  readonly query: string
  readonly variables: readonly Readonly<Record<string, unknown>>[]
  /** Throws where the answer to these variables is not the right one. */
  check(data: unknown, variables: Readonly<Record<string, unknown>>): void
}

/** What a question cost; milliseconds, from sending a request to having its whole answer. */
export interface Latency {
  readonly inFlight: number
  readonly requests: number
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly longest: number
  /** Bytes of an answer, on average. */
  readonly bytes: number
}

const WARM_UP_SECONDS = 2

/**
 * Asks over connections that are kept open, always with as many requests under way, after a warm-up. Every answer is checked.
 * Throws at the first one that is wrong.
 */
export async function load(
  target: Target,
  question: Question,
  options: { readonly inFlight: number; readonly seconds: number },
): Promise<Latency> {
  const { inFlight, seconds } = options
  const { origin, pathname } = new URL(target.url)
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 })
  try {
    await askFor(WARM_UP_SECONDS, pool, pathname, target, question, inFlight)
    const started = performance.now()
    const { times, bytes } = await askFor(seconds, pool, pathname, target, question, inFlight)
    const elapsed = (performance.now() - started) / 1000
    const sorted = times.toSorted((left, right) => left - right)
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0
    return {
      inFlight,
      requests: sorted.length,
      perSecond: sorted.length / elapsed,
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      longest: at(1),
      bytes: Math.round(bytes / sorted.length),
    }
  } finally {
    await pool.close()
  }
}

async function askFor(
  seconds: number,
  pool: Pool,
  path: string,
  target: Target,
  { query, variables, check }: Question,
  inFlight: number,
): Promise<{ readonly times: readonly number[]; readonly bytes: number }> {
  const bodies = variables.map((values) => ({ values, body: JSON.stringify({ query, variables: values }) }))
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...target.headers }
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  let bytes = 0
  let turn = 0
  const asker = async (): Promise<void> => {
    while (performance.now() < until) {
      const next = bodies[turn++ % bodies.length]
      if (next === undefined) throw new Error('A question without variables')
      const started = performance.now()
      const { statusCode, body } = await pool.request({ path, method: 'POST', headers, body: next.body })
      const text = await body.text()
      times.push(performance.now() - started)
      bytes += text.length
      checkAnswer(target, statusCode, text, next.values, check)
      // Lets the others have their answers: this process must not be what is measured.
      await delay(0)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, asker))
  return { times, bytes }
}

function checkAnswer(
  target: Target,
  status: number,
  text: string,
  values: Readonly<Record<string, unknown>>,
  check: Question['check'],
): void {
  const answer = JSON.parse(text) as { readonly data?: unknown; readonly errors?: unknown }
  if (status !== 200 || answer.errors !== undefined)
    throw new Error(`${target.name} answered ${status} to ${JSON.stringify(values)}: ${text.slice(0, 1000)}`)
  try {
    check(answer.data, values)
  } catch (error) {
    throw new Error(
      `${target.name} gave a wrong answer to ${JSON.stringify(values)}: ${text.slice(0, 1000)}`,
      { cause: error },
    )
  }
}
