import { isDeepStrictEqual } from 'node:util'
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  Scalar,
  visit as visitNodes,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml'
import { describeFilterDocument } from '../../api/mapping/document/diff-documents.js'
import type { FilterDocument } from '../../api/mapping/document/filter-document.js'
import { DOCUMENT_DEFAULTS, type MappingDocument } from '../../api/mapping/document/mapping-document.js'
import * as FIELD from '../../api/mapping/field-mapping.descriptions.js'
import { SETTING } from '../../api/mapping/mapping.descriptions.js'
import {
  ConflictDetection,
  DeletionConflictPolicy,
  Direction,
  UpdateConflictPolicy,
} from '../../domain/mapping.js'

type Settings = Readonly<Record<string, unknown>>

/** Settings of a field mapping that need not be written. */
const FIELD_DEFAULTS: Settings = {
  localField: null,
  integrationField: null,
  constant: null,
  status: 'ENABLED',
  lookupMappings: [],
  clearValueOnFailedSync: false,
  notNull: false,
  transformTo: [],
  transformFrom: [],
  optionMap: null,
  owner: null,
  truncate: false,
  timeZone: null,
  localCurrencyAmount: null,
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  direction: Object.values(Direction),
  conflictDetection: Object.values(ConflictDetection),
  updateConflictPolicy: Object.values(UpdateConflictPolicy),
  deletionConflictPolicy: Object.values(DeletionConflictPolicy),
}

/** Settings that belong to the line above them. */
const TOGETHER: ReadonlySet<string> = new Set(['localTable', 'integrationTable'])

const WIDTH = 110
const STRINGIFY = { lineWidth: 0, singleQuote: true, indentSeq: true } as const

/**
 * A mapping as a YAML file: each setting with what it means, in one order; a setting at its default is a comment. Reading the
 * text gives the document again, with the defaults left out.
 */
export function writeMappingFile(document: MappingDocument): string {
  const settings: Settings = { ...document }
  const parts = Object.entries(settings).map(([name, value]) => {
    const comment = TOGETHER.has(name) ? [] : ['', ...commentOf(name, value)]
    return [...comment, ...writeSetting(name, value)].join('\n')
  })
  return `${HEAD}${parts.join('\n')}\n`
}

const HEAD = `# An integration table mapping of Accord. "accord mappings apply" makes the mapping what this file says; what is left out or
# commented out has the default that is shown.
`

function writeSetting(name: string, value: unknown): string[] {
  const byDefault: unknown = (DOCUMENT_DEFAULTS as Settings)[name]
  const lines = toYaml({ [name]: name === 'fields' ? (value as Settings[]).map(trimmed) : slim(name, value) })
  return byDefault !== undefined && isDeepStrictEqual(value, byDefault)
    ? lines.map((line) => `# ${line}`)
    : lines
}

/** Parts of a setting that are at their defaults are left out. */
function slim(name: string, value: unknown): unknown {
  if (name === 'matchRules') {
    return (value as Settings[]).map((rule) => without(rule, { caseSensitive: false }))
  }
  if (name === 'templates' && !isDeepStrictEqual(value, DOCUMENT_DEFAULTS.templates)) {
    return Object.fromEntries(
      Object.entries(value as Readonly<Record<string, Settings[]>>)
        .filter(([, templates]) => templates.length > 0)
        .map(([side, templates]) => [side, templates.map((template) => without(template, { filter: null }))]),
    )
  }
  return value
}

function trimmed(field: Settings): Settings {
  const isConstant = field['localField'] === null || field['integrationField'] === null
  // A constant may be blank, which is not the same as having none.
  return without(field, isConstant ? { ...FIELD_DEFAULTS, constant: undefined } : FIELD_DEFAULTS)
}

function without(settings: Settings, defaults: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !(name in defaults && isDeepStrictEqual(value, defaults[name])),
    ),
  )
}

function commentOf(name: string, value: unknown): string[] {
  const text = (SETTING as Readonly<Record<string, string>>)[name]
  const choices = CHOICES[name]
  const words =
    name.endsWith('Filter') && value !== null ? describeFilterDocument(value as FilterDocument) : null
  return [
    ...(text === undefined ? [] : wrap(text)),
    ...(choices === undefined ? [] : wrap(`One of ${choices.join(', ')}.`)),
    ...(words === null ? [] : wrap(`Here: ${words}`)),
    ...(name === 'fields' ? FIELD_COMMENT : []),
  ]
}

/** What may be said of a field mapping, with its default. */
const FIELD_COMMENT = Object.entries({
  constant: `${FIELD.CONSTANT} Default null.`,
  status: 'ENABLED, or DISABLED: kept, and neither read nor carried. Default ENABLED.',
  lookupMappings: `${FIELD.LOOKUP_MAPPINGS} Default none.`,
  clearValueOnFailedSync: `${FIELD.CLEAR_VALUE} Default false.`,
  notNull: `${FIELD.NOT_NULL} Default false.`,
  transformTo: `${FIELD.TRANSFORM_TO} Default none.`,
  transformFrom: `${FIELD.TRANSFORM_FROM} Default none.`,
  optionMap: `${FIELD.OPTION_MAP} Pairs of local and integration. Default null: no translation.`,
  owner: `${FIELD.OWNER} LOCAL, INTEGRATION or null. Default null.`,
  truncate: `${FIELD.TRUNCATE} Default false.`,
  timeZone: `${FIELD.TIME_ZONE_OF_FIELD} Default null.`,
  localCurrencyAmount: `${FIELD.LOCAL_CURRENCY} Names the lookup: { currencyField: currencyId }. Default null.`,
}).flatMap(([name, text]) => wrap(`- ${name}: ${text}`))

/** As comment lines. A line break in the text must not end the comment. */
function wrap(text: string): string[] {
  const lines: string[] = []
  let line = '#'
  for (const word of text.split(/\s+/)) {
    if (line.length > 1 && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = '#'
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

function toYaml(value: Settings): string[] {
  const document = new Document(value)
  quote(document)
  compact(document.contents)
  return document.toString(STRINGIFY).trimEnd().split('\n')
}

/** Text with anything but visible characters and single blanks is quoted with escapes: YAML folds and trims it otherwise. */
function quote(document: Document): void {
  visitNodes(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === 'string' && !/^(?:[\p{L}\p{N}\p{P}\p{S}]| (?! ))*$/u.test(scalar.value)) {
        scalar.type = Scalar.QUOTE_DOUBLE
      }
    },
  })
}

/** Whatever is a map or list of a few plain values goes on one line, below the first level. */
function compact(root: Node | null): void {
  if (!isMap(root)) return
  for (const pair of root.items as Pair<unknown, Node>[]) {
    const value = pair.value ?? null
    if (isSeq(value) && isScalar(pair.key) && pair.key.value === 'fields') {
      // Each field mapping alike, whether long or short.
      for (const item of value.items as YAMLMap<unknown, Node>[])
        item.items.forEach((part) => flatten(part.value))
    } else flatten(value)
  }
}

function flatten(node: Node | null): void {
  if (isMap(node)) {
    for (const pair of (node as YAMLMap<unknown, Node>).items) flatten(pair.value)
    if (isShort(node)) node.flow = true
  } else if (isSeq(node)) {
    for (const item of node.items as Node[]) flatten(item)
    if (node.items.every((item) => isScalar(item)) && isShort(node)) node.flow = true
  }
}

/** Without line breaks, and no longer than a line. */
function isShort(node: Node): boolean {
  const inner = isMap(node) ? node.items.map((pair) => pair.value) : isSeq(node) ? node.items : []
  if (!inner.every((item) => isScalar(item) || ((isMap(item) || isSeq(item)) && item.flow === true)))
    return false
  const text = JSON.stringify(node)
  return text.length <= WIDTH - 30 && !text.includes('\\n')
}
