import type { ReadById, RecordSnapshot } from '../../domain/record.js'

export interface IdReads<Answer> {
  /** The records among these that lists show; called first. */
  list(ids: readonly string[]): Promise<readonly RecordSnapshot[]>
  /** Each by itself: one answer an id, in their order. */
  single(ids: readonly string[]): Promise<readonly Answer[]>
  judge(id: string, answer: Answer | undefined): ReadById
}

/**
 * Records by their ids, in the order asked: by lists, and each that no list shows by itself. Only a 404 there means that the record is
 * gone, so that nothing that is merely hidden from us is taken for deleted. The list of the same set has succeeded just before, so a 404
 * cannot be about the set.
 */
export async function readByIdsWith<Answer>(
  ids: readonly string[],
  reads: IdReads<Answer>,
): Promise<readonly ReadById[]> {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
  const found = new Map<string, ReadById>()
  for (const record of await reads.list(wanted)) found.set(record.id, { kind: 'found', record })
  const missing = wanted.filter((id) => !found.has(id))
  const answers = await reads.single(missing)
  missing.forEach((id, index) => found.set(id, reads.judge(id, answers[index])))
  return ids.map((id) => {
    const answer = found.get(id.toLowerCase())
    if (answer === undefined) throw new Error(`No answer was found for id ${id}.`)
    return answer
  })
}
