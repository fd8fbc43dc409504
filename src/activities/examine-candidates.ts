import type { ExaminationInput, ExaminedCandidates } from '../domain/examination.js'
import { candidatesOf, unmatched } from '../domain/match.js'
import { otherSide, Side } from '../domain/value.js'
import { openIntents } from '../persistence/queries/open-intents.js'
import { couplingsOf } from './decide-pairs.js'
import { examined, readOne } from './examine-pair.js'
import { couplingTarget } from './coupling-update.js'
import type { MappingContext } from './mapping-context.js'
import { matchRows, readCandidates } from './match-rows.js'

/** Of what a rule finds as many are shown. */
const SHOWN = 20

/** What each match rule finds for a record, and what match-based coupling would make of it. */
export async function examineCandidates(
  context: MappingContext,
  { side, id }: Extract<ExaminationInput, { readonly kind: 'candidates' }>,
): Promise<ExaminedCandidates> {
  const other = otherSide(side)
  const [read, own] = await Promise.all([readOne(context, side, id), couplingsOf(context, side, [id])])
  const record = examined(context, side, id, read, own.get(id) ?? null)
  if (read.kind !== 'found')
    return { kind: 'candidates', record, partnerId: null, problem: record.problem, rules: [] }
  const source = read.record
  const found = await readCandidates(context, side, [source])
  const held = await couplingsOf(context, other, [...found.keys()])
  const matches = await matchRows(
    context,
    side,
    [source],
    await openIntents(context.em, couplingTarget(context), null),
  )
  const match = matches.get(id) ?? { kind: 'none' as const }
  const captions = { source: context.tables[side].caption, destination: context.tables[other].caption }
  const { matchRules } = context.definition
  const none = {
    none: unmatched(matchRules, side, captions).message,
    busy: `The ${captions.destination} record that matches is being written at the moment.`,
  }
  return {
    kind: 'candidates',
    record,
    partnerId: match.kind === 'one' ? match.partner.id : null,
    problem:
      record.problem ??
      (match.kind === 'several' ? match.failure.message : match.kind === 'one' ? null : none[match.kind]),
    rules: matchRules
      .toSorted((a, b) => a.priority - b.priority)
      .map((rule) => {
        const candidates = candidatesOf(rule, source, side, [...found.values()])
        return {
          priority: rule.priority,
          fields: rule.pairs.map((pair) => (side === Side.local ? pair.localField : pair.integrationField)),
          caseSensitive: rule.caseSensitive,
          total: candidates.length,
          candidates: candidates
            .slice(0, SHOWN)
            .map((candidate) =>
              examined(
                context,
                other,
                candidate.id,
                { kind: 'found', record: candidate },
                held.get(candidate.id) ?? null,
              ),
            ),
        }
      }),
  }
}
