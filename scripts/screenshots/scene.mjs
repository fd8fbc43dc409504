// What happens in the demo before its pictures are taken: people edit the same records on both sides, Sales refuses some, contacts are
// deleted, and others wait to be carried. It changes the demo's records for good.

/** Both sides have a word on these. */
const CLASHES = {
  'Wartian Herkku': [
    { city: 'Turku', phoneNumber: '02-224 8858' },
    { address1_city: 'Tampere', telephone1: '03-224 8858' },
  ],
  'Königlich Essen': [{ city: 'Potsdam' }, { address1_city: 'Cottbus' }],
  'Toms Spezialitäten': [{ addressLine1: 'Hafenweg 12' }, { address1_line1: 'Luisenstr. 50' }],
}
/** These are edited in Business Central and carried. */
const CARRIED = {
  'Ernst Handel': { phoneNumber: '7675-3400', website: 'https://www.ernst-handel.example.com' },
  'Piccolo und mehr': { city: 'Hallein', addressLine1: 'Ederstr. 4' },
}
/** Sales refuses these. */
const REFUSED = ['Lehmanns Marktstand', 'Ottilies Käseladen', 'Simons bistro', 'Vaffeljernet']
const REFUSED_POSTAL_CODE = '00000'
/** These are edited in Business Central and wait for a run. */
const PLANNED = {
  'Bottom-Dollar Markets': { phoneNumber: '(604) 555-4800', city: 'Vancouver' },
  'Island Trading': { website: 'https://www.island-trading.example.com' },
  'Hungry Coyote Import Store': { addressLine1: '517 Main St.' },
}
/** More than a mapping deletes without being told to. */
const DELETED_CONTACTS = 12

/** @returns the pictures' addresses that depend on what happened */
export async function setScene({ ask, person, sandbox }) {
  const faults = `${sandbox.dataverse.origin}/sandbox/faults`
  const pairOf = async (name, mapping = 'CUSTOMER') => {
    const { couplings } = await ask(
      `query ($filter: CouplingFilter!) { couplings(first: 1, filter: $filter) {
        nodes { id localRecord { id } integrationRecord { id } } } }`,
      { filter: { mapping, text: name } },
    )
    const [pair] = couplings.nodes
    if (pair === undefined)
      throw new Error(`${name} is not coupled: make the pictures of the demo as it began.`)
    return pair
  }
  const synchronize = (name) =>
    ask('mutation ($name: String!) { synchronizeMapping(name: $name) { id } }', { name }).then(
      ({ synchronizeMapping }) => ended(ask, synchronizeMapping.id),
    )

  const edit = async (customers) => {
    for (const [name, changes] of Object.entries(customers)) {
      const { localRecord } = await pairOf(name)
      await person.editCustomer(localRecord.id, changes)
    }
  }

  await setUpWatch(ask)
  for (const [name, [here, there]] of Object.entries(CLASHES)) {
    const { localRecord, integrationRecord } = await pairOf(name)
    await person.editCustomer(localRecord.id, here)
    await person.editAccount(integrationRecord.id, there)
  }
  await edit(CARRIED)
  for (const name of REFUSED) {
    const { localRecord } = await pairOf(name)
    await person.editCustomer(localRecord.id, { postalCode: REFUSED_POSTAL_CODE })
  }
  await add(faults, {
    method: 'PATCH',
    path: 'accounts',
    times: null,
    action: {
      kind: 'reject',
      field: 'address1_postalcode',
      value: REFUSED_POSTAL_CODE,
      code: '0x80040265',
      message: 'The plug-in AddressGuard does not accept this ZIP/postal code.',
    },
  })
  await synchronize('CUSTOMER')

  const { deletionReviews } = await ask('{ deletionReviews(filter: { status: [OPEN] }) { nodes { id } } }')
  if (deletionReviews.nodes.length === 0) {
    const { couplings } = await ask(
      `{ couplings(first: ${DELETED_CONTACTS}, filter: { mapping: "CONTACT" }) { nodes { integrationRecord { id } } } }`,
    )
    for (const { integrationRecord } of couplings.nodes)
      await person.send('DELETE', `${sandbox.dataverse.url}/contacts(${integrationRecord.id})`, null)
    await synchronize('CONTACT')
  }

  await edit(PLANNED)
  const { planMapping } = await ask('mutation { planMapping(name: "CUSTOMER") { id } }')
  await ask('mutation { prepareFullSynch { id } }')
  await ask('mutation { reconcileMapping(name: "CUSTOMER") { id } }')

  const { skippedSynchRecords } = await ask(
    'query ($id: ID!) { skippedSynchRecords(first: 1, filter: { coupling: $id }) { nodes { id } } }',
    { id: (await pairOf('Wartian Herkku')).id },
  )
  const { errorGroups } = await ask('{ errorGroups(first: 20) { nodes { id message } } }')
  const { synchRuns } = await ask('{ synchRuns(first: 50) { id jobs { failed } } }')
  return {
    skipped: skippedSynchRecords.nodes[0]?.id,
    group: errorGroups.nodes.find(({ message }) => message.includes('AddressGuard'))?.id,
    coupling: (await pairOf('Bottom-Dollar Markets')).id,
    plan: planMapping.id,
    run: synchRuns.find(({ jobs }) => jobs.some(({ failed }) => failed > 0))?.id ?? synchRuns[0]?.id,
  }
}

/** Who is told what, and which programs come in: once. */
async function setUpWatch(ask) {
  const { alertRules } = await ask('{ alertRules { id } }')
  if (alertRules.length > 0) return
  await ask(`mutation {
    createAlertChannel(input: { kind: WEBHOOK, name: "On call", url: "https://alerts.example.com/accord" }) { channel { id } }
    many: createAlertRule(input: { kind: ERRORS_OVER, name: "Many errors", threshold: 5, minutes: 60, channelIds: [] }) { id }
    gone: createAlertRule(input: { kind: DELETIONS_WAIT, name: "Deletions wait", channelIds: [] }) { id }
    report: createAccessToken(input: { name: "Report of the week" }) { accessToken { id } }
    delivery: createAccessToken(input: { name: "Delivery of settings", role: ADMINISTRATOR, expiresInDays: 30 }) { accessToken { id } }
  }`)
}

/** A run that is under way for as long as `action` takes: Sales keeps its first answer back. */
export async function duringRun({ ask, sandbox }, action) {
  const faults = `${sandbox.dataverse.origin}/sandbox/faults`
  await add(faults, { method: 'GET', path: 'products', action: { kind: 'delay', milliseconds: 12_000 } })
  const { synchronizeMapping } = await ask(
    'mutation { synchronizeMapping(name: "ITEM-PRODUCT", mode: FULL) { id } }',
  )
  await action()
  await ended(ask, synchronizeMapping.id)
}

/** Sales accepts everything again. */
export async function clearFaults({ sandbox }) {
  await fetch(`${sandbox.dataverse.origin}/sandbox/faults`, { method: 'DELETE' })
}

async function add(faults, fault) {
  const answer = await fetch(faults, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
  if (!answer.ok) throw new Error(`The sandbox refused the fault: ${await answer.text()}`)
}

async function ended(ask, id) {
  for (;;) {
    const { synchRun } = await ask('query ($id: ID!) { synchRun(id: $id) { status } }', { id })
    if (['COMPLETED', 'FAILED', 'CANCELLED'].includes(synchRun.status)) return
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
