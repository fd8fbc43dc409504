import type { RecordExaminer } from '../../../src/temporal/record-examiner.js'
import type { ExamineRecordsInput, ExamineRecordsResult } from '../../../src/workflows/messages.js'

/** Stands for the workers that look at records: it remembers what was asked, and does what a test tells it to do. */
export interface FakeRecordExaminer extends RecordExaminer {
  readonly asked: ExamineRecordsInput[]
  /** What a look does in place of a worker. */
  behave(work: (input: ExamineRecordsInput) => Promise<ExamineRecordsResult | null>): void
}

/** Until told otherwise no worker runs. */
export function createFakeRecordExaminer(): FakeRecordExaminer {
  const asked: ExamineRecordsInput[] = []
  let work: (input: ExamineRecordsInput) => Promise<ExamineRecordsResult | null> = async () => null
  return {
    asked,
    behave(next) {
      work = next
    },
    async examine(input) {
      asked.push(input)
      return work(input)
    },
  }
}
