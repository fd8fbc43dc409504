// PostGraphile over the database of PEER_DATABASE_URL, over HTTP as its manual serves it, without sign-in, until it is asked to end.
// Plain JavaScript, since its types change those of the package graphql for everything that is compiled with it.
import { createServer } from 'node:http'
import { grafserv } from 'postgraphile/grafserv/node'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  // Without it only columns that stand first in an index can be filtered and sorted by.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [makePgService({ connectionString: process.env.PEER_DATABASE_URL, schemas: ['public'] })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: { explain: false },
})
const served = instance.createServ(grafserv)
const server = createServer()
await served.addTo(server)
// Planned and built once before it is said to be ready.
await instance.getSchema()
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
process.send?.({ ready: true, url: `http://127.0.0.1:${server.address().port}/graphql` })

await new Promise((resolve) => {
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, resolve)
})
server.closeAllConnections()
await served.release()
await instance.release()
process.exit(0)
