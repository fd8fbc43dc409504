import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { defaultCacheDirectory } from '../../../src/embedded/cache-directory.js'
import { findFreePort } from '../../../src/embedded/port.js'
import { startEmbeddedTemporal, type EmbeddedTemporal } from '../../../src/embedded/temporal.js'

/** A Temporal server that belongs to one test, which may take its data away. */
export class OwnTemporal {
  private constructor(
    private readonly home: string,
    private readonly port: number,
    private server: EmbeddedTemporal,
  ) {}

  static async start(): Promise<OwnTemporal> {
    const home = await mkdtemp(join(tmpdir(), 'accord-own-temporal-'))
    const port = await findFreePort()
    return new OwnTemporal(home, port, await serve(join(home, 'server'), port))
  }

  get address(): string {
    return this.server.address
  }

  /** Its data is deleted: another server takes its place at the same address and has never heard of anything. */
  async forgetEverything(): Promise<void> {
    await this.server.stop()
    this.server = await serve(join(this.home, 'server'), this.port)
  }

  async stop(): Promise<void> {
    await this.server.stop()
    await rm(this.home, { recursive: true, force: true })
  }
}

/** With a data directory that is removed at its end, also when the test's process is killed. */
function serve(dataDirectory: string, port: number): Promise<EmbeddedTemporal> {
  return startEmbeddedTemporal({
    dataDirectory,
    port,
    uiPort: null,
    temporary: true,
    cacheDirectory: defaultCacheDirectory(process.env['XDG_CACHE_HOME']),
    logger: pino({ level: 'warn' }),
  })
}
