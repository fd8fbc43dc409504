import type { RunControl } from '../../../src/temporal/run-control.js'

/** Stands for the workflows at the API's port: it remembers what was asked, and does what a test tells it to do. */
export interface FakeRunControl extends RunControl {
  readonly started: string[]
  readonly cancelled: string[]
  /** `pause:<run>`, `resume:<run>`, `hint:<mapping>`, `full-synch:<id>:<phase>`, `reconcile:<id>`, `wake:<id>`, `bulk:<id>` in the order they were asked for. */
  readonly asked: string[]
  /** What a run does when it is started, in place of its workflow. */
  behave(work: (runId: string) => Promise<void>): void
  /** Runs do not end while their askers wait. */
  neverEnd(): void
  /** Temporal is not there. */
  beUnreachable(): void
}

export function createRunControl(): FakeRunControl {
  const started: string[] = []
  const cancelled: string[] = []
  const asked: string[] = []
  let work: (runId: string) => Promise<void> = async () => undefined
  let ends = true
  let reachable = true
  const reach = (): void => {
    if (!reachable) throw new Error('connect ECONNREFUSED 127.0.0.1:7233')
  }
  return {
    started,
    cancelled,
    asked,
    behave(next) {
      work = next
    },
    neverEnd() {
      ends = false
    },
    beUnreachable() {
      reachable = false
    },
    async ping() {
      reach()
    },
    async start(runId) {
      reach()
      started.push(runId)
      await work(runId)
    },
    async cancel(runId) {
      reach()
      cancelled.push(runId)
    },
    async pause(runId) {
      reach()
      asked.push(`pause:${runId}`)
    },
    async resume(runId) {
      reach()
      asked.push(`resume:${runId}`)
    },
    async hint(mappingId) {
      reach()
      asked.push(`hint:${mappingId}`)
    },
    async startFullSynch({ fullSynchId, phase }) {
      reach()
      asked.push(`full-synch:${fullSynchId}:${phase}`)
    },
    async waitForFullSynch() {
      reach()
      return ends
    },
    async startBulkAction(id) {
      reach()
      asked.push(`bulk:${id}`)
    },
    async startReconciliation(id) {
      reach()
      asked.push(`reconcile:${id}`)
    },
    async wakeReconciliation(id) {
      reach()
      asked.push(`wake:${id}`)
    },
    async waitForReconciliation() {
      reach()
      return ends
    },
    async startRehearsal(id) {
      reach()
      asked.push(`rehearse:${id}`)
    },
    async waitForRehearsal() {
      reach()
      return ends
    },
    async waitUntilEnded() {
      reach()
      return ends
    },
    urlOf: (run) =>
      `http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(run.workflowId)}`,
  }
}
