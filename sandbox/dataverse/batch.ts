import type { Answer, ApiRequest } from '../common/answer.js'
import { preferences } from '../common/answer.js'
import type { Engine, ExecuteOptions } from '../common/executor.js'
import { executeItems } from '../common/executor.js'
import type { CommitHooks, Fault } from '../common/faults.js'
import { NO_HOOKS, answersItself, commitHooks } from '../common/faults.js'
import { badRequest, methodNotAllowed } from './errors.js'
import type { AnsweredPart, BatchOperation, BatchPart } from './multipart.js'
import { batchAnswer, readBatch } from './multipart.js'
import type { Operation } from './plan.js'
import type { Write } from './write.js'

export interface BatchEngine extends Engine<Operation> {
  /** Writes that succeed or fail together; one answer when they fail. */
  writeTogether(writes: readonly Write[], hooks: CommitHooks): Promise<readonly Answer[]>
}

/** Carries out a multipart $batch. Throws DataverseError when it cannot be read. */
export async function answerBatch(
  engine: BatchEngine,
  request: ApiRequest,
  fault: Fault | null,
  options: Omit<ExecuteOptions, 'stopOnError'>,
): Promise<Answer> {
  if (request.method !== 'POST') throw methodNotAllowed(request.method, '$batch')
  const parts = readBatch(request)
  const stopOnError = !preferences(request.headers).has('odata.continue-on-error')
  const inner = { ...options, stopOnError, hooks: beforeFirst(options.hooks) }
  const [first, rest] = splitAfter(parts, fault?.afterItems ?? null)
  const answered = await runParts(engine, first, inner)
  if (fault !== null && !(stopOnError && failure(answered) !== null)) {
    if (answersItself(fault.action)) return engine.answerFault(fault)
    const acts = commitHooks(fault.action)
    await acts?.beforeCommit()
    await acts?.afterCommit()
  }
  if (!(stopOnError && failure(answered) !== null)) answered.push(...(await runParts(engine, rest, inner)))
  await inner.hooks.beforeCommit()
  await options.hooks.afterCommit()
  const status = stopOnError ? (failure(answered)?.status ?? 200) : 200
  return batchAnswer(status, answered)
}

/** The hooks of the whole batch act once: before its first commit; what follows its last commit is left to the caller. */
function beforeFirst(hooks: CommitHooks): CommitHooks {
  let done = false
  return {
    ...NO_HOOKS,
    async beforeCommit() {
      if (done) return
      done = true
      await hooks.beforeCommit()
    },
  }
}

/** Cuts so that as many operations come first; a change set is not cut. */
function splitAfter(parts: readonly BatchPart[], operations: number | null): [BatchPart[], BatchPart[]] {
  if (operations === null) return [[...parts], []]
  let count = 0
  const at = parts.findIndex((part) => {
    if (count >= operations) return true
    count += part.kind === 'operation' ? 1 : part.operations.length
    return false
  })
  return at === -1 ? [[...parts], []] : [parts.slice(0, at), parts.slice(at)]
}

async function runParts(
  engine: BatchEngine,
  parts: readonly BatchPart[],
  options: ExecuteOptions,
): Promise<AnsweredPart[]> {
  const answered: AnsweredPart[] = []
  let at = 0
  while (at < parts.length) {
    const part = parts[at]
    if (part === undefined) break
    if (part.kind === 'changeSet') {
      answered.push(await runChangeSet(engine, part.operations, options))
      at += 1
    } else {
      const operations: BatchOperation[] = []
      for (let next = parts[at]; next?.kind === 'operation'; next = parts[at]) {
        operations.push(next.operation)
        at += 1
      }
      const hooks = {
        ...NO_HOOKS,
        beforeCommit: () => (operations.some(isWrite) ? options.hooks.beforeCommit() : Promise.resolve()),
      }
      const answers = await executeItems(
        engine,
        operations.map((operation) => operation.request),
        { ...options, hooks },
      )
      answered.push(...answers.map((answer): AnsweredPart => ({ kind: 'operation', answer })))
    }
    if (options.stopOnError && failure(answered) !== null) break
  }
  return answered
}

function isWrite(operation: BatchOperation): boolean {
  return operation.request.method !== 'GET'
}

/** All or nothing. A failed change set is answered by its error alone. */
async function runChangeSet(
  engine: BatchEngine,
  operations: readonly BatchOperation[],
  options: ExecuteOptions,
): Promise<AnsweredPart> {
  const references = new Map<string, string>()
  const writes: Write[] = []
  try {
    for (const operation of operations) {
      const request = resolveReferences(operation.request, references)
      if (request.method === 'GET') throw badRequest('A change set must not hold GET requests.')
      const plan = engine.plan(request)
      if (plan.kind !== 'write' || plan.write.kind !== 'single')
        throw badRequest('A change set may only create, change and delete records.')
      const { write } = plan.write
      if (operation.contentId !== null)
        references.set(operation.contentId, `${write.table.name}(${write.id})`)
      writes.push(write)
    }
  } catch (error) {
    return { kind: 'operation', answer: engine.answerError(error) }
  }
  const answers = await engine.writeTogether(writes, options.hooks)
  for (const [index, answer] of answers.entries()) {
    const write = writes[index]
    if (write !== undefined) options.metrics.item(write.request.method, write.request.url, answer.rows)
  }
  const refused = answers.find((answer) => answer.status >= 400)
  if (refused !== undefined) return { kind: 'operation', answer: refused }
  return {
    kind: 'changeSet',
    answers: answers.map((answer, index) => ({ answer, contentId: operations[index]?.contentId ?? null })),
  }
}

/** `$1` in a URL or in a lookup stands for the record that the operation with that Content-ID names. */
function resolveReferences(request: ApiRequest, references: ReadonlyMap<string, string>): ApiRequest {
  const url = request.url.replace(/^\$([^/?(]+)/, (whole, id: string) => references.get(id) ?? whole)
  const body = request.body.replace(
    /(@odata\.bind"\s*:\s*")\$([^"/]+)"/g,
    (whole, start: string, id: string) => {
      const reference = references.get(id)
      return reference === undefined ? whole : `${start}/${reference}"`
    },
  )
  return { ...request, url, body }
}

function failure(parts: readonly AnsweredPart[]): Answer | null {
  for (const part of parts) {
    if (part.kind === 'operation' && part.answer.status >= 400) return part.answer
  }
  return null
}
