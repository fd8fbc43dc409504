import type { Command } from 'commander'
import type { Config } from '../config.js'
import { isFinished } from '../domain/run.js'
import { counted } from '../domain/text.js'
import { callApi, findApi } from './api-client.js'
import { ExpectedError, UsageError } from './exit-codes.js'
import { formatTable, printLine, printTrouble } from './output.js'
import { waitForRun, type RunRow } from './runs.js'
import { describeEnd } from './sync.js'
import { CAPTIONED_MAPPING } from './system-names.js'

const CONNECTION = [
  '--connection <name>',
  'needed once several connections have a mapping of that name',
] as const

interface CoupleWords {
  readonly createNew?: true
  readonly synchronize?: true
  readonly connection?: string
  readonly json?: true
}

interface UncoupleWords {
  readonly yes?: true
  readonly connection?: string
  readonly json?: true
}

/** `accord couple`, `accord uncouple`: couplings of a whole mapping. */
export function addCouplingCommands(program: Command, readConfig: () => Config): void {
  program
    .command('couple')
    .description('match-based coupling of a mapping; "accord plan MAPPING --mode couple" shows it before')
    .argument('<mapping>', 'name of the mapping: CUSTOMER')
    .option('--create-new', 'create a partner for what matches nothing; without it, as the mapping says')
    .option('--synchronize', 'synchronize what was coupled at once; without it, as the mapping says')
    .option(...CONNECTION)
    .option('--json', 'write the run as JSON')
    .action((mapping: string, words: CoupleWords) => couple(readConfig(), mapping, words))

  program
    .command('uncouple')
    .description('delete all couplings of a mapping; the records in both systems stay')
    .argument('<mapping>', 'name of the mapping: CUSTOMER')
    .option('--yes', 'do it; without it, only the number of couplings is told')
    .option(...CONNECTION)
    .option('--json', 'write what was done as JSON')
    .action((mapping: string, words: UncoupleWords) => uncouple(readConfig(), mapping, words))
}

interface CoupledRun extends RunRow {
  readonly jobs: readonly (RunRow['jobs'][number] & { readonly coupled: number })[]
}

/** @throws ExpectedError with what the API says, as without match rules, or when the run did not complete */
async function couple(config: Config, mapping: string, words: CoupleWords): Promise<void> {
  const api = await findApi(config)
  const { coupleByMatching } = await callApi<{ coupleByMatching: RunRow }>(
    api,
    `mutation Couple($mapping: String!, $createNew: Boolean, $synchronize: Boolean, $connection: String) {
      coupleByMatching(mapping: $mapping, createNew: $createNew, synchronizeAfterwards: $synchronize, connection: $connection) {
        id status message temporalUrl ${CAPTIONED_MAPPING} } }`,
    {
      mapping,
      createNew: words.createNew ?? null,
      synchronize: words.synchronize ?? null,
      connection: words.connection ?? null,
    },
  )
  if (!isFinished(coupleByMatching.status)) printTrouble(`Waiting for the run ${coupleByMatching.id}`)
  await waitForRun(api, coupleByMatching)
  const { synchRun: run } = await callApi<{ synchRun: CoupledRun }>(
    api,
    `query Run($id: ID!) { synchRun(id: $id) { id status message temporalUrl ${CAPTIONED_MAPPING}
      jobs { coupled inserted modified unchanged conflicts failed ignored } } }`,
    { id: coupleByMatching.id },
  )
  if (words.json === true) printLine(JSON.stringify(run, null, 2))
  else {
    printLine(`The run ${run.id} of ${mapping} is ${run.status.toLowerCase()}.`)
    for (const line of formatTable([
      ['Coupled', 'Inserted', 'Modified', 'Unchanged', 'Conflicts', 'Failed', 'Ignored'],
      ...run.jobs.map((job) =>
        [job.coupled, job.inserted, job.modified, job.unchanged, job.conflicts, job.failed, job.ignored].map(
          String,
        ),
      ),
    ]))
      printLine(`  ${line}`)
    if (run.message !== null && run.status === 'COMPLETED') printLine(run.message)
  }
  if (run.status !== 'COMPLETED') throw new ExpectedError(describeEnd(mapping, run))
}

/** @throws UsageError, saying how many couplings there are, without --yes */
async function uncouple(config: Config, mapping: string, words: UncoupleWords): Promise<void> {
  const api = await findApi(config)
  const connection = words.connection ?? null
  if (words.yes !== true) {
    const { couplings } = await callApi<{ couplings: { totalCount: number; totalCountIsExact: boolean } }>(
      api,
      'query Couplings($filter: CouplingFilter) { couplings(first: 0, filter: $filter) { totalCount totalCountIsExact } }',
      { filter: { mapping, connection } },
    )
    const atLeast = couplings.totalCountIsExact ? '' : 'more than '
    throw new UsageError(
      `${mapping} has ${atLeast}${counted(couplings.totalCount, 'coupling')}. --yes deletes ${couplings.totalCount === 1 ? 'it' : 'them'}, with those of records that belong to theirs; the records in both systems stay.`,
    )
  }
  const { deleteCouplings: done } = await callApi<{ deleteCouplings: { removed: number; busy: number } }>(
    api,
    `mutation Uncouple($mapping: String, $connection: String) {
      deleteCouplings(mapping: $mapping, connection: $connection, confirm: true) { removed busy runIds } }`,
    { mapping, connection },
  )
  if (words.json === true) printLine(JSON.stringify(done, null, 2))
  else {
    printLine(`Deleted ${counted(done.removed, 'coupling')} of ${mapping}.`)
    if (done.busy > 0) printLine(`${done.busy} are being written and were left; ask again shortly.`)
  }
}
