import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SignInOptions } from '../sign-in/options.js'
import { isSecure } from '../sign-in/is-local.js'
import { WEBSOCKET_PATH } from '../live/serve-subscriptions.js'
import { consoleFolder, readConsole, type ConsoleFile, type Encoding } from './console-files.js'

const PAGE = 'index.html'
/** What the build writes where the page needs a nonce. */
const NONCE = /ACCORD_NONCE/g
/** Their names change with their content. */
const FOREVER = 'public, max-age=31536000, immutable'

/** First steps of paths that are no pages of the console, whoever asks for them. */
const NO_PAGES: ReadonlySet<string> = new Set(['graphql', 'graphiql', 'export', 'hints', 'assets', 'metrics'])

/**
 * Serves the console: its files, and for every address that a browser asks for as a page the console itself, which shows what
 * belongs there. It is open to everybody and shows nothing by itself: what it asks for is signed in.
 */
export async function serveConsole(app: FastifyInstance, signIn: SignInOptions): Promise<void> {
  const files = await readConsole(consoleFolder())
  const page = files.get(PAGE)?.content.toString('utf8') ?? NOT_BUILT

  async function sendPage(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const nonce = randomBytes(16).toString('base64')
    const socket = `${isSecure(request, signIn.publicUrl) ? 'wss' : 'ws'}://${request.host}${WEBSOCKET_PATH}`
    await reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', policy(nonce, new URL(socket).origin))
      .send(
        page
          .replaceAll(NONCE, nonce)
          .replace('<base href="/"', `<base href="${app.pathPrefix}/"`)
          .replace('content="LINK"', `content="${signIn.provider === null ? 'LINK' : 'PROVIDER'}"`),
      )
  }

  app.get('/', (request, reply) => sendPage(request, reply))
  app.get('/*', async (request, reply) => {
    const path = decodePath((request.params as Readonly<Record<string, string>>)['*'] ?? '')
    const file = files.get(path)
    if (file !== undefined && path !== PAGE && !path.startsWith('.'))
      return sendFile(path, file, request, reply)
    const [first = ''] = path.split('/')
    if (NO_PAGES.has(first) || !wantsPage(request)) return reply.callNotFound()
    return sendPage(request, reply)
  })
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** A browser that goes to an address, and not a program that asks for data. */
function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true
}

async function sendFile(
  path: string,
  file: ConsoleFile,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  void reply
    .type(file.type)
    .header('cache-control', path.startsWith('assets/') ? FOREVER : 'no-cache')
    .header('vary', 'accept-encoding')
  const encoding = encodingFor(request)
  if (encoding === null) return reply.send(file.content)
  await reply.header('content-encoding', encoding).send(await file.as(encoding))
}

function encodingFor({ headers }: FastifyRequest): Encoding | null {
  const accepted = String(headers['accept-encoding'] ?? '')
  if (/\bbr\b/.test(accepted)) return 'br'
  return /\bgzip\b/.test(accepted) ? 'gzip' : null
}

/** Scripts are those of ours alone; styles those of ours, and those that the page makes itself, by `nonce`. */
function policy(nonce: string, socketOrigin: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${socketOrigin}`,
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><base href="/"><title>Accord</title></head>
  <body>
    <h1>Accord</h1>
    <p>The console was not built: "npm run build" builds it. The API is at <a href="graphql">/graphql</a>, and can be tried out at
      <a href="graphiql">/graphiql</a>.</p>
  </body>
</html>
`
