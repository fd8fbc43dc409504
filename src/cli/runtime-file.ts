import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { commandOf, isAlive } from '../embedded/running-process.js'

/** What the sandboxes say about themselves beyond this is kept as it is. */
export const sandboxFacts = z.looseObject({
  tokenUrl: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  businessCentral: z.looseObject({ url: z.string(), companyId: z.string() }),
  dataverse: z.looseObject({ url: z.string() }),
})

const runtimeFacts = z.object({
  /** The process of `accord up`. */
  supervisor: z.number(),
  startedAt: z.string(),
  databaseUrl: z.string(),
  temporal: z.object({ address: z.string(), namespace: z.string(), ui: z.string().nullable() }),
  api: z.object({ url: z.string() }).nullable(),
  sandbox: sandboxFacts.nullable(),
  /** The processes of its children, by name. */
  children: z.record(z.string(), z.number()),
})

/** What a running `accord up` tells the other commands. */
export type RuntimeFacts = z.infer<typeof runtimeFacts>
/** Addresses of the sandboxes, and the credentials to get a token there. */
export type SandboxFacts = z.infer<typeof sandboxFacts>

const fileOf = (dataDirectory: string): string => join(dataDirectory, 'runtime.json')

/** Replaces the file in one step. It holds secrets of the sandboxes: only its owner may read it. */
export async function writeRuntimeFacts(dataDirectory: string, facts: RuntimeFacts): Promise<void> {
  await mkdir(dataDirectory, { recursive: true })
  const draft = `${fileOf(dataDirectory)}.new`
  await writeFile(draft, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, fileOf(dataDirectory))
}

export async function removeRuntimeFacts(dataDirectory: string): Promise<void> {
  await rm(fileOf(dataDirectory), { force: true })
}

/** The facts as they were last written, whether or not their process still runs; `null` without a readable file. */
export async function readLastRuntimeFacts(dataDirectory: string): Promise<RuntimeFacts | null> {
  const text = await readFile(fileOf(dataDirectory), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return runtimeFacts.parse(JSON.parse(text))
  } catch {
    // Written by another version, or damaged: as good as none, and the next start replaces it.
    return null
  }
}

/** The facts of the `accord up` that runs now on this data folder; `null` when none does. */
export async function readRuntimeFacts(dataDirectory: string): Promise<RuntimeFacts | null> {
  const facts = await readLastRuntimeFacts(dataDirectory)
  return facts !== null && isSupervisor(facts.supervisor) ? facts : null
}

/** Whether this process id is an `accord up`, or an `accord sandbox`; ids are used again, so being alive is not enough. */
export function isSupervisor(processId: number): boolean {
  if (processId === process.pid || !isAlive(processId)) return false
  const command = commandOf(processId)
  return command === null || / (?:up|sandbox)(?: |$)/.test(command)
}
