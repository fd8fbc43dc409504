import { writeFileSync } from 'node:fs'
import { buildApiSchema, printApiSchema } from './schema.js'

/** Writes the GraphQL schema to the file named as argument, else to `schema.graphql` in the working directory. */
const file = process.argv[2] ?? 'schema.graphql'
writeFileSync(file, printApiSchema(buildApiSchema()))
process.stdout.write(`Wrote ${file}.\n`)
