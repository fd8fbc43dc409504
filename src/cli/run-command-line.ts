import { CommanderError, type Command } from 'commander'
import { ConfigError, SecretError } from '../config.js'
import { ApiRefusal } from './api-client.js'
import { ExitCode, ExpectedError, UsageError } from './exit-codes.js'
import { printTrouble } from './output.js'

/** Failures of ours have a stack, which a report of the fault needs; expected ones have a message that suffices. */
const EXPECTED_NAMES: ReadonlySet<string> = new Set(['SchemaTooNewError', 'SchemaTooOldError'])

/** Runs one command to its end. Never throws: every failure becomes a message and an exit code. */
export async function runCommandLine(program: Command, words: readonly string[]): Promise<ExitCode> {
  try {
    await program.parseAsync([...words])
    return ExitCode.good
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has written its message, or the help that was asked for.
      return error.exitCode === 0 ? ExitCode.good : ExitCode.wrongUsage
    }
    printTrouble(describeFailure(error))
    return isWrongUsage(error) ? ExitCode.wrongUsage : ExitCode.failed
  }
}

function isWrongUsage(error: unknown): boolean {
  if (error instanceof ApiRefusal) return error.isWrongUsage
  return error instanceof UsageError || error instanceof ConfigError
}

function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const expected =
    error instanceof ExpectedError ||
    error instanceof ConfigError ||
    error instanceof SecretError ||
    EXPECTED_NAMES.has(error.name)
  return expected ? error.message : (error.stack ?? error.message)
}
