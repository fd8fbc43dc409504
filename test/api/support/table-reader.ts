import type { TableReader } from '../../../src/temporal/table-reader.js'
import type { DescribeTablesInput, DescribeTablesResult } from '../../../src/workflows/messages.js'

/** Stands for the workers that read metadata: it remembers what was asked, and does what a test tells it to do. */
export interface FakeTableReader extends TableReader {
  readonly asked: DescribeTablesInput[]
  /** What a reading does in place of a worker. */
  behave(work: (input: DescribeTablesInput) => Promise<DescribeTablesResult | null>): void
}

/** Until told otherwise no worker runs. */
export function createFakeTableReader(): FakeTableReader {
  const asked: DescribeTablesInput[] = []
  let work: (input: DescribeTablesInput) => Promise<DescribeTablesResult | null> = async () => null
  return {
    asked,
    behave(next) {
      work = next
    },
    async read(input) {
      asked.push(input)
      return work(input)
    },
  }
}
