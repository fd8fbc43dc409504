import type { Reply, TestClient } from './support.js'

export interface Operation {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly contentId?: string
}

export interface OperationReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly json: Readonly<Record<string, unknown>>
}

/** Sends a multipart $batch; a list within the list is a change set. */
export async function sendBatch(
  client: TestClient,
  parts: readonly (Operation | readonly Operation[])[],
  headers: Readonly<Record<string, string>> = {},
): Promise<{ reply: Reply; operations: OperationReply[] }> {
  const reply = await client.call('POST', '$batch', {
    text: batchBody(parts),
    headers: { 'content-type': 'multipart/mixed; boundary=batch_test', ...headers },
  })
  return { reply, operations: readOperations(reply.text) }
}

export function batchBody(parts: readonly (Operation | readonly Operation[])[]): string {
  const lines = parts.flatMap((part) => {
    if (!isChangeSet(part)) return ['--batch_test', ...operationLines(part)]
    const inner = part.flatMap((operation) => ['--changeset_test', ...operationLines(operation)])
    return [
      '--batch_test',
      'Content-Type: multipart/mixed; boundary=changeset_test',
      '',
      ...inner,
      '--changeset_test--',
      '',
    ]
  })
  return [...lines, '--batch_test--', ''].join('\r\n')
}

function isChangeSet(part: Operation | readonly Operation[]): part is readonly Operation[] {
  return Array.isArray(part)
}

function operationLines(operation: Operation): string[] {
  const url = operation.url.startsWith('$') ? operation.url : `/api/data/v9.2/${operation.url}`
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(operation.contentId === undefined ? [] : [`Content-ID: ${operation.contentId}`]),
    '',
    `${operation.method} ${url} HTTP/1.1`,
    'Content-Type: application/json',
    ...Object.entries(operation.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    '',
    operation.body === undefined ? '' : JSON.stringify(operation.body),
  ]
}

function readOperations(text: string): OperationReply[] {
  return text
    .split('HTTP/1.1 ')
    .slice(1)
    .map((piece) => {
      const [head = '', body = ''] = piece.split('\r\n\r\n')
      const [status = '', ...lines] = head.split('\r\n')
      const json = body.split('\r\n--')[0] ?? ''
      return {
        status: Number(status.slice(0, 3)),
        headers: Object.fromEntries(
          lines.map((line) => [
            line.slice(0, line.indexOf(':')).toLowerCase(),
            line.slice(line.indexOf(':') + 2),
          ]),
        ),
        json: json.startsWith('{') ? (JSON.parse(json) as Record<string, unknown>) : {},
      }
    })
}
