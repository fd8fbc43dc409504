import type { Logger } from 'pino'
import type { ConnectorSource } from './activities/dependencies.js'
import { createConnector } from './connectors/create-connector.js'
import { withSecrets } from './connectors/secret-members.js'
import type { Connector, SystemFacts } from './connectors/connector.js'
import type { SystemSettings } from './persistence/entities/connection.js'

/** Facts about a system are read again after this long, milliseconds. */
const FACTS_LIFETIME = 300_000

/** Keeps one connector per system for all activities of a process. Secrets are resolved here, from their references. */
export class SharedConnectors implements ConnectorSource {
  private readonly connectors = new Map<string, Connector>()
  private readonly known = new Map<string, { readonly facts: Promise<SystemFacts>; readonly until: number }>()

  constructor(
    private readonly resolveSecret: (reference: string) => string,
    private readonly logger: Logger,
    private readonly now: () => number = Date.now,
  ) {}

  of(system: SystemSettings): Connector {
    const key = JSON.stringify(system)
    const known = this.connectors.get(key)
    if (known !== undefined) return known
    const settings = withSecrets(system.settings, this.resolveSecret)
    const connector = createConnector(system.kind, settings, { logger: this.logger })
    this.connectors.set(key, connector)
    return connector
  }

  async facts(system: SystemSettings): Promise<SystemFacts> {
    const key = JSON.stringify(system)
    const known = this.known.get(key)
    if (known !== undefined && known.until > this.now()) return known.facts
    const facts = this.of(system).readFacts()
    this.known.set(key, { facts, until: this.now() + FACTS_LIFETIME })
    // A failed read is asked again by the next caller.
    facts.catch(() => this.known.delete(key))
    return facts
  }

  async close(): Promise<void> {
    await Promise.all([...this.connectors.values()].map((connector) => connector.close()))
  }
}
