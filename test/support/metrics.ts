import type { TestEngine } from './engine.js'

type System = 'businessCentral' | 'dataverse'

export interface Count {
  readonly calls: number
  /** Records that were returned. */
  readonly rows: number
}

/** What a system was asked: calls by method and path, and the items of its bulk calls. */
export interface Metrics {
  readonly total: Count
  readonly calls: Readonly<Record<string, Count>>
  readonly items: Readonly<Record<string, Count>>
}

/** What a system was asked since {@link resetMetrics}. */
export async function metricsOf({ sandbox }: TestEngine, system: System): Promise<Metrics> {
  const answer = await fetch(`${sandbox[system].origin}/sandbox/metrics`)
  return (await answer.json()) as Metrics
}

export async function resetMetrics({ sandbox }: TestEngine, system: System): Promise<void> {
  await fetch(`${sandbox[system].origin}/sandbox/metrics`, { method: 'DELETE' })
}
