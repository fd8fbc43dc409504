/** What becomes of a step: it is told (as the last one, with `last`), or passed over. */
export type Step<Value> = { readonly value: Value; readonly last?: boolean } | null

/**
 * A sequence made of another, step by step. Unlike a generator it can be left while a step is waited for: leaving it leaves its source
 * at once, which ends the waiting.
 */
export function follow<From, To>(
  source: AsyncIterableIterator<From>,
  step: (value: From) => Promise<Step<To>>,
): AsyncGenerator<To, undefined> {
  const state = { isOver: false }
  const leave = async (): Promise<{ readonly done: true; readonly value: undefined }> => {
    state.isOver = true
    await source.return?.()
    return { done: true, value: undefined }
  }
  return {
    async next() {
      while (!state.isOver) {
        const { done, value } = await source.next()
        if (done === true) break
        const result = await step(value).catch(async (error: unknown) => {
          // Who waits for it is told, and does not leave by himself.
          await leave()
          throw error
        })
        if (result === null) continue
        if (result.last === true) await leave()
        return { done: false, value: result.value }
      }
      return { done: true, value: undefined }
    },
    return: leave,
    async throw(error: unknown) {
      await leave()
      throw error
    },
    async [Symbol.asyncDispose]() {
      await leave()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
