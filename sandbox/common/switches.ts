import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

/** One of the sandbox's own switches. */
export interface Switch<Change> {
  /** Takes a change over; text: why it makes no sense here. */
  set(change: Change): string | null | Promise<string | null>
  /** Everything is as if the switch had never been touched. */
  clear(): void | Promise<void>
  /** How it stands now. */
  report(): object | Promise<object>
}

/** `GET`, `POST` and `DELETE /sandbox/{name}`: a switch that holds until it is cleared. */
export function addSwitch<Change>(
  routes: FastifyInstance,
  name: string,
  schema: z.ZodType<Change>,
  it: Switch<Change>,
): void {
  const path = `/sandbox/${name}`
  routes.get(path, async () => it.report())
  routes.post(path, async (request, reply) => {
    const parsed = readAdminBody(schema, request.body)
    if (!parsed.success) return reply.code(400).send({ error: z.prettifyError(parsed.error) })
    const objection = await it.set(parsed.data)
    return objection === null ? it.report() : reply.code(400).send({ error: objection })
  })
  routes.delete(path, async (_request, reply) => {
    await it.clear()
    return reply.code(204).send()
  })
}

/** Checks the JSON body of a request to the sandbox's own switches. */
export function readAdminBody<T>(schema: z.ZodType<T>, body: unknown): z.ZodSafeParseResult<T> {
  let value: unknown = null
  try {
    value = JSON.parse(typeof body === 'string' ? body : '')
  } catch (error) {
    // What is not JSON is answered like any other value that does not fit.
    if (!(error instanceof SyntaxError)) throw error
  }
  return schema.safeParse(value)
}
