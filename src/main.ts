import { buildProgram } from './cli/program.js'
import { runCommandLine } from './cli/run-command-line.js'

process.exitCode = await runCommandLine(buildProgram(), process.argv)
