import { buildProgram } from './cli/program.js'
import { endWithReader } from './cli/output.js'
import { runCommandLine } from './cli/run-command-line.js'

endWithReader()
process.exitCode = await runCommandLine(buildProgram(), process.argv)
