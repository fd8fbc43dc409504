import type { Column, ColumnType } from '../../common/table.js'
import { assertNever } from '../../common/table.js'
import type { OptionSets } from '../options.js'
import type { DataverseTable } from '../tables.js'
import { entityOfSet } from '../tables.js'
import { LONGEST_MEMO, decimalRange } from '../values.js'
import type { Definition, Plain } from './definition.js'
import { managed } from './definition.js'
import { nameOf } from './names.js'
import { booleanOptionSet, optionSet } from './option-set.js'

/** What the type of a column makes of its definition. */
export interface Kind {
  /** `AttributeTypeCode`. */
  readonly code: string
  /** `AttributeTypeName`, where it is not the code with `Type` behind it. */
  readonly typeName?: string
  /** Type of the definition without `AttributeMetadata`. */
  readonly type: string
  readonly properties: Readonly<Record<string, Plain>>
  readonly navigations?: Definition['navigations']
}

/** Throws where a column has a type that only Business Central knows. */
export function kindOf(table: DataverseTable, column: Column, optionSets: OptionSets): Kind {
  const { type } = column
  switch (type.kind) {
    case 'guid':
      return column.lookup === undefined
        ? { code: 'Uniqueidentifier', type: 'UniqueIdentifier', properties: {} }
        : lookupKind(column)
    case 'text':
      return {
        code: 'String',
        type: 'String',
        properties: textProperties(type.length, formatOf(column.name)),
      }
    case 'memo':
      return {
        code: 'Memo',
        type: 'Memo',
        properties: { Format: 'TextArea', ImeMode: 'Auto', MaxLength: LONGEST_MEMO, IsLocalizable: false },
      }
    case 'decimal':
      return decimalKind(table, column, type)
    case 'integer':
      return {
        code: 'Integer',
        type: 'Integer',
        properties: { Format: 'None', MaxValue: type.maximum, MinValue: type.minimum, SourceTypeMask: 0 },
      }
    case 'bigint':
      return { code: 'BigInt', type: 'BigInt', properties: { MaxValue: null, MinValue: null } }
    case 'boolean': {
      const set = booleanOptionSet(table, column, nameOf(table.entity, column.name).label)
      return {
        code: 'Boolean',
        type: 'Boolean',
        properties: { DefaultValue: column.initial === 't', SourceTypeMask: 0 },
        navigations: { OptionSet: set, GlobalOptionSet: set },
      }
    }
    case 'choice': {
      const { label } = nameOf(table.entity, column.name)
      const set = optionSet(table, column, label, optionSets.of(table, column))
      const code =
        column.name === 'statecode' ? 'State' : column.name === 'statuscode' ? 'Status' : 'Picklist'
      return {
        code,
        type: code,
        properties: {
          DefaultFormValue: column.initial === undefined ? -1 : Number(column.initial),
          SourceTypeMask: 0,
        },
        navigations: { OptionSet: set, GlobalOptionSet: set },
      }
    }
    case 'date':
      return dateTimeKind('DateOnly', 'DateOnly')
    case 'dateTime':
      return dateTimeKind('DateAndTime', 'UserLocal')
    case 'code':
    case 'option':
      throw new Error(`Column ${column.name} is of a type that Dataverse does not have.`)
    default:
      return assertNever(type)
  }
}

function lookupKind(column: Column): Kind {
  const ways = column.lookup?.ways ?? []
  const properties = { Targets: ways.map((way) => entityOfSet(way.target)), Format: 'None' }
  if (column.lookup?.kindColumn === undefined) return { code: 'Lookup', type: 'Lookup', properties }
  return { code: column.lookup.attribute === 'ownerid' ? 'Owner' : 'Customer', type: 'Lookup', properties }
}

/** Amounts keep four decimals whatever their currency. */
function decimalKind(
  table: DataverseTable,
  column: Column,
  type: Extract<ColumnType, { kind: 'decimal' }>,
): Kind {
  const of = column.name.endsWith('_base') ? column.name.slice(0, -'_base'.length) : null
  const { minimum, maximum } = decimalRange(table, column.name, type)
  const properties = {
    MaxValue: maximum,
    MinValue: minimum,
    Precision: type.scale,
    ImeMode: 'Disabled',
    SourceTypeMask: 0,
  }
  if (of === null && !table.money.includes(column.name))
    return { code: 'Decimal', type: 'Decimal', properties }
  return {
    code: 'Money',
    type: 'Money',
    properties: { ...properties, PrecisionSource: 0, CalculationOf: of, IsBaseCurrency: of !== null },
  }
}

function dateTimeKind(format: string, behavior: string): Kind {
  return {
    code: 'DateTime',
    type: 'DateTime',
    properties: {
      Format: format,
      ImeMode: 'Inactive',
      MinSupportedValue: '1753-01-01T00:00:00Z',
      MaxSupportedValue: '9999-12-30T23:59:59Z',
      SourceTypeMask: 0,
      DateTimeBehavior: { Value: behavior },
      CanChangeDateTimeBehavior: managed(false, 'canchangedatetimebehavior', false),
    },
  }
}

export function textProperties(length: number, format: string): Record<string, Plain> {
  return {
    Format: format,
    ImeMode: 'Auto',
    MaxLength: length,
    YomiOf: null,
    IsLocalizable: false,
    DatabaseLength: length * 2,
    SourceTypeMask: 0,
    FormatName: { Value: format },
  }
}

function formatOf(name: string): string {
  if (name.includes('email')) return 'Email'
  if (name === 'websiteurl' || name === 'producturl') return 'Url'
  return /telephone|phone|^fax$|^pager$/.test(name) ? 'Phone' : 'Text'
}
