/**
 * What the command line ends with. Scripts may rely on it. 1: it was asked for rightly and failed, as where a name is not known; 2: it was
 * not asked for as it is meant, and nothing was done: words, values or settings without meaning, a choice or `--yes` that is missing.
 */
export const ExitCode = { good: 0, failed: 1, wrongUsage: 2 } as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** Something a person can mend went wrong: shown as its message alone, without a stack. Ends with exit code 1. */
export class ExpectedError extends Error {
  override readonly name: string = 'ExpectedError'
}

/** The command was not used as it is meant. Ends with exit code 2. */
export class UsageError extends ExpectedError {
  override readonly name = 'UsageError'
}
