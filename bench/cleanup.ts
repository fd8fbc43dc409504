/** Closes what was opened, the latest first; one that fails does not keep the others open. */
export class Cleanup {
  private readonly closers: (() => Promise<unknown>)[] = []
  private closing: Promise<void> | null = null

  add(close: () => Promise<unknown>): void {
    this.closers.push(close)
  }

  /** Repeated calls wait for the same end. Throws an AggregateError when something could not be closed. */
  async close(): Promise<void> {
    this.closing ??= this.closeAll()
    await this.closing
  }

  private async closeAll(): Promise<void> {
    const errors: unknown[] = []
    for (const close of this.closers.toReversed()) {
      try {
        await close()
      } catch (error) {
        errors.push(error)
      }
    }
    this.closers.length = 0
    if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be stopped')
  }
}
