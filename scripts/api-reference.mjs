// Writes the generated part of docs/api.md from schema.graphql; the part before the mark is kept. With --check: fails if they differ.
import { readFileSync, writeFileSync } from 'node:fs'
import {
  astFromValue,
  buildSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isUnionType,
  print,
} from 'graphql/index.js'
import * as prettier from 'prettier'

const FILE = new URL('../docs/api.md', import.meta.url)
const MARK = '<!-- From here on written by `npm run docs:api`. -->'

const schema = buildSchema(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'))
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
const types = Object.values(schema.getTypeMap())
  .filter((type) => !isIntrospectionType(type) && !roots.includes(type))
  .toSorted((one, other) => (one.name < other.name ? -1 : 1))

const said = (description) => (description ? description.replaceAll(/\s+/g, ' ').trim() : '')
/** Text that Markdown takes as it is. */
const plain = (description) => said(description).replaceAll(/([<>*_[\]|\\])/g, '\\$1')
const withText = (head, description) => (said(description) === '' ? head : `${head}: ${plain(description)}`)
const item = ({ name, type, description, defaultValue }) => {
  const byDefault =
    defaultValue === undefined ? '' : `, by default \`${print(astFromValue(defaultValue, type))}\``
  return withText(`- \`${name}\` \`${type}\`${byDefault}`, description)
}

function operations(title, root) {
  return [`## ${title}`, ...Object.values(root.getFields()).flatMap(operation)]
}

function operation({ name, args, type, description }) {
  return [`### ${name}`, `Answers \`${type}\`. ${plain(description)}`, args.map(item).join('\n')]
}

function section(title, isOfKind, body) {
  return [
    `## ${title}`,
    ...types.filter(isOfKind).flatMap((type) => [`### ${type.name}`, plain(type.description), body(type)]),
  ]
}

function field({ name, args, type, description }) {
  const given = args.length === 0 ? '' : `(${args.map((argument) => argument.name).join(', ')})`
  return withText(`- \`${name}${given}\` \`${type}\``, description)
}

const generated = [
  ...operations('Queries', roots[0]),
  ...operations('Mutations', roots[1]),
  ...operations('Subscriptions', roots[2]),
  ...section('Types', isObjectType, (type) => Object.values(type.getFields()).map(field).join('\n')),
  ...section('Unions', isUnionType, (type) => `One of ${type.getTypes().join(', ')}.`),
  ...section('Inputs', isInputObjectType, (type) => Object.values(type.getFields()).map(item).join('\n')),
  ...section('Enumerations', isEnumType, (type) =>
    type
      .getValues()
      .map(({ name, description }) => withText(`- \`${name}\``, description))
      .join('\n'),
  ),
  ...section('Scalars', isScalarType, () => ''),
]
const before = readFileSync(FILE, 'utf8')
const [kept] = before.split(MARK)
const options = await prettier.resolveConfig(FILE)
const after = await prettier.format([`${kept.trimEnd()}\n\n${MARK}`, ...generated].join('\n\n'), {
  ...options,
  parser: 'markdown',
})
if (process.argv.includes('--check')) {
  if (before !== after) {
    process.stderr.write('docs/api.md is not what schema.graphql says: npm run docs:api\n')
    process.exitCode = 1
  }
} else {
  writeFileSync(FILE, after)
  process.stdout.write('Wrote docs/api.md.\n')
}
