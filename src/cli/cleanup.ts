import { printTrouble } from './output.js'

/** What has to be ended, in the order it was started; it is ended the other way round. */
export class Cleanup {
  private readonly steps: { readonly name: string; readonly end: () => Promise<void> }[] = []

  add(name: string, end: () => Promise<void>): void {
    this.steps.push({ name, end })
  }

  /** Ends everything. A step that fails is reported, and does not keep the others from ending. */
  async run(onStep: (name: string) => void = () => undefined): Promise<void> {
    for (const { name, end } of this.steps.splice(0).toReversed()) {
      onStep(name)
      try {
        await end()
      } catch (error) {
        printTrouble(`Ending ${name} failed: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
}
