import { ExitCode } from './exit-codes.js'

/** Writes one line, or an empty one, for the person at the terminal. */
export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Writes one line about trouble; apart from the output, which a script may read. */
export function printTrouble(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** A word of a command as a shell takes it: quoted where it holds a blank or the like. */
export function quoted(word: string): string {
  return /^[\w./:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** What to type to have a connection checked. */
export function checkCommand(connection: string): string {
  return `accord check ${quoted(connection)}`
}

/** Rows as columns that line up, two blanks apart. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/**
 * Ends the program when nobody reads its output any more (`accord status | head -1`), without a word; when the output cannot be
 * written for another reason, with one line.
 */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(ExitCode.good)
    process.stderr.write(`The output cannot be written: ${error.message}\n`)
    process.exit(ExitCode.failed)
  })
}
