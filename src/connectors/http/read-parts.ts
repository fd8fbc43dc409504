import type { IncomingHttpHeaders } from 'node:http'
import { retryAfterOf } from './retry-after.js'
import type { Throttling } from './service-client.js'
import type { HttpRequest, HttpResponse } from './transport.js'

/** The answer to one part of a call. */
export interface PartAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders | Readonly<Record<string, string | undefined>>
}

/** How several reads go in one call. */
export interface PartedRead<Part, Answer extends PartAnswer> {
  compose(parts: readonly Part[]): HttpRequest
  /** The answers by the index of their part; undefined where there is none. Throws ConnectorError. */
  answersOf(response: HttpResponse, count: number): readonly (Answer | undefined)[]
}

/** What it takes to read in parts: a service's client, or what stands for it. */
export interface PartReader {
  /** For how long parts that are throttled are put back and asked for again, milliseconds; 0: not at all. */
  readonly throttlePatience: number
  readonly now: () => number
  read(
    request: HttpRequest,
    throttledIn: (response: HttpResponse) => Throttling | null,
  ): Promise<HttpResponse>
}

const TOO_MANY = 429

/**
 * Several reads in one call; an answer a part, in their order. A service may throttle single parts of a call that it accepts: those are
 * put back and asked for again, the others are not. What is throttled for longer than the reader is patient, without any progress, keeps
 * that answer. Throws what `answersOf` and the reader throw.
 */
export async function readParts<Part, Answer extends PartAnswer>(
  reader: PartReader,
  parts: readonly Part[],
  { compose, answersOf }: PartedRead<Part, Answer>,
): Promise<readonly (Answer | undefined)[]> {
  const answers = parts.map((): Answer | undefined => undefined)
  let open = parts.map((part, index) => ({ part, index }))
  let throttledSince: number | null = null
  while (open.length > 0) {
    const asked = open
    let read: { readonly of: HttpResponse; readonly answers: readonly (Answer | undefined)[] } | null = null
    const answersIn = (response: HttpResponse): readonly (Answer | undefined)[] => {
      if (read?.of !== response) read = { of: response, answers: answersOf(response, asked.length) }
      return read.answers
    }
    const response = await reader.read(compose(asked.map(({ part }) => part)), (answer) =>
      throttlingOf(answersIn(answer), reader.now()),
    )
    const given = answersIn(response)
    for (const [place, { index }] of asked.entries()) answers[index] = given[place]
    open = asked.filter((_, place) => given[place]?.status === TOO_MANY)
    const now = reader.now()
    if (throttledSince === null || open.length < asked.length) throttledSince = now
    // A call that was throttled as a whole was put back by the reader for as long.
    if (response.status === TOO_MANY || now - throttledSince >= reader.throttlePatience) break
  }
  return answers
}

/** The longest wait that one of the throttled parts asks for; null: none is throttled. */
function throttlingOf(answers: readonly (PartAnswer | undefined)[], now: number): Throttling | null {
  const throttled = answers.flatMap((answer) => (answer?.status === TOO_MANY ? [answer] : []))
  if (throttled.length === 0) return null
  const waits = throttled.flatMap(({ headers }) => retryAfterOf(headers, now) ?? [])
  return { retryAfter: waits.length === 0 ? undefined : Math.max(...waits) }
}
