import type { Config } from '../../config.js'
import type { Finding } from '../../domain/finding.js'
import { SystemKind } from '../../domain/schema.js'
import { counted } from '../../domain/text.js'
import { ApiRefusal, findApi } from '../api-client.js'
import { describeFindings } from '../check.js'
import { ExpectedError, UsageError } from '../exit-codes.js'
import { printLine, printTrouble, quoted } from '../output.js'
import { userOfThisMachine } from '../user.js'
import { askApi, fetchConnections, type ShownConnection } from './connections-api.js'
import { readSecrets } from './read-secrets.js'
import { assign, parsePath, put, remove, type BothSettings, type SettingPath } from './settings-words.js'

export interface SettingWords {
  /** `local.url=https://...` */
  readonly set: readonly string[]
  /** `local.signIn.clientSecret` */
  readonly secret: readonly string[]
}

export interface AddWords extends SettingWords {
  readonly local: string
  readonly integration: string
  readonly defaultMappings: boolean
}

/** Makes a connection, disabled. @throws UsageError with every problem at once, ExpectedError */
export async function runAdd(config: Config, name: string, words: AddWords): Promise<void> {
  const settings = await given({ local: {}, integration: {} }, words)
  const { createConnection: made } = await askApi<{
    createConnection: { readonly mappings: readonly object[] }
  }>(
    await findApi(config),
    `mutation Add($input: ConnectionInput!, $author: String) {
      createConnection(input: $input, author: $author) { mappings { name } } }`,
    {
      input: {
        name,
        localSystem: { kind: kindOf('--local', words.local), settings: settings.local },
        integrationSystem: {
          kind: kindOf('--integration', words.integration),
          settings: settings.integration,
        },
        withDefaultMappings: words.defaultMappings,
      },
      author: userOfThisMachine(),
    },
    wordOf,
  )
  printLine(
    `Made the connection ${name} with ${counted(made.mappings.length, 'mapping')}. It is disabled: accord connections enable ${quoted(name)}`,
  )
}

export interface SetWords extends SettingWords {
  readonly unset: readonly string[]
  readonly rename: string | null
  readonly allowOtherSystem: boolean
}

/** Changes settings of a connection; others stay. @throws UsageError with every problem at once, ExpectedError */
export async function runSet(config: Config, name: string, words: SetWords): Promise<void> {
  const api = await findApi(config)
  const [before] = await fetchConnections(api, [name])
  if (before === undefined) return
  const present: BothSettings = {
    local: before.localSystem.settings,
    integration: before.integrationSystem.settings,
  }
  const settings = await given(
    words.unset.map(parsePath).reduce((all, path) => unset(all, path, before), present),
    words,
  )
  const { updateConnection: after } = await askApi<{ updateConnection: Pick<ShownConnection, 'version'> }>(
    api,
    `mutation Set($name: String!, $input: UpdateConnectionInput!, $version: Int, $author: String, $other: Boolean!) {
      updateConnection(
        name: $name, input: $input, version: $version, author: $author, allowOtherSystem: $other
      ) { version } }`,
    {
      name,
      input: {
        ...(words.rename === null ? {} : { name: words.rename }),
        ...(settings.local === present.local ? {} : { localSettings: settings.local }),
        ...(settings.integration === present.integration
          ? {}
          : { integrationSettings: settings.integration }),
      },
      version: before.version,
      author: userOfThisMachine(),
      other: words.allowOtherSystem,
    },
    wordOf,
  )
  printLine(`${words.rename ?? name} is at version ${after.version} now.`)
}

/** A secret is not among the settings that are shown: it is taken away by name. */
function unset(settings: BothSettings, path: SettingPath, before: ShownConnection): BothSettings {
  const { secrets } = path.end === 'local' ? before.localSystem : before.integrationSystem
  const isKept = secrets.some(({ member }) => member === path.path.join('.'))
  return isKept ? put(settings, path, null) : remove(settings, path)
}

/** Without `confirmed` it only tells what would be deleted. @throws ExpectedError */
export async function runRemove(config: Config, name: string, confirmed: boolean): Promise<void> {
  try {
    const { deleteConnection: gone } = await askApi<{
      deleteConnection: { readonly mappings: number; readonly couplings: number }
    }>(
      await findApi(config),
      `mutation Remove($name: String!, $confirm: Boolean!) {
        deleteConnection(name: $name, confirm: $confirm) { mappings couplings } }`,
      { name, confirm: confirmed },
    )
    printLine(
      `Deleted ${name} with ${counted(gone.mappings, 'mapping')} and ${counted(gone.couplings, 'coupling')}.`,
    )
  } catch (error) {
    const unconfirmed =
      error instanceof ApiRefusal &&
      error.failures.some(({ extensions }) => extensions?.['code'] === 'CONFIRMATION_REQUIRED')
    if (!unconfirmed) throw error
    throw new UsageError(error.message, { cause: error })
  }
}

/** Enables a connection after its check, or without where a reason is given. @throws ExpectedError with what the check found */
export async function runEnable(config: Config, name: string, force: string | null): Promise<void> {
  try {
    await askApi(
      await findApi(config),
      'mutation Enable($name: String!, $force: String) { enableConnection(name: $name, force: $force) { version } }',
      { name, force },
    )
  } catch (error) {
    const findings = error instanceof ApiRefusal ? findingsOf(error) : []
    if (findings.length === 0) throw error
    for (const line of describeFindings(findings)) printTrouble(line)
    throw new ExpectedError(
      `${name} was not enabled: its check found ${counted(findings.length, 'error')}. Mend what is listed, then enable it again. ` +
        'To enable it all the same: --force REASON.',
      { cause: error },
    )
  }
  printLine(`${name} is enabled.`)
}

/** What the check found that kept the connection from being enabled. */
function findingsOf({ failures }: ApiRefusal): readonly Finding[] {
  return failures.flatMap(({ extensions }) => {
    const findings = extensions?.['findings']
    return Array.isArray(findings) ? (findings as readonly Finding[]) : []
  })
}

/** @throws ExpectedError */
export async function runDisable(config: Config, name: string): Promise<void> {
  await askApi(
    await findApi(config),
    'mutation Disable($name: String!, $author: String) { disableConnection(name: $name, author: $author) { version } }',
    { name, author: userOfThisMachine() },
  )
  printLine(`${name} is disabled: nothing of it writes any more.`)
}

async function given(settings: BothSettings, words: SettingWords): Promise<BothSettings> {
  const assigned = words.set.reduce(assign, settings)
  const paths = words.secret.map((word) => ({ word, path: parsePath(word) }))
  const secrets = await readSecrets(words.secret)
  return paths.reduce((all, { path, word }) => put(all, path, secrets.get(word)), assigned)
}

/** `business-central`, as people type it, or `BUSINESS_CENTRAL`. @throws UsageError naming those that there are */
function kindOf(option: string, word: string): string {
  const kind = word.toUpperCase().replaceAll('-', '_')
  const known = Object.values(SystemKind)
  if (known.some((candidate) => candidate === kind)) return kind
  const words = known.map((candidate) => candidate.toLowerCase().replaceAll('_', '-'))
  throw new UsageError(`${option}: There is no kind of system ${word}. Expected one of ${words.join(', ')}.`)
}

/** Where a problem lies, in the words of the command line: `input.localSystem.settings.url` is local.url. */
function wordOf(argument: string): string {
  return argument
    .replace(/^input\.localSystem\.settings|^input\.localSettings/, 'local')
    .replace(/^input\.integrationSystem\.settings|^input\.integrationSettings/, 'integration')
}
