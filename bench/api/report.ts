import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine } from '../machine.js'
import type { ApiScenario } from './scenario.js'

export interface ApiReport {
  readonly at: string
  readonly machine: Machine
  readonly peerVersion: string
  readonly scenarios: readonly ApiScenario[]
}

/** Writes `<date>-api.json` with everything and `.md` to read. Returns the paths without ending. */
export async function writeApiReport(folder: string, report: ApiReport): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${report.at.slice(0, 16).replace('T', '-').replace(':', '')}-api`)
  await writeFile(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(`${path}.md`, markdownOf(report))
  return path
}

function markdownOf({ at, machine, peerVersion, scenarios }: ApiReport): string {
  const number = (value: number | null, digits = 0): string => (value === null ? '' : value.toFixed(digits))
  const lines = [
    `# The API over a large state, ${at.slice(0, 10)}`,
    '',
    `Accord ${machine.accord}, PostGraphile ${peerVersion}, Node ${machine.node}, PostgreSQL ${machine.postgres}; ` +
      `${machine.system}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGibibytes} GiB, ` +
      `load before ${machine.loadBefore}. PostgreSQL, the API, the peer and who asks share this machine.`,
    '',
    ...scenarios.flatMap(({ size, seedSeconds, measurements, apiPeakMebibytes }) => [
      `## ${size.errors} errors, ${size.openErrors} of them open, ${size.couplings} couplings, ${size.writes} writes`,
      '',
      `Filled in ${number(seedSeconds)} s. The API took ${number(apiPeakMebibytes)} MiB at most. Times are milliseconds with 4 requests under way; ` +
        'requests a second are with 20 under way, by Accord (signed in with an access token) and by PostGraphile (open).',
      '',
      '| What | p50 | p95 | p99 | Longest | Aim, p95 | Requests/s | PostGraphile | Times |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...measurements.map(({ what, mostMilliseconds, few, many, peer }) => {
        const times = [few.p50, few.p95, few.p99, few.longest].map((value) => number(value, 1)).join(' | ')
        const ratio = peer === null ? null : many.perSecond / peer.perSecond
        return `| ${what} | ${times} | ${number(mostMilliseconds)} | ${number(many.perSecond)} | ${number(peer?.perSecond ?? null)} | ${number(ratio, 2)} |`
      }),
      '',
    ]),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}
