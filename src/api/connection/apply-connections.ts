import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { SystemKind } from '../../domain/schema.js'
import { Connection } from '../../persistence/entities/connection.js'
import type { ApiContext } from '../context.js'
import { badUserInput, type InputProblem } from '../errors.js'
import { authorshipOf } from '../mapping/authorship.js'
import { pathText, under } from '../mapping/document/problems.js'
import { changePlanned, inOneStep, insertPlanned, lockConnection } from './change-connection.js'
import { AppliedConnectionAction, type AppliedConnectionType } from './connection.type.js'
import { planConnection, type PlannedConnection } from './plan-connection.js'
import { flatten, withValue } from './setting-paths.js'
import type { Settings, SettingsKeeper } from './settings-keeper.js'
import { withoutSecrets } from './plan-system.js'

const system = z.strictObject({ kind: z.enum(SystemKind), settings: z.record(z.string(), z.unknown()) })
const connectionDocument = z.strictObject({
  name: z.string(),
  localSystem: system,
  integrationSystem: system,
})
type ConnectionDocument = z.output<typeof connectionDocument>

/** A connection as a document: what a file holds. Without secrets, references apart. */
export function toDocument(keeper: SettingsKeeper, connection: Connection): object {
  const shown = ({ kind, settings }: Connection['localSystem']) => ({
    kind,
    settings: withReferences(keeper, settings),
  })
  return {
    name: connection.name,
    localSystem: shown(connection.localSystem),
    integrationSystem: shown(connection.integrationSystem),
  }
}

/**
 * Makes connections what the documents say, all of them or none; new ones start disabled, others stay. A secret that a document
 * leaves out stays as it is. Throws BAD_USER_INPUT with every problem of every document at once (`connections[1].localSystem...`).
 */
export async function applyConnections(
  context: ApiContext,
  request: {
    readonly documents: readonly unknown[]
    readonly dryRun: boolean
    readonly author: string | null
    readonly allowOtherSystem: boolean
  },
): Promise<readonly AppliedConnectionType[]> {
  const by = authorshipOf(context.principal, { author: request.author, note: null }).author
  const documents = readAll(request.documents)
  return inOneStep(context, async (em) => {
    const present = await em.find(Connection, {}, { orderBy: { name: 'asc' } })
    const planned = []
    for (const [index, document] of documents.entries()) {
      const known = present.find(({ name }) => name === document.name)
      const before = known === undefined ? null : await lockConnection(em, known.id)
      const argument = `connections[${index}]`
      const plan = planConnection(context.settingsKeeper, document, before, present, {
        name: `${argument}.name`,
        localSettings: `${argument}.localSystem.settings`,
        integrationSettings: `${argument}.integrationSystem.settings`,
      })
      planned.push({ before, document, plan })
    }
    const problems = planned.flatMap(({ plan }) => plan.problems)
    if (problems.length > 0) throw badUserInput(problems)
    const applied: AppliedConnectionType[] = []
    for (const { before, document, plan } of planned) {
      const result = describe(context.settingsKeeper, before, document, plan)
      applied.push(result)
      if (request.dryRun || result.action === AppliedConnectionAction.unchanged) continue
      if (before === null) await insertPlanned(context, em, plan, by, false)
      else await changePlanned(context, em, before, plan, by, request.allowOtherSystem)
    }
    return applied
  })
}

function readAll(documents: readonly unknown[]): readonly ConnectionDocument[] {
  if (documents.length === 0) {
    throw badUserInput([{ argument: 'connections', message: 'Expected at least one connection.' }])
  }
  const problems: InputProblem[] = []
  const read = documents.flatMap((document, index) => {
    const result = connectionDocument.safeParse(document)
    if (result.success) return [result.data]
    problems.push(
      ...result.error.issues.map((issue) => ({
        argument: under(`connections[${index}]`, pathText(issue.path)),
        message: describePart(issue),
      })),
    )
    return []
  })
  const names = read.map(({ name }) => name.trim())
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) {
      problems.push({
        argument: `connections[${index}].name`,
        message: `Expected each connection once; this one is also connections[${names.indexOf(name)}].`,
      })
    }
  })
  if (problems.length > 0) throw badUserInput(problems)
  return read.map((document) => ({ ...document, name: document.name.trim() }))
}

/** Without what was given: where it does not belong, a value may be a secret. */
function describePart(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'string' ? 'Expected text.' : 'Expected an object.'
    case 'invalid_value':
      return `Expected one of ${issue.values.map(String).join(', ')}.`
    default:
      return issue.code === 'unrecognized_keys'
        ? `Nothing is known of ${issue.keys.join(', ')}.`
        : issue.message
  }
}

function describe(
  keeper: SettingsKeeper,
  before: Connection | null,
  document: ConnectionDocument,
  plan: PlannedConnection,
): AppliedConnectionType {
  const { name } = plan
  if (before === null) return { name, action: AppliedConnectionAction.created, version: 1, changes: [] }
  const changes = [
    ...settingChanges(keeper, 'localSystem', before.localSystem.settings, document.localSystem.settings),
    ...settingChanges(
      keeper,
      'integrationSystem',
      before.integrationSystem.settings,
      document.integrationSystem.settings,
    ),
    ...plan.entered.map((secret) => `${secret.replace('.', ': ')} is entered anew`),
  ]
  if (changes.length === 0) {
    return { name, action: AppliedConnectionAction.unchanged, version: before.version, changes }
  }
  return { name, action: AppliedConnectionAction.changed, version: before.version + 1, changes }
}

function settingChanges(
  keeper: SettingsKeeper,
  side: string,
  before: Settings,
  after: Settings,
): readonly string[] {
  const old = flatten(withoutSecrets(keeper, before))
  const now = flatten(withoutSecrets(keeper, after))
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((member) => !isDeepStrictEqual(old.get(member), now.get(member)))
    .map((member) => `${side}.settings.${member}: ${show(old.get(member))} -> ${show(now.get(member))}`)
}

const show = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value))

/** References name a place, not a secret: a file may hold them. */
function withReferences(keeper: SettingsKeeper, settings: Settings): Settings {
  return keeper
    .secrets(settings)
    .reduce<Settings>(
      (shown, { member, held, kind }) =>
        kind === 'ENVIRONMENT' || kind === 'FILE' ? withValue(shown, member, held) : shown,
      withoutSecrets(keeper, settings),
    )
}
