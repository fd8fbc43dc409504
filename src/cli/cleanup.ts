import { printTrouble } from './output.js'

/** What has to be ended, in the order it was started; it is ended the other way round. */
export class Cleanup {
  private readonly steps: { readonly name: string | null; readonly end: () => Promise<void> }[] = []

  /** @param name what a person calls it; `null` for what nobody needs to hear of */
  add(name: string | null, end: () => Promise<void>): void {
    this.steps.push({ name, end })
  }

  /** Ends everything. A step that fails is reported, and does not keep the others from ending. */
  async run(onStep: (name: string) => void = () => undefined): Promise<void> {
    for (const { name, end } of this.steps.splice(0).toReversed()) {
      if (name !== null) onStep(name)
      try {
        await end()
      } catch (error) {
        printTrouble(
          `Ending ${name ?? 'a part'} failed: ${error instanceof Error ? error.message : String(error)}`,
        )
      }
    }
  }
}
