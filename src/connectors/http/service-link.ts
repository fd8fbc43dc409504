import type { Credentials } from './credentials.js'
import type { Transport } from './transport.js'

export interface OpenedLink {
  readonly transport: Transport
  /** One for each sign-in of the connection. */
  readonly principals: readonly Credentials[]
}

/** Connections and tokens of one system, held in common by the connectors that serve it in different lanes. */
export class ServiceLink {
  private opened: OpenedLink | null = null

  /** What the first who asks has made. */
  open(make: () => OpenedLink): OpenedLink {
    this.opened ??= make()
    return this.opened
  }

  async close(): Promise<void> {
    const opened = this.opened
    this.opened = null
    await opened?.transport.close()
  }
}
