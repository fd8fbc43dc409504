import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Answer } from './answer.js'
import type { Fault } from './faults.js'
import { DropConnection } from './faults.js'
import type { SandboxSystem } from './server.js'

type FaultWords = Pick<SandboxSystem, 'faultAnswer' | 'staleAnswer' | 'expiredTokenAnswer'>

/** The answer of a fault that lets no work be done. */
export function statusAnswer(system: FaultWords, fault: Fault): Answer {
  const { action } = fault
  if (action.kind === 'stale') return system.staleAnswer()
  if (action.kind === 'expiredToken') return system.expiredTokenAnswer()
  if (action.kind !== 'status') throw new Error(`Fault ${fault.id} has no status to answer with.`)
  const { status, retryAfter, code, message } = action
  const answer = inForm(action.form, system.faultAnswer(status, code, message))
  return retryAfter === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } }
}

function inForm(form: 'json' | 'html' | 'empty', answer: Answer): Answer {
  switch (form) {
    case 'json':
      return answer
    case 'html':
      return {
        ...answer,
        headers: { 'content-type': 'text/html' },
        body: `<html><head><title>${answer.status}</title></head><body><h1>Service unavailable</h1></body></html>`,
      }
    case 'empty':
      return { ...answer, headers: {}, body: '' }
  }
}

/** Cuts the connection, or leaves it without an answer. Rethrows what is no such fault. */
export function cutOff(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(error instanceof DropConnection)) throw error
  reply.hijack()
  if (!error.silent) request.raw.socket.destroy()
  return reply
}
