import { Command, InvalidArgumentError, Option } from 'commander'
import { loadConfig, type Config } from '../config.js'
import { Direction, type PassDirection } from '../domain/mapping.js'
import { RunMode } from '../domain/run.js'
import { SETTINGS } from '../settings.js'
import { addCheckCommand } from './check.js'
import { addConnectionsCommands } from './connections/commands.js'
import { addCouplingCommands } from './couplings.js'
import { addMappingsCommands } from './mappings/commands.js'
import { formatTable } from './output.js'
import { addReconcileCommand } from './reconcile.js'
import { addPeopleCommands } from './people/commands.js'
import { addSecretsCommands } from './secrets.js'
import type { SandboxWords } from './sandbox-alone.js'
import { readVersion } from './version.js'

interface SyncWords {
  readonly mode: string
  readonly direction?: string
  readonly connection?: string
  readonly wait?: true
  readonly json?: true
}

/** The words of RunMode and Direction as people type them: `modified`, `to-integration-table`. */
const typed = (value: string): string => value.toLowerCase().replaceAll('_', '-')
const meant = <T extends string>(word: string): T => word.toUpperCase().replaceAll('-', '_') as T

/** Every command; each loads what it needs when it runs, so that help and errors come at once. */
export function buildProgram(readConfig: () => Config = loadConfig): Command {
  const program = new Command('accord')
    .description(
      'Keeps the records of Dynamics 365 Business Central and Dynamics 365 Sales in agreement, and explains what it did.',
    )
    .version(readVersion())
    .helpCommand(true)
    .showHelpAfterError('(accord --help, or accord COMMAND --help, shows what there is)')
    .exitOverride()
    .addHelpText('after', describeSurroundings())

  program
    .command('up')
    .description('start everything on this machine and keep it running until Ctrl-C (= npm start)')
    .addHelpText(
      'after',
      `
Starts PostgreSQL (unless ACCORD_DATABASE_URL names one), Temporal (unless TEMPORAL_ADDRESS names one), both
sandboxes (unless ACCORD_DEMO is off), a worker and the API. The data stays in the data folder; the next start
goes on with it.`,
    )
    .action(async () => {
      const { runUp } = await import('./up.js')
      await runUp(readConfig())
    })

  program
    .command('serve')
    .description('run the GraphQL API alone')
    .action(async () => {
      const { runServe } = await import('./services.js')
      await runServe(readConfig())
    })

  program
    .command('worker')
    .description('run one worker alone; any number may run, on any machine')
    .action(async () => {
      const { runWorkerProcess } = await import('./services.js')
      await runWorkerProcess(readConfig())
    })

  program
    .command('sandbox')
    .description('run both sandboxes alone, to try a client of your own on them, until Ctrl-C')
    .option('--limits', 'enforce the documented limits of both services')
    .option(
      '--switch <switch>',
      `set a switch of theirs: 'dataverse permissions {"roles":[]}'; may be repeated`,
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      '--user <name:password>',
      'an account that may sign in with a password; may be repeated',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option('--json', 'write addresses and credentials as one line of JSON')
    .addHelpText(
      'after',
      `
Starts PostgreSQL (unless ACCORD_DATABASE_URL names one) and the sandboxes with data of their own in the folder sandbox of the
data folder, and prints addresses, credentials and the first calls. sandbox/README.md tells what they answer and how to make
them fail.`,
    )
    .action(async (words: SandboxWords) => {
      const { runSandboxAlone } = await import('./sandbox-alone.js')
      await runSandboxAlone(readConfig(), words)
    })

  program
    .command('sync')
    .description('synchronize a mapping now')
    .argument('<mapping>', 'name of the mapping: CUSTOMER')
    .option('--wait', 'wait for the end of the run; fails when the run fails')
    .addOption(
      new Option('--mode <mode>', 'how much to look at')
        .choices(Object.values(RunMode).map(typed))
        .default(typed(RunMode.modified)),
    )
    .addOption(
      new Option('--direction <direction>', 'one pass alone; without it, all of the mapping').choices(
        [Direction.toIntegrationTable, Direction.fromIntegrationTable].map(typed),
      ),
    )
    .option('--connection <name>', 'needed once several connections have a mapping of that name')
    .option('--json', 'write the run as JSON')
    .action(async (mapping: string, words: SyncWords) => {
      const { runSync } = await import('./sync.js')
      await runSync(readConfig(), mapping, {
        mode: meant<RunMode>(words.mode),
        direction: words.direction === undefined ? null : meant<PassDirection>(words.direction),
        connection: words.connection ?? null,
        wait: words.wait === true,
        json: words.json === true,
      })
    })

  program
    .command('plan')
    .description('list exactly what a run of a mapping would do, without writing anything')
    .argument('<mapping>', 'name of the mapping: CUSTOMER')
    .addOption(
      new Option('--mode <mode>', 'how much to look at; couple: the preview of match-based coupling')
        .choices(Object.values(RunMode).map(typed))
        .default(typed(RunMode.modified)),
    )
    .addOption(
      new Option('--direction <direction>', 'one pass alone; without it, all of the mapping').choices(
        [Direction.toIntegrationTable, Direction.fromIntegrationTable].map(typed),
      ),
    )
    .option('--include-uncoupled', 'as a full synchronisation: records without a partner are created')
    .option('--connection <name>', 'needed once several connections have a mapping of that name')
    .option('--json', 'write the plan as JSON')
    .action(async (mapping: string, words: SyncWords & { readonly includeUncoupled?: true }) => {
      const { runPlan } = await import('./plan.js')
      await runPlan(readConfig(), mapping, {
        mode: meant<RunMode>(words.mode),
        direction: words.direction === undefined ? null : meant<PassDirection>(words.direction),
        connection: words.connection ?? null,
        includeUncoupled: words.includeUncoupled === true,
        json: words.json === true,
      })
    })

  program
    .command('apply')
    .description('carry out a plan as it was made; what has changed since is left alone')
    .argument('<plan>', 'id of the plan')
    .requiredOption('--hash <hash>', 'hash of the plan, as "accord plan" printed it')
    .option('--json', 'write the run as JSON')
    .action(async (plan: string, words: { readonly hash: string; readonly json?: true }) => {
      const { runApply } = await import('./plan.js')
      await runApply(readConfig(), plan, { hash: words.hash, json: words.json === true })
    })

  program
    .command('status')
    .description('show addresses, mappings with their last jobs, open errors and skipped records')
    .option('--json', 'write JSON, with the token of the API and the credentials of the sandboxes')
    .action(async (words: { readonly json?: true }) => {
      const { runStatus } = await import('./status.js')
      await runStatus(readConfig(), { json: words.json === true })
    })

  addConnectionsCommands(program, readConfig)
  addSecretsCommands(program, readConfig)
  addPeopleCommands(program, readConfig)
  addMappingsCommands(program, readConfig)

  program
    .command('rehearse')
    .description(
      'run the latest recorded changes through mappings of files, beside those in force, and show what would differ',
    )
    .argument('<files...>', 'YAML files of mappings, as "accord mappings export" writes them')
    .option('--last <number>', 'so many recorded changes of each mapping', wholeNumber, 1000)
    .option('--connection <name>', 'needed once several connections have a mapping of that name')
    .option('--json', 'write JSON')
    .action(
      async (
        files: readonly string[],
        words: { readonly last: number; readonly connection?: string; readonly json?: true },
      ) => {
        const { runRehearse } = await import('./rehearse.js')
        await runRehearse(readConfig(), files, {
          last: words.last,
          connection: words.connection ?? null,
          json: words.json === true,
        })
      },
    )
  addCouplingCommands(program, readConfig)
  addReconcileCommand(program, readConfig)
  addCheckCommand(program, readConfig)

  program
    .command('backup')
    .description('write all state of Accord to one file, which any later PostgreSQL can take back')
    .argument('<file>', 'the file to write; it must not exist yet')
    .action(async (file: string) => {
      const { runBackup } = await import('./backup.js')
      await runBackup(readConfig(), file)
    })

  program
    .command('restore')
    .description('put the state of a backup into the database, in one step or not at all')
    .argument('<file>', 'a file that "accord backup" wrote')
    .option('--force', 'replace the state that is there')
    .action(async (file: string, words: { readonly force?: true }) => {
      const { runRestore } = await import('./restore.js')
      await runRestore(readConfig(), file, { force: words.force === true })
    })

  program
    .command('reset')
    .description('delete everything in the data folder: the databases, the history, the token')
    .option('--yes', 'do not ask')
    .action(async (words: { readonly yes?: true }) => {
      const { runReset } = await import('./reset.js')
      await runReset(readConfig(), { yes: words.yes === true })
    })

  return program
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

function describeSurroundings(): string {
  const rows = Object.values(SETTINGS).map(({ variable, purpose }) => [variable, purpose])
  return [
    '',
    'Exit codes: 0 good; 1 failed, as where a name is not known; 2 wrong usage or wrong settings: nothing was done.',
    '',
    'Settings, by environment variables:',
    ...formatTable(rows).map((line) => `  ${line}`),
  ].join('\n')
}
