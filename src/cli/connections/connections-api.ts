import { ApiRefusal, callApi, type ApiAddress } from '../api-client.js'
import { inCommandWords } from '../api-words.js'
import { ExpectedError, UsageError } from '../exit-codes.js'
import { problemsOf } from '../mappings/mappings-api.js'
import { howToGive, isSecretArgument } from './missing-secrets.js'

export type Settings = Readonly<Record<string, unknown>>

export interface ShownSecret {
  readonly member: string
  readonly kind: 'ENVIRONMENT' | 'FILE' | 'STORED'
  readonly reference: string | null
  readonly rotatedAt: string | null
}

export interface ShownSystem {
  readonly kind: string
  readonly caption: string
  readonly settings: Settings
  readonly secrets: readonly ShownSecret[]
}

/** A connection as the API shows it: without secrets. */
export interface ShownConnection {
  readonly name: string
  readonly version: number
  readonly changedAt: string
  readonly changedBy: string
  readonly disabledAt: string | null
  readonly disabledBy: string | null
  readonly forcedReason: string | null
  readonly pausedAt: string | null
  readonly pausedBy: string | null
  readonly localSystem: ShownSystem
  readonly integrationSystem: ShownSystem
  readonly document: Settings
  readonly mappings: readonly { readonly name: string }[]
}

const SYSTEM = '{ kind caption settings secrets { member kind reference rotatedAt } }'
export const SHOWN = `name version changedAt changedBy disabledAt disabledBy forcedReason pausedAt pausedBy document
  localSystem ${SYSTEM} integrationSystem ${SYSTEM} mappings { name }`

/** All connections, or those of these names. @throws ExpectedError naming those that exist */
export async function fetchConnections(
  api: ApiAddress,
  names: readonly string[] = [],
): Promise<readonly ShownConnection[]> {
  const { connections } = await callApi<{ connections: readonly ShownConnection[] }>(
    api,
    `query Connections { connections { ${SHOWN} } }`,
  )
  const missing = names.filter((name) => !connections.some((connection) => connection.name === name))
  if (missing.length > 0) {
    const known = connections.map((connection) => connection.name).join(', ')
    throw new ExpectedError(
      `There is no connection ${missing.join(', ')}. ${known === '' ? 'There is none yet.' : `Connections: ${known}.`}`,
    )
  }
  return names.length === 0 ? connections : connections.filter(({ name }) => names.includes(name))
}

/**
 * One operation; problems of what was given are told one a line, at `placeOf` their argument; of a secret also how to give it, under
 * the name that `wordOf` tells.
 * @throws UsageError, ExpectedError
 */
export async function askApi<T>(
  api: ApiAddress,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  placeOf: (argument: string) => string = (argument) => argument,
  wordOf: (argument: string) => string = placeOf,
): Promise<T> {
  try {
    return await callApi<T>(api, query, variables)
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    const problems = error.failures.flatMap((failure) => problemsOf(failure.extensions))
    if (problems.length === 0) throw error
    throw new UsageError(
      problems
        .map(({ argument, message }) => {
          const how = isSecretArgument(argument) ? ` ${howToGive(wordOf(argument))}` : ''
          return `${placeOf(argument)}: ${inCommandWords(message)}${how}`
        })
        .join('\n'),
      { cause: error },
    )
  }
}
