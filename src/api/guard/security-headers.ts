import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/**
 * Headers that hold browsers back: an answer runs nothing, is framed by nobody and is taken for what it says it is. Pages that
 * show something name what they need in a policy of their own. `publicUrl`: where people reach the API.
 */
export async function addSecurityHeaders(app: FastifyInstance, publicUrl: string | null): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // A promise for all of the host, that only who serves it by https can keep.
    strictTransportSecurity: publicUrl?.startsWith('https:') === true,
    xFrameOptions: { action: 'deny' },
  })
}
