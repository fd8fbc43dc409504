import { X509Certificate } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { addSwitch } from './switches.js'
import type { Directory } from './directory.js'
import type { ApplicationState, UserState } from './sign-in-states.js'
import { APPLICATION_STATES, USER_STATES } from './sign-in-states.js'

const ok = z.literal('ok')
const states = <State extends string>(table: Readonly<Record<State, unknown>>) =>
  z.union([ok, z.enum(Object.keys(table) as [State, ...State[]])])

const signInSchema = z.union([
  z.strictObject({
    username: z.string().min(1),
    state: states<UserState>(USER_STATES).optional(),
    /** Sets it, and adds the user where there is none of this name. */
    password: z.string().min(1).optional(),
    webServiceKey: z.string().min(1).optional(),
  }),
  z.strictObject({
    /** Accord's client when it is left out. */
    clientId: z.string().optional(),
    state: states<ApplicationState>(APPLICATION_STATES).optional(),
    /** The application permissions in its tokens. */
    roles: z.array(z.string()).optional(),
    /** PEM of a certificate to register for it. */
    certificate: z.string().refine(isCertificate, { message: 'is not a certificate in PEM form' }).optional(),
  }),
])

/** `POST /sandbox/sign-in`: what is wrong with an application or a user; on both ports the same. */
export function addSignInSwitch(routes: FastifyInstance, directory: Directory): void {
  addSwitch(routes, 'sign-in', signInSchema, {
    set(change) {
      if ('username' in change) {
        const { username, state, ...rest } = change
        const known = directory.changeUser(username, {
          ...rest,
          ...(state === undefined ? {} : { state: stateOf(state) }),
        })
        return known ? null : `There is no user '${username}'; with a password one is added.`
      }
      const id = change.clientId ?? directory.mainClientId
      const application = directory.application(id)
      if (application === undefined) return `There is no application '${id}'.`
      const { state, roles, certificate } = change
      directory.changeApplication(id, {
        ...(state === undefined ? {} : { state: stateOf(state) }),
        ...(roles === undefined ? {} : { roles }),
        ...(certificate === undefined ? {} : { certificates: [...application.certificates, certificate] }),
      })
      return null
    },
    clear: () => directory.clear(),
    report: () => directory.report(),
  })
}

function stateOf<State extends string>(state: State | 'ok'): State | null {
  return state === 'ok' ? null : state
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined
  } catch {
    // What cannot be read is answered like any other value that does not fit.
    return false
  }
}
