import cookies from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Database } from '../../persistence/database.js'
import { Authenticator } from './authenticator.js'
import { verifyBearers } from './bearer-verifier.js'
import type { SignInOptions } from './options.js'
import { Provider } from './provider.js'
import { requireSignIn, type SignInGuard } from './require-sign-in.js'
import { serveSignIn } from './routes.js'
import { WrongAttempts } from './wrong-attempts.js'

/** Lets people and programs sign in, and nobody else reach GraphQL at `path`, or a route whose `config.needs` names a role. Returns what tells who sends a request. */
export async function addSignIn(
  app: FastifyInstance,
  path: string,
  dependencies: {
    readonly database: Database
    readonly token: string
    readonly signIn: SignInOptions
    readonly logger: Logger
  },
): Promise<SignInGuard> {
  const { database, token, signIn: options, logger } = dependencies
  const provider = options.provider === null ? null : new Provider(options.provider, logger)
  const verifier = provider === null ? null : verifyBearers(database, provider, options.sessionHours)
  await app.register(cookies)
  const guard: SignInGuard = {
    authenticator: new Authenticator(database, token, verifier),
    attempts: new WrongAttempts(),
    publicUrl: options.publicUrl,
    logger,
  }
  requireSignIn(app, path, guard)
  serveSignIn(app, { database, provider, options, attempts: new WrongAttempts(), logger })
  return guard
}
