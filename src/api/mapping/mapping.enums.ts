import { Comparison } from '../../domain/filter.js'
import { DeletionConflictPolicy, FieldStatus } from '../../domain/mapping.js'
import { graphqlEnum } from '../enums.js'
import { registerEnumType } from 'type-graphql'

export const DeletionConflictPolicyEnum = graphqlEnum(
  'DeletionConflictPolicy',
  DeletionConflictPolicy,
  'Resolve Deletion Conflicts: what happens when one record of a coupling is gone.',
  {
    NONE: 'The pair is skipped until a person decides.',
    RESTORE_RECORDS: 'The record is created anew from the one that is left, and coupled with it.',
    DELETE_COUPLING:
      'The coupling is deleted. Where records without a partner are created, the one that is left may be created on the other side again.',
    DELETE_OTHER_RECORD:
      'The record that is left is deleted too, unless it was changed since they were last synchronized.',
  },
)

export const FieldStatusEnum = graphqlEnum(
  'IntegrationFieldMappingStatus',
  FieldStatus,
  'Whether a field mapping is carried out.',
  {
    ENABLED: 'It is carried out.',
    DISABLED: 'It is kept, and neither read nor carried.',
  },
)

/** Named after the domain's names, since its values are signs. */
export const ComparisonEnum = {
  EQUAL: Comparison.equal,
  NOT_EQUAL: Comparison.notEqual,
  LESS: Comparison.less,
  LESS_OR_EQUAL: Comparison.lessOrEqual,
  GREATER: Comparison.greater,
  GREATER_OR_EQUAL: Comparison.greaterOrEqual,
  IN: Comparison.in,
  BLANK: Comparison.blank,
  BEGINS_WITH: Comparison.beginsWith,
  CONTAINS: Comparison.contains,
} as const
registerEnumType(ComparisonEnum, {
  name: 'FilterComparison',
  description: 'How a filter compares. Text is compared without case.',
  valuesConfig: {
    IN: { description: 'Equal to one of several values.' },
    BLANK: { description: 'Empty, whatever the type.' },
  },
})
