// Builds the console: first the types of its GraphQL operations, from schema.graphql, then its pages into dist/console.
// `--types` makes the types alone, which the type check needs.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesBelow, readText, root, writeText } from './lib.mjs'

const SCHEMA = 'schema.graphql'
const STAMP = 'dist/.console-types-made'

/** How values of scalars come over JSON. */
const SCALARS = {
  ID: 'string',
  DateTime: 'string',
  JSON: 'unknown',
  JSONObject: 'Readonly<Record<string, unknown>>',
  FieldValue: 'unknown',
}

/** Every folder with operations gets a folder `generated` beside them: what a page asks for is loaded with the page alone. */
async function makeTypes() {
  const operations = filesBelow('console/src').filter((path) => path.endsWith('.graphql'))
  const folders = [...new Set(operations.map((path) => dirname(path)))]
  const stamp = createHash('sha256')
  for (const path of [SCHEMA, ...operations, 'scripts/console.mjs']) {
    stamp.update(`${path}\0`).update(readFileSync(join(root, path)))
  }
  const digest = stamp.digest('hex')
  const made = folders.every((folder) => existsSync(join(root, folder, 'generated', 'graphql.ts')))
  if (made && readText(STAMP) === digest) return
  const { generate } = await import('@graphql-codegen/cli')
  const output = (folder) => [
    `${folder}/generated/`,
    {
      preset: 'client',
      documents: [`${folder}/*.graphql`],
      presetConfig: { fragmentMasking: false },
      config: {
        scalars: SCALARS,
        defaultScalarType: 'unknown',
        strictScalars: true,
        useTypeImports: true,
        immutableTypes: true,
        skipTypename: false,
        enumType: 'string-literal',
      },
    },
  ]
  await generate(
    {
      cwd: root,
      schema: SCHEMA,
      silent: true,
      errorsOnly: true,
      generates: Object.fromEntries(folders.map(output)),
    },
    true,
  )
  writeText(STAMP, digest)
}

async function makePages() {
  const { build } = await import('vite')
  await build({ configFile: join(root, 'console', 'vite.config.ts'), logLevel: 'warn' })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await makeTypes()
  if (!process.argv.includes('--types')) await makePages()
}
