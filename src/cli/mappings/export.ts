import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../../config.js'
import { findApi } from '../api-client.js'
import { fileNameOf } from '../file-name.js'
import { printLine } from '../output.js'
import { fetchMappings } from './mappings-api.js'
import { writeMappingFile } from './write-mapping-file.js'

export interface ExportOptions {
  readonly connection: string | null
  /** Empty: all. */
  readonly mappings: readonly string[]
  /** A `.yaml` file for all of them, or a folder for a file each; null: the output. */
  readonly output: string | null
}

/** Writes mappings as YAML. @throws ExpectedError, UsageError */
export async function runExport(config: Config, options: ExportOptions): Promise<void> {
  const found = await fetchMappings(await findApi(config), options.connection, options.mappings)
  const texts = found.map((mapping) => writeMappingFile(mapping.document))
  const { output } = options
  if (output === null) {
    process.stdout.write(texts.join('---\n'))
  } else if (/\.ya?ml$/i.test(output)) {
    await mkdir(dirname(output), { recursive: true })
    await writeFile(output, texts.join('---\n'))
    printLine(`Wrote ${found.map((mapping) => mapping.name).join(', ')} to ${output}.`)
  } else {
    await mkdir(output, { recursive: true })
    for (const [index, mapping] of found.entries()) {
      const file = join(output, fileNameOf(mapping.name))
      await writeFile(file, texts[index] ?? '')
      printLine(`Wrote ${file}.`)
    }
  }
}
