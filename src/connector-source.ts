import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import type { ConnectorSource } from './activities/dependencies.js'
import { createConnector, hasLanes } from './connectors/create-connector.js'
import { ConnectorError, type Connector, type SystemFacts } from './connectors/connector.js'
import { withSecrets } from './connectors/secret-members.js'
import type { GivenUp, Governor, WatchCalls } from './connectors/governor.js'
import { ServiceLink } from './connectors/http/service-link.js'
import { Lane } from './domain/lane.js'
import { Side } from './domain/value.js'
import type { Connection } from './persistence/entities/connection.js'
import { SecretError } from './secrets.js'
import type { SecretPlace } from './secrets/stored-secret.js'

/** Facts about a system are read again after this long, milliseconds. */
const FACTS_LIFETIME = 300_000

/** A connector that nobody has asked for, or that was replaced, is closed after this long, milliseconds: steps hold one for minutes. */
const IDLE = 1_800_000

interface Shared {
  /** Digest of the settings with their secrets, so that no secret is kept for comparing. */
  readonly settings: string
  /** One a lane, over the same connections and tokens; under `null` one that no governor holds back. */
  readonly connectors: Map<Lane | null, Connector>
  readonly connect: (lane: Lane | null) => Connector
  readonly link: ServiceLink
  usedAt: number
  facts: { readonly read: Promise<SystemFacts>; readonly until: number } | null
}

type Systems = Pick<Connection, 'id' | 'name' | 'localSystem' | 'integrationSystem'>

/**
 * Keeps one connector per system for all activities of a process. Secrets are opened here. When settings or a secret change the
 * next caller gets a new connector; the old one is closed when nobody can be using it any more.
 */
export class SharedConnectors implements ConnectorSource {
  private readonly shared = new Map<string, Shared>()
  private readonly replaced: Shared[] = []

  constructor(
    private readonly openSecret: (kept: string, place: SecretPlace) => string,
    private readonly logger: Logger,
    private readonly governor: Governor,
    private readonly now: () => number = Date.now,
    /** For how long a throttled call is sent again, milliseconds. */
    private readonly throttlePatience?: number,
    private readonly watchCalls?: WatchCalls,
    private readonly givenUp?: GivenUp,
  ) {}

  of(connection: Systems, side: Side, lane: Lane | null): Connector {
    const { kind } = side === Side.local ? connection.localSystem : connection.integrationSystem
    return inLane(this.sharedOf(connection, side), hasLanes(kind) ? lane : null)
  }

  async facts(connection: Systems, side: Side): Promise<SystemFacts> {
    const shared = this.sharedOf(connection, side)
    if (shared.facts !== null && shared.facts.until > this.now()) return shared.facts.read
    const facts = {
      read: this.of(connection, side, Lane.live).readFacts(),
      until: this.now() + FACTS_LIFETIME,
    }
    shared.facts = facts
    // A failed read is asked again by the next caller.
    facts.read.catch(() => {
      if (shared.facts === facts) shared.facts = null
    })
    return facts.read
  }

  async close(): Promise<void> {
    const all = [...this.shared.values(), ...this.replaced]
    this.shared.clear()
    this.replaced.length = 0
    await Promise.all(all.map(closeShared))
  }

  private sharedOf(connection: Systems, side: Side): Shared {
    const key = `${connection.id}/${side}`
    const system = side === Side.local ? connection.localSystem : connection.integrationSystem
    const settings = this.opened(connection, side, system.settings)
    const digest = createHash('sha256')
      .update(JSON.stringify([system.kind, settings]))
      .digest('base64')
    const known = this.shared.get(key)
    if (known?.settings === digest) {
      known.usedAt = this.now()
      this.closeIdle()
      return known
    }
    const { logger, governor, throttlePatience, watchCalls, givenUp } = this
    const link = new ServiceLink()
    const made: Shared = {
      settings: digest,
      connectors: new Map(),
      connect: (lane) =>
        createConnector(
          system.kind,
          settings,
          lane === null
            ? { logger, link, givenUp }
            : { logger, link, givenUp, governor, lane, throttlePatience, watchCalls },
        ),
      link,
      usedAt: this.now(),
      facts: null,
    }
    if (known !== undefined) this.replaced.push({ ...known, usedAt: this.now() })
    this.shared.set(key, made)
    this.closeIdle()
    return made
  }

  private opened(
    { id, name }: Systems,
    side: Side,
    settings: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    try {
      return withSecrets(settings, (kept, member) =>
        this.openSecret(kept, { connectionId: id, side, member }),
      )
    } catch (error) {
      if (!(error instanceof SecretError)) throw error
      throw new ConnectorError(
        {
          errorClass: 'SETUP',
          message: `A secret of the connection ${name} cannot be used.`,
          cause: error.message,
          remedy:
            'Mend what the cause says where the workers run, or enter the secret of the connection again.',
        },
        undefined,
        false,
        { cause: error },
      )
    }
  }

  /** What nobody has used for long is closed, and holds its secrets no longer. To be called now and then. */
  closeIdle(): void {
    const before = this.now() - IDLE
    const idle: Shared[] = []
    for (const [key, shared] of this.shared) {
      if (shared.usedAt > before) continue
      this.shared.delete(key)
      idle.push(shared)
    }
    for (const shared of this.replaced.splice(0)) (shared.usedAt > before ? this.replaced : idle).push(shared)
    for (const shared of idle) {
      closeShared(shared).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'A connector did not close'),
      )
    }
  }
}

function inLane(shared: Shared, lane: Lane | null): Connector {
  const known = shared.connectors.get(lane)
  if (known !== undefined) return known
  const connector = shared.connect(lane)
  shared.connectors.set(lane, connector)
  return connector
}

async function closeShared({ connectors, link }: Shared): Promise<void> {
  await Promise.all([...connectors.values()].map((connector) => connector.close()))
  await link.close()
}
