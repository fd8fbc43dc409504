import { Document, isScalar, type Pair, visit } from 'yaml'
import type { ShownConnection, ShownSystem } from './connections-api.js'

const HEAD = `# A connection of Accord. "accord connections apply" makes the connection what this file says. Settings that are left out have their
# defaults; they are all in docs/connections.md. Secrets are not in it: one that is left out stays as it is, one that is new is asked
# for, or given with --secret. env:NAME and file:PATH name where the workers find one.
`

/** What each setting means that people look for first; the others are in docs/connections.md. */
const MEANING: Readonly<Record<string, string>> = {
  url: 'Address of the API.',
  companyId: 'The company, by its id. Null: the only one there is.',
  customApi: 'Custom API page with fields that API v2.0 lacks: <publisher>/<group>/<version>.',
  webClientUrl: 'Where people open its records.',
  appUrl: 'Where people open its records.',
  signIn: 'How Accord shows who it is.',
  requestTimeout: 'Milliseconds until an answer is given up.',
  maximumFlight: 'Milliseconds after which a request whose answer was lost can no longer be carried out.',
  concurrency: 'Requests at the same time.',
  proxy: 'Proxy through which requests go.',
  certificateAuthorities: 'Certificates (PEM) of authorities that are trusted besides the usual ones.',
  host: 'The database server.',
  schema: 'The schema whose tables take part.',
}

/** Settings that come first, in this order; the others follow by name. */
const ORDER = [
  'url',
  'host',
  'port',
  'database',
  'schema',
  'user',
  'companyId',
  'customApi',
  'signIn',
  'kind',
]

/** A connection as a YAML file: commented, in one order, without secrets. Reading the text gives the document again. */
export function writeConnectionFile(connection: ShownConnection): string {
  const document = new Document(
    {
      name: connection.name,
      localSystem: ordered(connection.document['localSystem']),
      integrationSystem: ordered(connection.document['integrationSystem']),
    },
    { aliasDuplicateObjects: false },
  )
  visit(document, {
    Pair(_key, pair, path) {
      const { key } = pair as Pair
      if (!isScalar(key)) return
      const name = String(key.value)
      const parent = path.findLast((node) => 'key' in node && isScalar(node.key))
      const above =
        parent !== undefined && 'key' in parent && isScalar(parent.key) ? String(parent.key.value) : ''
      if (above === '') key.commentBefore = commentOf(name, connection)
      else if (above === 'settings' && MEANING[name] !== undefined) key.commentBefore = ` ${MEANING[name]}`
    },
  })
  return `${HEAD}\n${document.toString({ lineWidth: 0, singleQuote: true })}`
}

function commentOf(name: string, { integrationSystem, localSystem }: ShownConnection): string {
  switch (name) {
    case 'localSystem':
      return describe('The system that mappings call local', localSystem)
    case 'integrationSystem':
      return describe('The system of the integration tables', integrationSystem)
    default:
      return ' Unique among the connections.'
  }
}

function describe(what: string, { caption, secrets }: ShownSystem): string {
  const stored = secrets.filter(({ kind }) => kind === 'STORED').map(({ member }) => member)
  const kept = stored.length === 0 ? '' : ` Stored, not shown: ${stored.join(', ')}.`
  return ` ${what}: ${caption}.${kept}`
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const rank = (name: string): number => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1)
  const entries = Object.entries(value)
  if ('kind' in value && 'settings' in value) return { kind: value.kind, settings: ordered(value.settings) }
  return Object.fromEntries(
    entries
      .toSorted(([one], [other]) => rank(one) - rank(other) || one.localeCompare(other, 'en'))
      .map(([name, inner]) => [name, ordered(inner)]),
  )
}
