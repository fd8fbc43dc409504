import type { Config } from '../config.js'
import { inCommandWords } from './api-words.js'
import { ensureApiToken } from './data-folder.js'
import { ExpectedError } from './exit-codes.js'
import { readRuntimeFacts } from './runtime-file.js'

const ANSWER_SECONDS = 30

/** Codes of the API for what the person at the terminal gave or left out. */
const WRONG_USAGE: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'CONFIRMATION_REQUIRED'])

/** Where the API is, and what lets this machine's user in. */
export interface ApiAddress {
  readonly url: string
  readonly token: string
}

interface GraphqlAnswer<T> {
  readonly data?: T | null
  readonly errors?: readonly ApiFailure[]
}

/** A failure as the API tells it. */
export interface ApiFailure {
  readonly message: string
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** The API refused an operation; `failures` say why, for whoever knows more than their messages. */
export class ApiRefusal extends ExpectedError {
  constructor(readonly failures: readonly ApiFailure[]) {
    super(failures.map((failure) => inCommandWords(failure.message)).join('\n'))
  }

  /** What was given has no meaning, or not enough was given; nothing was done. */
  get isWrongUsage(): boolean {
    return this.failures.every(({ extensions }) => WRONG_USAGE.has(String(extensions?.['code'])))
  }
}

/** The API of the `accord up` that runs on this data folder, else the one at `ACCORD_API_HOST` and `ACCORD_API_PORT`. */
export async function findApi(config: Config): Promise<ApiAddress> {
  const running = await readRuntimeFacts(config.dataDirectory)
  const host = config.api.host === '0.0.0.0' ? '127.0.0.1' : config.api.host
  return {
    url: running?.api?.url ?? `http://${host}:${config.api.port}/graphql`,
    token: await ensureApiToken(config),
  }
}

/**
 * Sends one GraphQL operation.
 * @throws ExpectedError when the API does not answer, {@link ApiRefusal} with the messages of its answer
 */
export async function callApi<T>(
  api: ApiAddress,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  let response: Response
  try {
    response = await fetch(api.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${api.token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(ANSWER_SECONDS * 1000),
    })
  } catch (error) {
    const { cause } = error as Error
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : (error as Error).message
    throw new ExpectedError(
      `The API at ${api.url} does not answer (${reason}). Start Accord with "npm start", or with "accord serve"; ` +
        'another place is named by ACCORD_API_HOST and ACCORD_API_PORT.',
      { cause: error },
    )
  }
  if (response.status === 401) {
    throw new ExpectedError(
      `The API at ${api.url} refuses the token of this data folder. It runs on another one: name that with ACCORD_DATA, ` +
        'or its token with ACCORD_API_TOKEN.',
    )
  }
  const answer = await readAnswer<T>(api, response)
  if (answer.errors !== undefined && answer.errors.length > 0) {
    throw new ApiRefusal(answer.errors)
  }
  if (answer.data === undefined || answer.data === null) {
    throw new ExpectedError(`The API at ${api.url} answered without data (HTTP status ${response.status}).`)
  }
  return answer.data
}

async function readAnswer<T>(api: ApiAddress, response: Response): Promise<GraphqlAnswer<T>> {
  const text = await response.text()
  try {
    return JSON.parse(text) as GraphqlAnswer<T>
  } catch (error) {
    throw new ExpectedError(
      `What answers at ${api.url} is not Accord's API (HTTP status ${response.status}). Another program may have ` +
        'its port: choose another one with ACCORD_API_PORT.',
      { cause: error },
    )
  }
}
