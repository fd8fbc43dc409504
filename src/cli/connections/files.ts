import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../../config.js'
import { SECRET_MEMBERS } from '../../connectors/service-settings.js'
import { keptAs } from '../../secrets/stored-secret.js'
import { valueAt } from '../../api/connection/setting-paths.js'
import { findApi, type ApiAddress } from '../api-client.js'
import { fileNameOf } from '../file-name.js'
import { UsageError } from '../exit-codes.js'
import { readMappingFiles, type MappingOfFile } from '../mappings/read-mapping-files.js'
import { printLine } from '../output.js'
import { userOfThisMachine } from '../user.js'
import { askApi, fetchConnections } from './connections-api.js'
import { secretsMissing } from './missing-secrets.js'
import { readSecrets } from './read-secrets.js'
import { writeConnectionFile } from './write-connection-file.js'

/** Writes connections as YAML, without secrets: to the screen, to a `.yaml` file, or a file each into a folder. @throws ExpectedError */
export async function runExport(
  config: Config,
  names: readonly string[],
  output: string | null,
): Promise<void> {
  const found = await fetchConnections(await findApi(config), names)
  const texts = found.map(writeConnectionFile)
  if (output === null) {
    process.stdout.write(texts.join('---\n'))
  } else if (/\.ya?ml$/i.test(output)) {
    await mkdir(dirname(output), { recursive: true })
    await writeFile(output, texts.join('---\n'))
    printLine(`Wrote ${found.map(({ name }) => name).join(', ')} to ${output}.`)
  } else {
    await mkdir(output, { recursive: true })
    for (const [index, { name }] of found.entries()) {
      const file = join(output, fileNameOf(name))
      await writeFile(file, texts[index] ?? '')
      printLine(`Wrote ${file}.`)
    }
  }
}

const PLACE = /^connections\[(\d+)\]\.?(.*)$/s

export interface ApplyWords {
  /** `contoso.local.signIn.clientSecret`; with one connection `local.signIn.clientSecret`. */
  readonly secret: readonly string[]
  readonly dryRun: boolean
  readonly allowOtherSystem: boolean
}

interface Applied {
  readonly name: string
  readonly action: 'CREATED' | 'CHANGED' | 'UNCHANGED'
  readonly version: number
  readonly changes: readonly string[]
}

/**
 * Makes connections what the files say, all of them or none; new ones start disabled.
 * @throws UsageError with every problem at its place in its file, ExpectedError
 */
export async function runApply(config: Config, files: readonly string[], words: ApplyWords): Promise<void> {
  const read = await readMappingFiles(files, 'connection')
  refuseSecrets(read)
  const api = await findApi(config)
  const given = await readSecrets(words.secret)
  let applied: readonly Applied[]
  try {
    applied = await apply(api, read, given, words)
  } catch (error) {
    const missing = process.stdin.isTTY ? wordsOfMissing(error, read) : []
    if (missing.length === 0 || missing.some((word) => given.has(word))) throw error
    applied = await apply(api, read, new Map([...given, ...(await readSecrets(missing))]), words)
  }
  for (const { action, changes, name, version } of applied) {
    printLine(`${name}: ${describeAction(action, version, words.dryRun)}`)
    for (const change of changes) printLine(`  ${change}`)
  }
  if (words.dryRun) printLine('Nothing was changed: this was a dry run.')
}

/** @throws UsageError with every problem at its place in its file, ExpectedError */
async function apply(
  api: ApiAddress,
  read: readonly MappingOfFile[],
  secrets: ReadonlyMap<string, string>,
  words: ApplyWords,
): Promise<readonly Applied[]> {
  const { applyConnections: applied } = await askApi<{ applyConnections: readonly Applied[] }>(
    api,
    `mutation Apply($connections: [JSONObject!]!, $dryRun: Boolean!, $author: String, $other: Boolean!) {
      applyConnections(connections: $connections, dryRun: $dryRun, author: $author, allowOtherSystem: $other) {
        name action version changes } }`,
    {
      connections: withSecrets(read, secrets),
      dryRun: words.dryRun,
      author: userOfThisMachine(),
      other: words.allowOtherSystem,
    },
    (argument) => atItsPlace(argument, read),
    (argument) => wordOf(argument, read),
  )
  return applied
}

/** As `--secret` names them: those that the files lack, where nothing else is wrong. */
function wordsOfMissing(error: unknown, read: readonly MappingOfFile[]): readonly string[] {
  const refusal = error instanceof UsageError ? error.cause : error
  return secretsMissing(refusal, (argument) => {
    const [, index, path = ''] = PLACE.exec(argument) ?? []
    return valueAt(read[Number(index)]?.document, path) !== undefined
  }).map((argument) => wordOf(argument, read))
}

/** `contoso.local.signIn.clientSecret` for `connections[0].localSystem.settings.signIn.clientSecret`. */
function wordOf(argument: string, read: readonly MappingOfFile[]): string {
  const [, index, path = ''] = PLACE.exec(argument) ?? []
  const { name } = (read[Number(index)]?.document ?? {}) as { readonly name?: unknown }
  return `${typeof name === 'string' ? `${name}.` : ''}${path.replace(/^(local|integration)System\.settings\./, '$1.')}`
}

function describeAction(action: Applied['action'], version: number, dryRun: boolean): string {
  switch (action) {
    case 'CREATED':
      return dryRun ? 'would be made, disabled' : 'made, disabled'
    case 'UNCHANGED':
      return `unchanged, version ${version}`
    default:
      return dryRun ? `would become version ${version}` : `now version ${version}`
  }
}

/** A secret in a file ends up in a repository; files hold references. */
function refuseSecrets(read: readonly MappingOfFile[]): void {
  const problems = read.flatMap((file) =>
    secretPaths(file.document).map(
      (path) =>
        `${file.placeOf(path)}: ${path}: A secret does not belong into a file. Leave it out and give it with --secret, or name a reference, env:NAME or file:PATH.`,
    ),
  )
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
}

function secretPaths(value: unknown, under = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = under === '' ? name : `${under}.${name}`
    if (!SECRET_MEMBERS.has(name) || typeof inner !== 'string') return secretPaths(inner, path)
    const kind = keptAs(inner)
    return kind === 'ENVIRONMENT' || kind === 'FILE' ? [] : [path]
  })
}

function withSecrets(
  read: readonly MappingOfFile[],
  secrets: ReadonlyMap<string, string>,
): readonly unknown[] {
  const documents = read.map(({ document }) => structuredClone(document))
  for (const [word, secret] of secrets) {
    const found = documents.flatMap((document) => {
      const { name } = document as { readonly name?: unknown }
      if (typeof name === 'string' && word.startsWith(`${name}.`))
        return [[document, word.slice(name.length + 1)]] as const
      return documents.length === 1 ? ([[document, word]] as const) : []
    })
    const [target] = found
    const [, end, path] = /^(local|integration)\.(.+)$/.exec(target?.[1] ?? '') ?? []
    if (target === undefined || end === undefined || path === undefined) {
      throw new UsageError(
        `--secret ${word} names no secret of these files: expected CONNECTION.local.signIn.clientSecret or the like.`,
      )
    }
    putAt(target[0], [`${end}System`, 'settings', ...path.split('.')], secret)
  }
  return documents
}

function putAt(target: unknown, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof target !== 'object' || target === null) return
  const members = target as Record<string, unknown>
  if (rest.length === 0) members[name] = value
  else putAt((members[name] ??= {}), rest, value)
}

function atItsPlace(argument: string, read: readonly MappingOfFile[]): string {
  const [, index, path = ''] = PLACE.exec(argument) ?? []
  const file = index === undefined ? undefined : read[Number(index)]
  return file === undefined ? argument : `${file.placeOf(path)}${path === '' ? '' : `: ${path}`}`
}
