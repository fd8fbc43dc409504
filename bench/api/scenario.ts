import { join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../../src/embedded/package-root.js'
import { findFreePort } from '../../src/embedded/port.js'
import { migrate, openDatabase } from '../../src/persistence/database.js'
import { ensureDemo } from '../../src/persistence/demo.js'
import { Child } from '../child.js'
import type { Cleanup } from '../cleanup.js'
import type { Servers } from '../servers.js'
import { load, type Latency, type Target } from './load.js'
import { questionsOf } from './questions.js'
import { seed, sizeOf, type ApiSize } from './seed.js'

/** One question: how Accord answers it with few and with many requests under way, and how the peer does. */
export interface ApiMeasurement {
  readonly what: string
  readonly mostMilliseconds: number | null
  readonly few: Latency
  readonly many: Latency
  readonly peer: Latency | null
}

export interface ApiScenario {
  readonly size: ApiSize
  readonly seedSeconds: number
  readonly measurements: readonly ApiMeasurement[]
  readonly apiPeakMebibytes: number | null
}

const FEW = 4
const MANY = 20
/** Of each question with few requests under way, then of Accord and of the peer with many. */
const SECONDS = 8

const LOCAL_TOKEN = 'token-of-the-benchmark'

const ready = z.object({ url: z.url() })

/** Fills a database with `errors` errors and what belongs to them, and measures the API over HTTP, signed in with an access token. */
export async function runApiScenario(
  servers: Servers,
  cleanup: Cleanup,
  errors: number,
  say: (text: string) => void,
): Promise<ApiScenario> {
  const size = sizeOf(errors)
  const url = await servers.createDatabase(`api_${errors}`)
  await makeConnection(url)
  const started = performance.now()
  await seed(url, size)
  const seedSeconds = (performance.now() - started) / 1000
  say(`${errors} errors and as many couplings: seeded in ${seedSeconds.toFixed(0)} s`)
  const api = await startApi(servers, cleanup, url)
  const accord = await signedIn(api)
  const peer = await startPeer(servers, cleanup, url)
  const measurements: ApiMeasurement[] = []
  for (const asked of await questionsOf(url)) {
    const few = await load(accord, asked.accord, { inFlight: FEW, seconds: SECONDS })
    const many = await load(accord, asked.accord, { inFlight: MANY, seconds: SECONDS })
    const other =
      asked.peer === null ? null : await load(peer, asked.peer, { inFlight: MANY, seconds: SECONDS })
    say(
      `${asked.what}: ${FEW} in flight p50 ${few.p50.toFixed(1)} ms, p95 ${few.p95.toFixed(1)} ms; ${MANY} in flight ${many.perSecond.toFixed(0)}/s` +
        (other === null ? '' : `, PostGraphile ${other.perSecond.toFixed(0)}/s`),
    )
    measurements.push({
      what: asked.what,
      mostMilliseconds: asked.mostMilliseconds,
      few,
      many,
      peer: other,
    })
  }
  return { size, seedSeconds, measurements, apiPeakMebibytes: await api.peakMebibytes() }
}

/** The connection of the demo with its mappings; nobody calls its systems. */
async function makeConnection(url: string): Promise<void> {
  const database = await openDatabase(url)
  try {
    await migrate(database, url)
    await ensureDemo(database.em.fork(), {
      businessCentralUrl: 'http://127.0.0.1:9/api/v2.0',
      companyId: '00000000-0000-4000-8000-000000000001',
      dataverseUrl: 'http://127.0.0.1:9/api/data/v9.2',
      tokenUrl: 'http://127.0.0.1:9/token',
      clientId: 'bench',
      clientSecret: 'env:BENCH_SANDBOX_SECRET',
    })
  } finally {
    await database.close(true)
  }
}

async function startApi(servers: Servers, cleanup: Cleanup, url: string): Promise<Child> {
  const api = await Child.start({
    title: 'The API',
    script: join(packageRoot(), 'dist', 'src', 'main.js'),
    arguments: ['serve'],
    environment: {
      ACCORD_DATA: join(servers.home, 'api'),
      ACCORD_DATABASE_URL: url,
      TEMPORAL_ADDRESS: servers.temporalAddress,
      ACCORD_API_PORT: String(await findFreePort()),
      ACCORD_API_TOKEN: LOCAL_TOKEN,
      // One token sends all requests.
      ACCORD_RATE_LIMIT: '0',
      NODE_ENV: 'production',
    },
    logFile: join(servers.home, 'api.log'),
  })
  cleanup.add(() => api.stop())
  return api
}

/** The API with an access token for reading, made as an administrator makes one. */
async function signedIn(api: Child): Promise<Target> {
  const { url } = ready.parse(api.ready)
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${LOCAL_TOKEN}` },
    body: JSON.stringify({
      query: 'mutation { createAccessToken(input: { name: "bench", role: VIEWER }) { token } }',
    }),
  })
  const answer = z
    .object({ data: z.object({ createAccessToken: z.object({ token: z.string() }) }) })
    .parse(await response.json())
  return {
    name: 'Accord',
    url,
    headers: { authorization: `Bearer ${answer.data.createAccessToken.token}` },
  }
}

async function startPeer(servers: Servers, cleanup: Cleanup, url: string): Promise<Target> {
  const peer = await Child.start({
    title: 'PostGraphile',
    script: join(packageRoot(), 'bench', 'peers', 'postgraphile.mjs'),
    arguments: [],
    environment: { PEER_DATABASE_URL: url, NODE_ENV: 'production' },
    logFile: join(servers.home, 'postgraphile.log'),
  })
  cleanup.add(() => peer.stop())
  return { name: 'PostGraphile', url: ready.parse(peer.ready).url, headers: {} }
}
