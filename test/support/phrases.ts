import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'

const ROOT = join(import.meta.dirname, '..', '..')
/** What stands in a phrase for something that is not known before: `{0}`, `{1}`. */
const HOLE = '\uE000'
/** Members whose text is for readers of the schema, of documents or of code, and never reaches a page. */
const NOT_SHOWN = new Set(['seenAs', 'link', 'deprecationReason', 'example', 'examples'])
/** Described in the schema, but shown in the editor of mappings too. */
const DESCRIPTIONS_SHOWN = 'src/domain/transformation/'
const LOGGED = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
/** Errors that are faults of ours: told in the log. */
const FAULTS = /^(?:Error|TypeError|RangeError|AssertionError|ConfigError)$/
/** Who reads these sits before a terminal or an HTTP client, never before a page of the console. */
const ELSEWHERE = [
  'src/api/graphiql/',
  'src/api/guard/',
  'src/api/export/',
  'src/api/live/',
  'src/api/idempotency/',
  'src/api/paging/',
  'src/api/enums.ts',
  'src/api/server.ts',
  'src/api/schema.ts',
  'src/api/descriptions.ts',
  'src/api/without-values.ts',
  'src/api/sign-in/routes.ts',
  'src/api/sign-in/pages.ts',
  'src/api/console/',
  'src/api/field-value.ts',
  'src/api/limits.ts',
  'src/api/identifiers.ts',
  'src/domain/catalog/business-central/',
  'src/domain/catalog/dataverse/',
  'src/domain/catalog/default-mappings/',
]
const ROOMS = ['domain', 'connectors', 'activities', 'workflows', 'secrets', 'alerts', 'api', 'temporal']
const ALONE = [
  'src/persistence/alert-conditions.ts',
  'src/persistence/alerts.ts',
  'src/persistence/demo.ts',
  'src/connector-source.ts',
  'src/settings.ts',
]

/** SQL, queries of OData, operations of GraphQL, headers, lists of names. */
const NO_WORDS = new RegExp(
  [
    String.raw`^\s*(?:select|from|where|and|or|left join|listen|fetch|set (?:local|time)|; set|begin; set|(?:release |rollback to )?savepoint)\b`,
    String.raw`::|\n| (?:eq|ne) |left join| is null$| is not true|^\(not`,
    String.raw`^(?:mutation|query) |charset=|boundary=|-src |^Bearer |^Content-`,
    String.raw`^(?:accounts companyInformation|yyyy yy|openid|is(?:disabled|licensed)) `,
  ].join('|'),
)

interface Node {
  readonly type: string
  readonly [member: string]: unknown
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** Every phrase that Accord says to people, as code spells it, with the file that does. */
export function phrasesOfSource(): ReadonlyMap<string, string> {
  const phrases = new Map<string, string>()
  const schema = readFileSync(join(ROOT, 'schema.graphql'), 'utf8').replaceAll(/\s+/g, ' ')
  const files = [...ROOMS.flatMap((room) => globSync(`src/${room}/**/*.ts`, { cwd: ROOT })), ...ALONE]
  for (const file of files.map((one) => one.replaceAll('\\', '/')).toSorted()) {
    if (ELSEWHERE.some((place) => file.startsWith(place)) || file.endsWith('descriptions.ts')) continue
    const { program } = parseSync(file, readFileSync(join(ROOT, file), 'utf8'))
    visit(program, file, (phrase) => {
      const isDescription =
        /\.(?:type|input|resolver)\.ts$|seen-version\.ts$/.test(file) && schema.includes(phrase)
      if (!isDescription && !phrases.has(phrase)) phrases.set(phrase, file)
    })
  }
  return phrases
}

function visit(value: unknown, file: string, tell: (phrase: string) => void): void {
  if (Array.isArray(value)) {
    for (const one of value) visit(one, file, tell)
    return
  }
  if (!isNode(value) || isSilent(value, file)) return
  if (value.type === 'Literal' || value.type === 'TemplateLiteral' || isJoined(value)) {
    for (const variant of variantsOf(value)) if (isPhrase(variant)) tell(numbered(variant))
    for (const hole of holesOf(value)) visit(hole, file, tell)
    return
  }
  for (const [member, child] of Object.entries(value)) if (member !== 'type') visit(child, file, tell)
}

/** Whether nothing in it is said to people. */
function isSilent(node: Node, file: string): boolean {
  if (/^(?:Decorator|Import.*|Export(?:All).*|TS(?:Type|Literal|Interface|Union).*)$/.test(node.type))
    return true
  if (node.type === 'TaggedTemplateExpression') return true
  if (node.type === 'NewExpression') return FAULTS.test(nameOf(node['callee']))
  if (node.type === 'CallExpression') {
    const called = isNode(node['callee']) ? node['callee'] : null
    return (
      /^(?:registerEnumType|graphqlEnum|described\w*)$/.test(nameOf(called)) ||
      (called?.type === 'MemberExpression' && LOGGED.has(nameOf(called['property'])))
    )
  }
  if (node.type !== 'Property') return false
  const key = nameOf(node['key'])
  return (
    NOT_SHOWN.has(key) ||
    (key === 'description' && !file.startsWith(DESCRIPTIONS_SHOWN)) ||
    (key === 'valuesConfig' && file.startsWith('src/api/'))
  )
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  const { name, value } = node
  return typeof name === 'string' ? name : typeof value === 'string' ? value : ''
}

function isJoined(node: Node): boolean {
  return node.type === 'BinaryExpression' && node['operator'] === '+'
}

/** All that an expression may come to, with holes for what is not known. */
function variantsOf(node: unknown): readonly string[] {
  if (!isNode(node)) return [HOLE]
  const { type } = node
  if (type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : [HOLE]
  if (type === 'TemplateLiteral') {
    const [quasis, expressions] = [list(node['quasis']), list(node['expressions'])]
    return quasis.reduce<readonly string[]>(
      (all, quasi, index) => {
        const text = String((quasi['value'] as { readonly cooked: string }).cooked)
        const next = expressions[index]
        return all.flatMap((before) =>
          (next === undefined ? [''] : variantsOf(next)).map((hole) => before + text + hole),
        )
      },
      [''],
    )
  }
  if (type === 'ConditionalExpression')
    return [...variantsOf(node['consequent']), ...variantsOf(node['alternate'])]
  if (type === 'LogicalExpression') return [HOLE, ...variantsOf(node['right']).filter((text) => text !== '')]
  if (isJoined(node))
    return variantsOf(node['left']).flatMap((left) => variantsOf(node['right']).map((right) => left + right))
  if (/^(?:TSAs|TSSatisfies|TSNonNull|Parenthesized)Expression$/.test(type))
    return variantsOf(node['expression'])
  return [HOLE]
}

/** What is worked out within a text, where more may be said. */
function holesOf(node: Node): readonly Node[] {
  if (node.type === 'TemplateLiteral') return list(node['expressions']).flatMap(insideOf)
  return isJoined(node) ? [node['left'], node['right']].filter(isNode).flatMap(insideOf) : []
}

function insideOf(node: Node): readonly Node[] {
  if (node.type === 'Literal') return []
  if (node.type === 'TemplateLiteral' || isJoined(node)) return holesOf(node)
  if (node.type === 'ConditionalExpression')
    return [node['consequent'], node['alternate']].filter(isNode).flatMap(insideOf)
  return [node]
}

function list(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** Words with a blank between them; neither SQL nor code. */
function isPhrase(text: string): boolean {
  return /\p{L}{2,}[^\uE000]* (?:.* )?[^ ]*\p{Ll}{2,}/su.test(text) && !NO_WORDS.test(text)
}

function numbered(text: string): string {
  let count = 0
  return text.replaceAll(new RegExp(`${HOLE}+`, 'g'), () => `{${count++}}`)
}
