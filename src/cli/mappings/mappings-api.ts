import type { MappingDocument } from '../../api/mapping/document/mapping-document.js'
import { ApiRefusal, callApi, type ApiAddress } from '../api-client.js'
import { ExpectedError, UsageError } from '../exit-codes.js'
import type { MappingOfFile } from './read-mapping-files.js'

/** A mapping as the API tells it. */
export interface ExportedMapping {
  readonly name: string
  readonly version: number
  readonly document: MappingDocument
  readonly connection: { readonly name: string }
}

/** What applying a mapping does, or would do. */
export interface AppliedMapping {
  readonly name: string
  readonly action: 'CREATED' | 'CHANGED' | 'UNCHANGED'
  readonly version: number
  readonly changes: readonly { readonly path: string; readonly text: string }[]
  readonly consequences: readonly string[]
  readonly warnings: readonly { readonly path: string; readonly message: string }[]
}

/** The mappings of a connection, of these names if any are given. @throws ExpectedError naming those that exist */
export async function fetchMappings(
  api: ApiAddress,
  connection: string | null,
  names: readonly string[],
): Promise<readonly ExportedMapping[]> {
  const { integrationTableMappings: all } = await callApi<{
    integrationTableMappings: readonly ExportedMapping[]
  }>(api, 'query Export { integrationTableMappings { name version document connection { name } } }')
  const connections = [...new Set(all.map((mapping) => mapping.connection.name))]
  const [only] = connections
  const chosen = connection ?? only
  if (connection === null && connections.length > 1) {
    throw new UsageError(
      `There are several connections: ${connections.join(', ')}. Name one with --connection.`,
    )
  }
  const found = all.filter((mapping) => mapping.connection.name === chosen)
  if (found.length === 0) {
    throw new ExpectedError(
      connections.length === 0
        ? 'There is no mapping yet.'
        : `There is no mapping in a connection ${String(chosen)}. Connections with mappings: ${connections.join(', ')}.`,
    )
  }
  const missing = names.filter((name) => !found.some((mapping) => mapping.name === name))
  if (missing.length > 0) {
    throw new ExpectedError(
      `There is no mapping ${missing.join(', ')}. Mappings: ${found.map((mapping) => mapping.name).join(', ')}.`,
    )
  }
  return names.length === 0 ? found : found.filter((mapping) => names.includes(mapping.name))
}

export interface ApplyRequest {
  readonly connection: string | null
  readonly dryRun: boolean
  readonly author?: string
  readonly note?: string | null
}

/** Applies mappings of files together. @throws UsageError with every problem at its place, ExpectedError */
export async function applyFiles(
  api: ApiAddress,
  mappings: readonly MappingOfFile[],
  request: ApplyRequest,
): Promise<readonly AppliedMapping[]> {
  try {
    const answer = await callApi<{ applyIntegrationTableMappings: readonly AppliedMapping[] }>(
      api,
      `mutation Apply($mappings: [JSONObject!]!, $connection: String, $dryRun: Boolean!, $author: String, $note: String) {
        applyIntegrationTableMappings(
          mappings: $mappings, connection: $connection, dryRun: $dryRun, author: $author, note: $note
        ) { name action version changes { path text } consequences warnings { path message } } }`,
      { ...request, mappings: mappings.map((mapping) => mapping.document) },
    )
    return answer.applyIntegrationTableMappings
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    const problems = error.failures.flatMap((failure) => problemsOf(failure.extensions))
    if (problems.length === 0) throw error
    throw new UsageError(problems.map((problem) => atItsPlace(problem, mappings)).join('\n'), {
      cause: error,
    })
  }
}

interface Problem {
  readonly argument: string
  readonly message: string
}

/** The problems that a refusal names at their places. */
export function problemsOf(extensions: Readonly<Record<string, unknown>> | undefined): readonly Problem[] {
  const problems = extensions?.['problems']
  return extensions?.['code'] === 'BAD_USER_INPUT' && Array.isArray(problems) ? (problems as Problem[]) : []
}

/** `customer.yaml:12:5: fields[1].direction: Expected ...` */
function atItsPlace({ argument, message }: Problem, mappings: readonly MappingOfFile[]): string {
  const [, index, path = ''] = /^mappings\[(\d+)\]\.?(.*)$/s.exec(argument) ?? []
  const mapping = index === undefined ? undefined : mappings[Number(index)]
  if (mapping === undefined) return `${argument}: ${message}`
  return `${mapping.placeOf(path)}: ${path === '' ? '' : `${path}: `}${message}`
}
