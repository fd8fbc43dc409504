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

async function askFor(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  const found = new Map<string, string>()
  try {
    for (const name of names) {
      process.stderr.write(`${name} (not shown): `)
      found.set(
        name,
        await new Promise<string>((resolve, reject) => {
          lines.once('SIGINT', () => reject(new UsageError('Nothing was changed.')))
          lines.question('', resolve)
        }),
      )
      process.stderr.write('\n')
    }
    return found
  } finally {
    lines.close()
  }
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
