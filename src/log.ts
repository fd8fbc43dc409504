import { pino, type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from './config.js'
import { currentTraceId } from './telemetry/tracing.js'
import { SECRET_MEMBERS } from './connectors/service-settings.js'

/** How deep in what is logged secrets are looked for: an error with its cause and that one's settings. */
const DEPTH = 6

/** What must not get into a log: secrets of settings, and what is made of them on the wire. */
const HIDDEN = [
  ...SECRET_MEMBERS,
  'authorization',
  'cookie',
  'client_secret',
  'client_assertion',
  'access_token',
]

/**
 * The log of a process, one JSON object a line. Members that hold secrets are replaced, wherever they stand; that nothing logs them is
 * the first line of defence, this is the second.
 */
export function createLogger(
  name: string,
  level: LogLevel,
  destination: DestinationStream = pino.destination(1),
): Logger {
  const paths = HIDDEN.flatMap((member) =>
    Array.from({ length: DEPTH }, (_, depth) => `${'*.'.repeat(depth)}${member}`),
  )
  return pino(
    { name, level, redact: { paths, censor: '[hidden]' }, mixin: () => traceMembers(currentTraceId()) },
    destination,
  )
}

/** What was done for one request can be found by it, in logs, errors, history and traces alike. */
function traceMembers(traceId: string | null): object {
  return traceId === null ? {} : { traceId }
}
