import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { ruruHTML, type RuruClientConfig } from 'ruru/server'
import { getStaticFile } from 'ruru/static'
import { WEBSOCKET_PATH } from '../live/serve-subscriptions.js'
import { isSecure } from '../sign-in/is-local.js'
import { EXAMPLES } from './examples.js'

const PAGE_PATH = '/graphiql'
const FILES_PATH = `${PAGE_PATH}/files/`

/** All the others have defaults, which the library's types hide where React's are not installed. */
const SETTINGS = { defaultQuery: EXAMPLES, isHeadersEditorEnabled: true } as unknown as RuruClientConfig

/**
 * Serves GraphiQL at `/graphiql`, with nothing from the internet: all its files come from here, and its policy lets the page talk to
 * this address alone. The page shows nothing by itself; each operation is signed in by the session's cookie, or by a token that
 * is put among its headers. `publicUrl`: where people reach the API.
 */
export function serveGraphiql(app: FastifyInstance, graphqlPath: string, publicUrl: string | null): void {
  app.get(PAGE_PATH, async (request, reply) => {
    const nonce = randomBytes(16).toString('base64')
    const socket = `${isSecure(request, publicUrl) ? 'wss' : 'ws'}://${request.host}${app.pathPrefix}${WEBSOCKET_PATH}`
    const page = ruruHTML({
      staticPath: `${app.pathPrefix}${FILES_PATH}`,
      endpoint: `${app.pathPrefix}${graphqlPath}`,
      subscriptionEndpoint: socket,
      htmlParts: { titleTag: '<title>GraphiQL of Accord</title>' },
      clientConfig: SETTINGS,
    })
    await reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', policy(nonce))
      // Within the settings of the page every such text is written otherwise.
      .send(page.replaceAll('<script', `<script nonce="${nonce}"`))
  })
  app.get(`${FILES_PATH}*`, async (request, reply) => {
    const file = await getStaticFile({
      staticPath: FILES_PATH,
      urlPath: request.url,
      acceptEncoding: request.headers['accept-encoding'],
      disallowDevAssets: true,
    })
    if (file === null) return reply.callNotFound()
    if (request.headers['if-none-match'] === file.headers['etag']) return reply.code(304).send()
    return reply
      .headers({ ...file.headers, 'cache-control': 'public, no-cache', vary: 'accept-encoding' })
      .send(file.content)
  })
}

/** Scripts are those of ours, and those of the page by `nonce`; the editor styles what it draws as it goes. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
