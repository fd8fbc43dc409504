import { on } from 'node:events'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { parseDocument } from 'yaml'
import { UsageError } from '../exit-codes.js'

/**
 * Secrets from the person at the terminal, who types them unseen, or from the input: one secret as it is, several as YAML,
 * `local.signIn.clientSecret: ...` a line.
 * @throws UsageError where one is missing or blank; no message holds a secret
 */
export async function readSecrets(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map()
  const found = process.stdin.isTTY ? await askFor(names) : fromText(names, await readInput())
  const missing = names.filter((name) => (found.get(name) ?? '') === '')
  if (missing.length > 0) throw new UsageError(`No secret was given for ${missing.join(', ')}.`)
  return found
}

/**
 * Asks for one secret after the other; nothing of what is typed is shown. A key in PEM form has many lines, and is read to its last one.
 * @throws UsageError where the person gives up
 */
export async function askFor(
  names: readonly string[],
  input: NodeJS.ReadableStream = process.stdin,
): Promise<ReadonlyMap<string, string>> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const typed = createInterface({ input, output: silent, terminal: true })
  typed.on('SIGINT', () => typed.close())
  const lines = on(typed, 'line', { close: ['close'] }) as AsyncIterableIterator<[string]>
  const found = new Map<string, string>()
  try {
    for (const name of names) {
      process.stderr.write(`${name} (not shown): `)
      const text = [await nextLine(lines)]
      while (text[0]?.startsWith('-----BEGIN ') === true && text.at(-1)?.startsWith('-----END ') !== true)
        text.push(await nextLine(lines))
      found.set(name, text.join('\n'))
      process.stderr.write('\n')
    }
    return found
  } finally {
    typed.close()
  }
}

async function nextLine(lines: AsyncIterableIterator<[string]>): Promise<string> {
  const { done, value } = await lines.next()
  if (done === true) throw new UsageError('Nothing was changed.')
  return value[0]
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}

function fromText(names: readonly string[], text: string): ReadonlyMap<string, string> {
  const [only, second] = names
  if (only !== undefined && second === undefined && !text.startsWith(`${only}:`)) {
    return new Map([[only, text.replace(/\r?\n$/, '')]])
  }
  // Without types: a secret of digits is text.
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false })
  const values: unknown = document.errors.length === 0 ? document.toJS() : null
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new UsageError(`Expected YAML on the input, a line "NAME: secret" for each of ${names.join(', ')}.`)
  }
  const surplus = Object.keys(values).filter((name) => !names.includes(name))
  if (surplus.length > 0) {
    throw new UsageError(`The input holds what no --secret names: ${surplus.join(', ')}.`)
  }
  return new Map(
    Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}
