/** A change of a mapping as the API tells it: `direction: BIDIRECTIONAL -> TO_INTEGRATION_TABLE`. */
export interface ToldChange {
  /** `direction`, `fields[displayName:name].owner`. */
  readonly path: string
  readonly text: string
}

/** The text of a key of this page's texts; null: there is none. */
export type Say = (key: string) => string | null

/** Where the words of a field mapping's settings stand. */
const OF_FIELD: Readonly<Record<string, string>> = {
  direction: 'directionLabel',
  status: 'fields.statusColumn',
  owner: 'fields.owner',
  constant: 'fields.constant',
  lookupMappings: 'editor.lookups',
  transformTo: 'editor.rulesTo',
  transformFrom: 'editor.rulesFrom',
  clearValueOnFailedSync: 'fields.clearValueOnFailedSync',
  notNull: 'fields.notNull',
  truncate: 'fields.truncate',
  localCurrencyAmount: 'fields.localCurrencyAmount',
}
/** Where the words of codes stand, by setting; of the others below the setting's own name. */
const CODES: Readonly<Record<string, string>> = { status: 'fields.status', owner: 'side' }
const CODE = /^[A-Z][A-Z_]*$/
const PLAIN: Readonly<Record<string, string>> = { true: 'yes', false: 'no', none: 'changeNone' }

/** A change in the words of the pages that make it; what has no words stays as the API tells it. */
export function changeWords({ path, text }: ToldChange, say: Say): string {
  if (!text.startsWith(`${path}: `)) return text
  const rest = text.slice(path.length + 2)
  const [, pair, member] = /^fields\[(.*)\](?:\.(\w+))?$/.exec(path) ?? []
  const setting = member ?? path
  const label = pair === undefined ? labelOf(path, say) : labelOfField(pair, member, say)
  const [before, after, ...more] = rest.split(' -> ')
  if (before === undefined || after === undefined || more.length > 0) return `${label}: ${rest}`
  const was = valueWords(setting, before, say)
  return `${label}: ${valueWords(setting, after, say)} (${say('changeWas') ?? 'was'} ${was})`
}

/** `Review of deletions, percent`. */
function labelOf(path: string, say: Say): string {
  const [first = path, ...inner] = path.split('.')
  return [say(`setting.${first}`) ?? first, ...inner].join(', ')
}

function labelOfField(pair: string, member: string | undefined, say: Say): string {
  const fields = pair.split(':').join(' – ')
  if (member === undefined) return fields
  return `${fields}, ${say(OF_FIELD[member] ?? '') ?? member}`
}

function valueWords(setting: string, value: string, say: Say): string {
  const plain = PLAIN[value]
  if (plain !== undefined) return say(plain) ?? value
  if (CODE.test(value)) return say(`${CODES[setting] ?? setting}.${value}`) ?? value
  return setting.startsWith('transform') ? rulesWords(value) : value
}

/** `Substring (start 1, length 3), Uppercase`, of the rules as JSON. */
function rulesWords(json: string): string {
  try {
    const rules: unknown = JSON.parse(json)
    return Array.isArray(rules) ? rules.map(ruleWords).join(', ') : json
  } catch {
    // Not JSON: a later version of the API tells it otherwise.
    return json
  }
}

function ruleWords(rule: unknown): string {
  if (typeof rule !== 'object' || rule === null || !('type' in rule)) return JSON.stringify(rule)
  const { type, ...settings } = rule
  const name = String(type).toLowerCase().replaceAll('_', ' ')
  const told = Object.entries(settings)
    .filter(([, value]) => value !== null && value !== false)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${told.length === 0 ? '' : ` (${told.join(', ')})`}`
}
