import type { IncomingHttpHeaders } from 'node:http'

/** One operation of a multipart `$batch`. `path` is absolute on the host, percent-encoded. */
export interface BatchOperation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON; its line breaks are escaped, so no line of it can look like a boundary. */
  readonly body?: string
}

export interface BatchAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** A part of a batch: one operation, or several that succeed or fail together, of which the last one's answer counts. */
export type BatchPart = BatchOperation | readonly BatchOperation[]

/** The text of a multipart batch; lines end in CRLF as the service demands. */
export function encodeMultipart(boundary: string, parts: readonly BatchPart[]): string {
  const texts = parts.map((part, index) => {
    if ('method' in part) return [`--${boundary}`, ...operationLines(part, null)].join('\r\n')
    const inner = `changeset_${boundary}_${index}`
    return [
      `--${boundary}`,
      `Content-Type: multipart/mixed; boundary=${inner}`,
      '',
      ...part.flatMap((operation, place) => [`--${inner}`, ...operationLines(operation, place + 1)]),
      `--${inner}--`,
    ].join('\r\n')
  })
  return [...texts, `--${boundary}--`, ''].join('\r\n')
}

function operationLines(operation: BatchOperation, contentId: number | null): readonly string[] {
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === null ? [] : [`Content-ID: ${contentId}`]),
    '',
    `${operation.method} ${operation.path} HTTP/1.1`,
    ...Object.entries(operation.headers).map(([name, value]) => `${name}: ${value}`),
    '',
    operation.body ?? '',
  ]
}

/** The boundary in a `Content-Type` of `multipart/mixed`; null for any other type. */
export function boundaryOf(headers: IncomingHttpHeaders): string | null {
  return boundaryIn(headers['content-type'] ?? '')
}

function boundaryIn(type: string): string | null {
  if (!/^multipart\/mixed\b/i.test(type)) return null
  const match = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type)
  return match?.[1] ?? match?.[2] ?? null
}

/**
 * The answers in the order of the parts; that of a change set is its last, or the one that made it fail. Only what a further boundary ends is an answer, so that a batch that breaks off
 * gives no half ones. Throws SyntaxError on text that is no multipart batch.
 */
export function decodeMultipart(text: string, boundary: string): readonly BatchAnswer[] {
  const delimiter = `--${boundary}`
  const sections: string[] = []
  let start = -1
  for (
    let at = nextDelimiter(text, delimiter, 0);
    at >= 0;
    at = nextDelimiter(text, delimiter, at + delimiter.length)
  ) {
    if (start >= 0) sections.push(text.slice(start, at))
    start = at + delimiter.length
    if (text.startsWith('--', start)) break
  }
  if (start < 0) throw new SyntaxError('The batch answer holds no boundary.')
  return sections.map(decodePart)
}

/** A delimiter counts only at the start of a line. */
function nextDelimiter(text: string, delimiter: string, from: number): number {
  for (let at = text.indexOf(delimiter, from); at >= 0; at = text.indexOf(delimiter, at + 1)) {
    if (at === 0 || text[at - 1] === '\n') return at
  }
  return -1
}

function decodePart(part: string): BatchAnswer {
  const inner = afterBlankLine(part)
  if (inner === null) throw new SyntaxError('A part of the batch answer has no content.')
  const nested = boundaryIn(
    /^content-type:(.*)$/im.exec(part.slice(0, part.length - inner.length))?.[1]?.trim() ?? '',
  )
  if (nested !== null) return answerOfChangeSet(decodeMultipart(inner, nested))
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(inner)?.[1]
  if (status === undefined) throw new SyntaxError('A part of the batch answer has no status line.')
  const body = afterBlankLine(inner)
  const head = body === null ? inner : inner.slice(0, inner.length - body.length)
  const headers = head
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line): [string, string][] => {
      const colon = line.indexOf(':')
      return colon <= 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]]
    })
  return { status: Number(status), headers: Object.fromEntries(headers), text: (body ?? '').trim() }
}

function answerOfChangeSet(answers: readonly BatchAnswer[]): BatchAnswer {
  const answer = answers.find(({ status }) => status >= 400) ?? answers.at(-1)
  if (answer === undefined) throw new SyntaxError('The answer of a change set holds nothing.')
  return answer
}

function afterBlankLine(text: string): string | null {
  const match = /\r?\n\r?\n/.exec(text)
  return match === null ? null : text.slice(match.index + match[0].length)
}
