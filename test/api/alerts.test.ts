import { createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deliverAlerts } from '../../src/alerts/deliver-alerts.js'
import { judgeAlerts, purgeAlerts } from '../../src/persistence/alerts.js'
import { PostgresGovernorStore } from '../../src/persistence/governor.js'
import { SharedGovernor } from '../../src/connectors/shared-governor.js'
import { Lane } from '../../src/domain/lane.js'
import { createSecretOpener } from '../../src/secrets/stored-secret.js'
import { SECRET_KEY, startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

interface Post {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let api: TestApi
let rows: Rows
/** Stands for whoever is told by webhook. */
let receiver: Server
let address = ''
const posts: Post[] = []
/** Statuses of the next answers; 204 when there is none left. */
const answers: number[] = []

beforeAll(async () => {
  api = await startTestApi('alerts')
  rows = new Rows(api.database)
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      posts.push({ headers: request.headers, body })
      response.writeHead(answers.shift() ?? 204).end()
    })
  })
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve)
  })
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})
beforeEach(async () => {
  posts.length = 0
  answers.length = 0
  await api.reset()
  await api.database.em.fork().execute('truncate alert_rule, alert_channel cascade')
})
afterAll(async () => {
  receiver.close()
  await api.close()
})

/** What a worker does every two seconds. */
function deliver(): Promise<void> {
  return deliverAlerts({
    database: api.database,
    openSecret: createSecretOpener({
      dataDirectory: '/nowhere',
      secrets: { key: SECRET_KEY, previousKeys: null },
    }),
    logger: pino({ level: 'silent' }),
  })
}

async function createChannel(
  input: Readonly<Record<string, unknown>>,
): Promise<{ id: string; secret: string | null }> {
  const { data, errors } = await api.ask<{
    createAlertChannel: { channel: { id: string }; secret: string | null }
  }>(
    'mutation ($input: AlertChannelInput!) { createAlertChannel(input: $input) { channel { id } secret } }',
    { input },
  )
  expect(errors).toEqual([])
  return { id: data.createAlertChannel.channel.id, secret: data.createAlertChannel.secret }
}

function webhook(): Promise<{ id: string; secret: string | null }> {
  return createChannel({ name: 'Duty', kind: 'WEBHOOK', url: address })
}

async function createRule(input: Readonly<Record<string, unknown>>): Promise<string> {
  const { data, errors } = await api.ask<{ createAlertRule: { id: string } }>(
    'mutation ($input: AlertRuleInput!) { createAlertRule(input: $input) { id } }',
    { input: { name: 'Rule', ...input } },
  )
  expect(errors).toEqual([])
  return data.createAlertRule.id
}

/** What was posted, by event and text. */
function told(): readonly unknown[] {
  return posts.map(({ body }) => {
    const { type, data } = JSON.parse(body) as { type: string; data: { subject: string; text: string } }
    return [type, data.subject, data.text]
  })
}

test('a failed run is told once, and once that it is in order again; by any number of workers', async () => {
  const mappingId = await rows.mapping()
  const { id, secret } = await webhook()
  await createRule({ kind: 'RUN_FAILED', channelIds: [id] })
  await rows.run(mappingId, { status: 'FAILED', message: 'No right to read accounts.' })
  const judged = await Promise.all([1, 2, 3].map(() => judgeAlerts(api.database)))
  expect(judged.reduce((sum, one) => sum + (one?.fired ?? 0), 0)).toBe(1)
  await judgeAlerts(api.database)
  await Promise.all([deliver(), deliver()])
  expect(told()).toEqual([
    ['alert.fired', 'Contoso CUSTOMER', 'The last run failed: No right to read accounts.'],
  ])

  const [post] = posts
  const [messageId, timestamp] = [post?.headers['webhook-id'], post?.headers['webhook-timestamp']]
  const key = Buffer.from(String(secret).replace('whsec_', ''), 'base64')
  expect(post?.headers['webhook-signature']).toBe(
    `v1,${createHmac('sha256', key)
      .update(`${String(messageId)}.${String(timestamp)}.${post?.body ?? ''}`)
      .digest('base64')}`,
  )

  await rows.run(mappingId, { status: 'COMPLETED', requestedAt: new Date(), finishedAt: new Date() })
  expect(await judgeAlerts(api.database)).toEqual({ fired: 0, recovered: 1 })
  await judgeAlerts(api.database)
  await deliver()
  expect(told().slice(1)).toEqual([['alert.recovered', 'Contoso CUSTOMER', 'It is in order again.']])

  const { data } =
    await api.ask(`{ alerts(open: false) { nodes { subject message recoveredAt rule { name kind }
    deliveries { event status attempts answer deliveredAt channel { name } } } } }`)
  const delivered = {
    status: 'DELIVERED',
    attempts: 1,
    answer: null,
    deliveredAt: expect.any(String),
    channel: { name: 'Duty' },
  }
  expect(data['alerts']).toEqual({
    nodes: [
      {
        subject: 'Contoso CUSTOMER',
        message: 'The last run failed: No right to read accounts.',
        recoveredAt: expect.any(String),
        rule: { name: 'Rule', kind: 'RUN_FAILED' },
        deliveries: [
          { event: 'FIRED', ...delivered },
          { event: 'RECOVERED', ...delivered },
        ],
      },
    ],
  })
})

test('a receiver that is away is tried again later, under the same id', async () => {
  const mappingId = await rows.mapping()
  const { id } = await webhook()
  await createRule({ kind: 'RUN_FAILED', channelIds: [id] })
  await rows.run(mappingId, { status: 'FAILED' })
  await judgeAlerts(api.database)
  answers.push(503)
  await deliver()
  await deliver()
  expect(posts).toHaveLength(1)
  const log = '{ alertChannels { deliveries { status attempts answer } } }'
  expect((await api.ask(log)).data).toEqual({
    alertChannels: [
      { deliveries: [{ status: 'PENDING', attempts: 1, answer: expect.stringContaining('answered 503') }] },
    ],
  })
  const [wait] = await api.database.em
    .fork()
    .execute<{ seconds: number }[]>(
      'select extract(epoch from due_at - now())::integer as seconds from alert_delivery',
    )
  expect(wait?.seconds).toBeGreaterThan(30)
  expect(wait?.seconds).toBeLessThanOrEqual(60)
  await api.database.em.fork().execute('update alert_delivery set due_at = now()')
  await deliver()
  expect((await api.ask(log)).data).toEqual({
    alertChannels: [{ deliveries: [{ status: 'DELIVERED', attempts: 2, answer: null }] }],
  })
  expect(posts.map(({ headers }) => headers['webhook-id'])[0]).toBe(posts[1]?.headers['webhook-id'])
})

test('many errors, no success, deletions that wait and a limit that is used up are found, each by its rule', async () => {
  const mappingId = await rows.mapping()
  const em = api.database.em.fork()
  const { id } = await webhook()
  const rule = (name: string, input: object) => createRule({ name, channelIds: [id], ...input })
  await rule('Errors', { kind: 'ERRORS_OVER', threshold: 2, minutes: 10, mapping: 'CUSTOMER' })
  await rule('Silence', { kind: 'NO_SUCCESS', minutes: 60 })
  await rule('Deletions', { kind: 'DELETIONS_WAIT' })
  await rule('Budget', { kind: 'BUDGET_USED', threshold: 50 })
  await rows.error(mappingId, { lastSeen: new Date() })
  await rows.error(mappingId, { lastSeen: new Date() })
  await rows.error(mappingId, { lastSeen: new Date(Date.now() - 3_600_000) })
  await rows.run(mappingId, { status: 'COMPLETED', finishedAt: new Date(Date.now() - 1_800_000) })
  expect(await judgeAlerts(api.database)).toEqual({ fired: 0, recovered: 0 })

  await rows.error(mappingId, { lastSeen: new Date() })
  await em.execute("update synch_run set finished_at = '2026-03-01T10:02:00Z'")
  // Of the two that were found, somebody has settled one.
  const waiting = await rows.coupling(mappingId)
  await rows.skipped(mappingId, { couplingId: waiting, state: 'PENDING', reason: 'DELETION_REVIEW' })
  const found = [waiting, await rows.coupling(mappingId)].map((couplingId) => `('${couplingId}'::uuid)`)
  await em.execute(
    `with review as (insert into deletion_review (id, mapping_id, status, couplings)
       values (gen_random_uuid(), '${mappingId}', 'OPEN', 17) returning id)
     insert into deletion_review_record (review_id, coupling_id, gone_side, local_id, integration_id)
       select review.id, of.coupling_id, 'LOCAL', 'here', 'there' from review, (values ${found.join(', ')}) as of (coupling_id)`,
  )
  const governor = new SharedGovernor(new PostgresGovernorStore(api.database))
  await governor.admit(
    { endpoint: 'https://org.crm4.dynamics.com', principal: 'the-client' },
    {
      limits: { window: 300_000, requests: 6_000, execution: 1_200_000, concurrency: 2 },
      operation: 'write',
      rows: 1,
      longest: 60_000,
      lane: Lane.live,
    },
  )
  await judgeAlerts(api.database)
  await deliver()
  expect(told().toSorted()).toEqual([
    ['alert.fired', 'Contoso CUSTOMER', '1 deletions wait for a person to allow or reject them.'],
    ['alert.fired', 'Contoso CUSTOMER', '3 errors were seen in the last 10 minutes, more than 2.'],
    ['alert.fired', 'Contoso CUSTOMER', 'No run has completed since 2026-03-01 10:02 UTC.'],
    [
      'alert.fired',
      'https://org.crm4.dynamics.com the-client',
      'The limits of the system are used up (concurrency: 50 %).',
    ],
  ])
  await governor.close()

  // What is paused on purpose is no alert.
  await em.execute('update integration_table_mapping set paused_at = now()')
  await judgeAlerts(api.database)
  const { data } = await api.ask<{ alerts: { nodes: readonly { rule: { name: string } }[] } }>(
    '{ alerts(open: true) { nodes { rule { name } } } }',
  )
  expect(data.alerts.nodes.map(({ rule: { name } }) => name)).not.toContain('Silence')
  await em.execute('truncate governor')
})

test('the history is read page by page; what recovered long ago goes, what has not stays for ever', async () => {
  const { id: channel } = await webhook()
  const ruleId = await createRule({ kind: 'RUN_FAILED', channelIds: [channel] })
  const other = await createRule({ name: 'Other', kind: 'DELETIONS_WAIT', channelIds: [channel] })
  const em = api.database.em.fork()
  const fired = async (rule: string, subject: string, days: number, recovered: boolean) => {
    await em.execute(
      `with made as (insert into alert (id, rule_id, subject_key, subject, message, fired_at, recovered_at)
         values (gen_random_uuid(), ?, ?, ?, 'Wrong.', now() - make_interval(days => ?), ${recovered ? `now() - make_interval(days => ${days})` : 'null'})
         returning id)
       insert into alert_delivery (id, alert_id, channel_id, event, message, status)
       select gen_random_uuid(), id, ?, 'FIRED', '{}', 'DELIVERED' from made`,
      [rule, subject, subject, days, channel],
    )
  }
  for (const [index, subject] of ['a', 'b', 'c', 'd', 'e'].entries())
    await fired(ruleId, subject, 100 - index, subject !== 'a')
  await fired(other, 'f', 1, true)
  await em.execute(
    `insert into alert_delivery (id, channel_id, event, message, status, created_at)
     values (gen_random_uuid(), ?, 'TEST', '{}', 'DELIVERED', now() - interval '100 days')`,
    [channel],
  )
  interface History {
    readonly alerts: {
      readonly nodes: readonly { readonly subject: string }[]
      readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
      readonly totalCount: number
    }
  }
  const history = async (after: string | null = null, rule: string | null = ruleId, first = 3) => {
    const { data, errors } = await api.ask<History>(
      `query ($after: String, $rule: ID, $first: Int!) { alerts(first: $first, after: $after, ruleId: $rule) {
        nodes { subject } pageInfo { endCursor hasNextPage } totalCount } }`,
      { after, rule, first },
    )
    expect(errors).toEqual([])
    return { ...data.alerts, subjects: data.alerts.nodes.map(({ subject }) => subject).join('') }
  }
  const first = await history()
  expect(first).toMatchObject({ subjects: 'edc', totalCount: 5, pageInfo: { hasNextPage: true } })
  expect(await history(first.pageInfo.endCursor)).toMatchObject({
    subjects: 'ba',
    pageInfo: { hasNextPage: false },
  })
  expect((await history(null, null)).subjects).toBe('fed')

  const purge = async () => {
    let gone = 0
    for (let more = 1; more > 0; gone += more) more = await purgeAlerts(em, 98, 1)
    return gone
  }
  // `b`, `c` and the test; `a` is older, and still wrong.
  expect(await purge()).toBe(3)
  expect((await history(null, null, 50)).subjects).toBe('feda')
  const [left] = await em.execute<{ count: string }[]>('select count(*) from alert_delivery')
  expect(left?.count).toBe('4')
})

test('who looks after an alert says so; who said so first stays, and it recovers all the same', async () => {
  const mappingId = await rows.mapping()
  const { id: channel } = await webhook()
  await createRule({ kind: 'RUN_FAILED', channelIds: [channel] })
  await rows.run(mappingId, { status: 'FAILED', message: 'No right.' })
  await judgeAlerts(api.database)
  const { data } = await api.ask<{
    alerts: { nodes: readonly { id: string; acknowledgedBy: string | null }[] }
  }>('{ alerts { nodes { id acknowledgedBy } } }')
  const [alert] = data.alerts.nodes
  expect(alert?.acknowledgedBy).toBeNull()
  const tokenOf = async (name: string, role: string) =>
    (
      await api.ask<{ createAccessToken: { token: string } }>(
        `mutation { createAccessToken(input: { name: "${name}", role: ${role} }) { token } }`,
      )
    ).data.createAccessToken.token
  const say = (token: string, id = alert?.id) =>
    api.ask<{ acknowledgeAlert: object }>(
      'mutation ($id: ID!) { acknowledgeAlert(id: $id) { acknowledgedBy acknowledgedAt recoveredAt } }',
      { id },
      token,
    )
  const [anna, bert, viewer] = [
    await tokenOf('Anna', 'OPERATOR'),
    await tokenOf('Bert', 'OPERATOR'),
    await tokenOf('Vera', 'VIEWER'),
  ]
  expect((await say(viewer)).errors[0]?.extensions.code).toBe('FORBIDDEN')
  expect((await say(anna, randomUUID())).errors[0]?.extensions.code).toBe('NOT_FOUND')
  const first = await say(anna)
  expect(first.data.acknowledgeAlert).toEqual({
    acknowledgedBy: 'Anna',
    acknowledgedAt: expect.any(String),
    recoveredAt: null,
  })
  expect((await say(bert)).data).toEqual(first.data)

  await rows.run(mappingId, { status: 'COMPLETED', requestedAt: new Date(), finishedAt: new Date() })
  expect(await judgeAlerts(api.database)).toEqual({ fired: 0, recovered: 1 })
  const after = await api.ask('{ alerts(open: false) { nodes { acknowledgedBy } } }')
  expect(after.data['alerts']).toEqual({ nodes: [{ acknowledgedBy: 'Anna' }] })
})

test('the address of a webhook, which may hold a secret, is told to administrators alone', async () => {
  await createChannel({
    name: 'Hooked',
    kind: 'WEBHOOK',
    url: 'https://hooks.example.com:8443/T0/B0/secret?key=1',
  })
  const asked = '{ alertChannels { name host url } }'
  const shown = { name: 'Hooked', host: 'hooks.example.com:8443' }
  expect((await api.ask(asked)).data['alertChannels']).toEqual([
    { ...shown, url: 'https://hooks.example.com:8443/T0/B0/secret?key=1' },
  ])
  for (const role of ['VIEWER', 'OPERATOR']) {
    const { data } = await api.ask<{ createAccessToken: { token: string } }>(
      `mutation { createAccessToken(input: { name: "${role}", role: ${role} }) { token } }`,
    )
    const seen = await api.ask(asked, {}, data.createAccessToken.token)
    expect(seen.data['alertChannels']).toEqual([{ ...shown, url: null }])
  }
})

test('Slack and mail are told as well, and secrets are kept encrypted and never shown', async () => {
  const mails: string[] = []
  const people: string[] = []
  const smtp = new SMTPServer({
    authMethods: ['PLAIN'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      people.push(`${username ?? ''}/${password ?? ''}`)
      done(null, { user: username })
    },
    onData: (stream, _session, done) => {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
  })
  await new Promise<void>((resolve) => {
    smtp.listen(0, '127.0.0.1', resolve)
  })
  try {
    const mail = {
      host: '127.0.0.1',
      port: (smtp.server.address() as AddressInfo).port,
      security: 'NONE',
      user: 'accord',
      from: 'accord@example.com',
      to: ['anna@example.com', 'ben@example.com'],
    }
    const channels = [
      await createChannel({ name: 'Chat', kind: 'SLACK', webhookUrl: `${address}/T000/secret-of-slack` }),
      await createChannel({ name: 'Post', kind: 'EMAIL', mail, password: 'secret-of-mail' }),
    ]
    const mappingId = await rows.mapping()
    await createRule({ name: 'Stopped', kind: 'RUN_FAILED', channelIds: channels.map(({ id }) => id) })
    await rows.run(mappingId, { status: 'FAILED', message: 'Gone.' })
    await judgeAlerts(api.database)
    await deliver()
    expect(posts.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { text: '*Stopped: Contoso CUSTOMER*\nThe last run failed: Gone.' },
    ])
    expect(people).toEqual(['accord/secret-of-mail'])
    expect(mails).toHaveLength(1)
    expect(mails[0]).toContain('Subject: Stopped: Contoso CUSTOMER')
    expect(mails[0]).toContain('To: anna@example.com, ben@example.com')
    expect(mails[0]).toContain('The last run failed: Gone.')

    const shown = await api.ask('{ alertChannels { name url mail { host user to } deliveries { answer } } }')
    const kept = await api.database.em
      .fork()
      .execute('select *, (select json_agg(a) from audit_entry a) as audit from alert_channel')
    expect(JSON.stringify([shown, kept, api.log])).not.toMatch(/secret-of/)
  } finally {
    await new Promise<void>((resolve) => {
      smtp.close(() => resolve())
    })
  }
})

test('a test goes over a channel at once, and tells what went wrong', async () => {
  const { id } = await webhook()
  const worker = setInterval(() => void deliver(), 100)
  try {
    const ask = () =>
      api.ask('mutation ($id: ID!) { testAlertChannel(id: $id) { event status answer channel { name } } }', {
        id,
      })
    expect((await ask()).data).toEqual({
      testAlertChannel: { event: 'TEST', status: 'DELIVERED', answer: null, channel: { name: 'Duty' } },
    })
    expect(told()).toEqual([['alert.test', 'Accord', 'This is a test, asked for by local.']])
    answers.push(404)
    expect((await ask()).data).toMatchObject({
      testAlertChannel: { status: 'FAILED', answer: expect.stringContaining('404') },
    })
  } finally {
    clearInterval(worker)
  }
})

test('what cannot be right is told at once, each with its place; changes are bound to the version seen', async () => {
  const create =
    'mutation ($input: AlertChannelInput!) { createAlertChannel(input: $input) { channel { id } } }'
  const mail = {
    host: 'mail example',
    port: 0,
    security: 'TLS',
    from: 'anna',
    to: ['a@b.c', 'no one'],
    user: 'x',
  }
  const wrong = await api.ask(create, { input: { name: ' ', kind: 'EMAIL', mail } })
  expect(wrong.errors[0]?.extensions['problems']).toMatchObject(
    ['name', 'mail.host', 'mail.port', 'mail.from', 'mail.to[1]', 'password'].map((argument) => ({
      argument: `input.${argument}`,
    })),
  )
  const foreign = await api.ask(create, { input: { name: 'x', kind: 'WEBHOOK', url: 'file:///etc/passwd' } })
  expect(foreign.errors[0]?.extensions['problems']).toMatchObject([{ argument: 'input.url' }])
  const { id } = await webhook()
  expect(
    (await api.ask(create, { input: { name: 'Duty', kind: 'WEBHOOK', url: address } })).errors,
  ).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'input.name' }] } }])
  const rule = await api.ask('mutation ($input: AlertRuleInput!) { createAlertRule(input: $input) { id } }', {
    input: { name: 'r', kind: 'ERRORS_OVER', minutes: 0, channelIds: ['nobody'] },
  })
  expect(rule.errors[0]?.extensions['problems']).toMatchObject(
    ['threshold', 'minutes', 'channelIds[0]'].map((argument) => ({ argument: `input.${argument}` })),
  )
  const update = `mutation ($version: Int!) { updateAlertChannel(id: "${id}", version: $version,
    input: { name: "Night", kind: WEBHOOK, url: "${address}", enabled: false }) { name version enabled } }`
  expect((await api.ask(update, { version: 1 })).data).toEqual({
    updateAlertChannel: { name: 'Night', version: 2, enabled: false },
  })
  expect((await api.ask(update, { version: 1 })).errors).toMatchObject([
    { extensions: { code: 'CONFLICTING_STATE', version: 2 } },
  ])
  expect((await api.ask(`mutation { deleteAlertChannel(id: "${id}") }`)).data).toEqual({
    deleteAlertChannel: id,
  })
  expect((await api.ask('{ alertChannels { id } }')).data).toEqual({ alertChannels: [] })
})
