import { Arg, Authorized, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql'
import type { UpdateConflictPolicy } from '../../domain/mapping.js'
import { Role } from '../../domain/role.js'
import { policyKeeping, type Rule } from '../../domain/rule.js'
import type { Side } from '../../domain/value.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { RecordState } from '../../persistence/entities/record-state.js'
import type { ApiContext } from '../context.js'
import { SideEnum, UpdateConflictPolicyEnum } from '../enums.js'
import { apiError, badUserInput, ErrorCode } from '../errors.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseId } from '../identifiers.js'
import { applyRule, rehearseRule } from './rules.js'
import {
  ApplyRuleResult,
  FieldRuleInput,
  RehearsedRuleType,
  type RuleAppliedType,
  type RuleNotAppliedType,
} from './rule.type.js'

/** "Make this a rule": what was decided for one record is decided so for all. */
@Resolver()
export class RuleResolver {
  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RehearsedRuleType, {
    description:
      'Make this a rule: turns a decision about a skipped synch. record into owners of fields (`fields`), a side that wins as a whole (`keep`), or another policy, and rehearses the mapping with it on its latest recorded changes; waits up to 25 seconds. The mapping stays as it is: applyRule gives it the rule. NOT_FOUND, BAD_USER_INPUT.',
  })
  async rehearseRule(
    @Arg('skippedSynchRecordId', () => ID, {
      description: 'The record that was, or is to be, decided so; settled ones are known by their coupling.',
      nullable: true,
    })
    skippedId: string | null | undefined,
    @Arg('couplingId', () => ID, {
      nullable: true,
      description: 'In place of it: a coupling of the mapping.',
    })
    couplingId: string | null | undefined,
    @Arg('keep', () => SideEnum, { nullable: true }) keep: Side | null | undefined,
    @Arg('policy', () => UpdateConflictPolicyEnum, { nullable: true })
    policy: UpdateConflictPolicy | null | undefined,
    @Arg('fields', () => [FieldRuleInput], { nullable: true }) fields: FieldRuleInput[] | null | undefined,
    @Arg('last', () => Int, { defaultValue: 1000, description: 'So many recorded changes, at most 20,000.' })
    last: number,
    @Ctx() context: ApiContext,
  ): Promise<RehearsedRuleType> {
    const rule = ruleOf(keep ?? null, policy ?? null, fields ?? null)
    const mapping = await mappingOf(context, skippedId ?? null, couplingId ?? null)
    return rehearseRule(context, mapping, rule, last)
  }

  @Authorized(Role.administrator)
  @Mutation(() => ApplyRuleResult, {
    description:
      'Gives a mapping what was rehearsed, as a new version, unless it was changed since. Records in conflict are decided by it once they are retried. NOT_FOUND if there is no such rehearsal.',
  })
  async applyRule(
    @Arg('rehearsalId', () => ID) rehearsalId: string,
    @Arg('note', () => String, { nullable: true, description: 'Why; kept with the version.' })
    note: string | null,
    @Ctx() context: ApiContext,
  ): Promise<RuleAppliedType | RuleNotAppliedType> {
    return applyRule(context, parseId(rehearsalId, 'rehearsalId'), note ?? null)
  }
}

function ruleOf(
  keep: Side | null,
  policy: UpdateConflictPolicy | null,
  fields: readonly FieldRuleInput[] | null,
): Rule {
  if ([keep, policy, fields].filter((given) => given !== null).length !== 1)
    throw badUserInput([{ argument: 'keep', message: 'Expected exactly one of keep, policy and fields.' }])
  if (keep !== null) return { kind: 'policy', policy: policyKeeping(keep) }
  if (policy !== null) return { kind: 'policy', policy }
  const owners = Object.fromEntries((fields ?? []).map(({ name, owner }) => [name, owner]))
  const count = Object.keys(owners).length
  if (count === 0 || count < (fields ?? []).length)
    throw badUserInput([{ argument: 'fields', message: 'Expected at least one field, and each once.' }])
  return { kind: 'owners', owners }
}

/** The mapping of the record that was decided. */
async function mappingOf(
  context: ApiContext,
  skippedId: string | null,
  couplingId: string | null,
): Promise<Mapping> {
  const { em, loaders } = context
  if ((skippedId === null) === (couplingId === null)) {
    const message = 'Expected either the skipped synch. record or the coupling.'
    throw badUserInput([{ argument: 'skippedSynchRecordId', message }])
  }
  const record =
    skippedId === null
      ? await loaders.coupling.load(parseId(couplingId ?? '', 'couplingId'))
      : await em.findOne(
          RecordState,
          { id: parseId(skippedId, 'skippedSynchRecordId') },
          { disableIdentityMap: true },
        )
  const mapping = record === null ? null : await loaders.mapping.load(record.mappingId)
  if (mapping !== null) return mapping
  throw apiError(
    ErrorCode.notFound,
    `There is no such record any more; it may have been settled meanwhile. Name its coupling instead.`,
  )
}
