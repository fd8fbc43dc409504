import type { Command } from 'commander'
import type { Config } from '../../config.js'

const CONNECTION = ['--connection <name>', 'needed once there are several connections'] as const

interface Words {
  readonly connection?: string
  readonly mapping?: readonly string[]
  readonly output?: string
  readonly author?: string
  readonly note?: string
  readonly dryRun?: true
}

/** `accord mappings export | diff | apply`: mappings as files, for git and for continuous integration. */
export function addMappingsCommands(program: Command, readConfig: () => Config): void {
  const mappings = program.command('mappings').description('mappings as YAML files: export, diff, apply')

  mappings
    .command('export')
    .description('write mappings as commented YAML, to the screen unless -o names a place')
    .option(...CONNECTION)
    .option('--mapping <name...>', 'these alone; without it, all of the connection')
    .option('-o, --output <place>', 'a folder, for a file each, or one file that ends in .yaml')
    .action(async (words: Words) => {
      const { runExport } = await import('./export.js')
      await runExport(readConfig(), {
        connection: words.connection ?? null,
        mappings: words.mapping ?? [],
        output: words.output ?? null,
      })
    })

  mappings
    .command('diff')
    .description(
      'show what applying files would change; ends with 0 when nothing, 1 when something, 2 when that cannot be told',
    )
    .argument('<files...>', 'YAML files of mappings')
    .option(...CONNECTION)
    .action(async (files: readonly string[], words: Words) => {
      const { runDiff } = await import('./diff.js')
      await runDiff(readConfig(), files, { connection: words.connection ?? null })
    })

  mappings
    .command('apply')
    .description('make the mappings what the files say, all of them or none; mappings without a file stay')
    .argument('<files...>', 'YAML files of mappings')
    .option(...CONNECTION)
    .option('--author <name>', 'whom the new versions name; without it, the user of this machine')
    .option('--note <text>', 'why, as the new versions tell it')
    .option('--dry-run', 'tell what would be done, and do nothing')
    .action(async (files: readonly string[], words: Words) => {
      const { runApply } = await import('./apply.js')
      await runApply(readConfig(), files, {
        connection: words.connection ?? null,
        author: words.author ?? null,
        note: words.note ?? null,
        dryRun: words.dryRun === true,
      })
    })
}
