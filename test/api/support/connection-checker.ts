import type { ConnectionChecker } from '../../../src/temporal/connection-checker.js'
import type { CheckConnectionResult, CheckConnectionWorkflowInput } from '../../../src/workflows/messages.js'

/** Stands for the workers that check connections: it remembers what was asked, and does what a test tells it to do. */
export interface FakeConnectionChecker extends ConnectionChecker {
  readonly asked: CheckConnectionWorkflowInput[]
  /** What a check does in place of a worker. */
  behave(work: (input: CheckConnectionWorkflowInput) => Promise<CheckConnectionResult | null>): void
}

/** Until told otherwise no worker runs. */
export function createFakeConnectionChecker(): FakeConnectionChecker {
  const asked: CheckConnectionWorkflowInput[] = []
  let work: (input: CheckConnectionWorkflowInput) => Promise<CheckConnectionResult | null> = async () => null
  return {
    asked,
    behave(next) {
      work = next
    },
    async check(input) {
      asked.push(input)
      return work(input)
    },
  }
}
