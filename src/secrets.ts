import { readFileSync } from 'node:fs'

/** A reference that names no secret. The message never holds the secret. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
}

/**
 * The secret behind a reference: `env:NAME` is the environment variable of that name, `file:PATH` the content of that
 * file without the line end. Secrets themselves are kept nowhere else.
 * @throws SecretError when the reference is malformed, or nothing is behind it
 */
export function resolveSecret(
  reference: string,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): string {
  const colon = reference.indexOf(':')
  const kind = reference.slice(0, Math.max(colon, 0))
  const rest = reference.slice(colon + 1)
  if (rest === '' || (kind !== 'env' && kind !== 'file')) {
    throw new SecretError(
      'A secret is given by reference: env:NAME for an environment variable, or file:PATH for a file.',
    )
  }
  if (kind === 'env') {
    const value = environment[rest]
    if (value === undefined || value === '') {
      throw new SecretError(`The secret env:${rest} is missing: set the environment variable ${rest}.`)
    }
    return value
  }
  try {
    const value = readFileSync(rest, 'utf8').replace(/\r?\n$/, '')
    if (value !== '') return value
  } catch (error) {
    throw new SecretError(`The secret file:${rest} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    })
  }
  throw new SecretError(`The secret file:${rest} is empty.`)
}
