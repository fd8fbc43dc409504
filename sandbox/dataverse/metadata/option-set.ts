import type { ChoiceOption, Column } from '../../common/table.js'
import { stableId } from '../stable-id.js'
import type { DataverseTable } from '../tables.js'
import type { Definition, Plain } from './definition.js'
import { NO_LABEL, labelOf, managed } from './definition.js'

/** The options of a choice, a state or a status. */
export function optionSet(
  table: DataverseTable,
  column: Column,
  label: string,
  options: readonly ChoiceOption[],
): Definition {
  const type = column.name === 'statecode' ? 'State' : column.name === 'statuscode' ? 'Status' : 'Picklist'
  return {
    type: 'OptionSetMetadata',
    properties: {
      ...common(table, column, label, type),
      ParentOptionSetName: null,
      Options: options.map((option) => ({
        ...(type === 'Picklist' ? {} : { '@odata.type': `#Microsoft.Dynamics.CRM.${type}OptionMetadata` }),
        ...optionJson(table, column, option),
        ...ofState(table, type, option),
      })),
    },
    navigations: {},
  }
}

/** Yes and No. */
export function booleanOptionSet(table: DataverseTable, column: Column, label: string): Definition {
  return {
    type: 'BooleanOptionSetMetadata',
    properties: {
      ...common(table, column, label, 'Boolean'),
      TrueOption: optionJson(table, column, { value: 1, label: 'Yes' }),
      FalseOption: optionJson(table, column, { value: 0, label: 'No' }),
    },
    navigations: {},
  }
}

function common(table: DataverseTable, column: Column, label: string, type: string): Record<string, Plain> {
  const name = `${table.entity}_${column.name}`
  return {
    MetadataId: stableId(`option set ${name}`),
    HasChanged: null,
    IsCustomOptionSet: false,
    IsGlobal: false,
    IsManaged: true,
    Name: name,
    ExternalTypeName: null,
    OptionSetType: type,
    IntroducedVersion: null,
    Description: NO_LABEL,
    DisplayName: labelOf(label, `option set ${name}`),
    IsCustomizable: managed(true, 'iscustomizable'),
  }
}

function optionJson(
  table: DataverseTable,
  column: Column,
  { value, label }: ChoiceOption,
): Record<string, Plain> {
  return {
    Value: value,
    Color: null,
    IsManaged: true,
    ExternalValue: null,
    ParentValues: [],
    Tag: null,
    IsHidden: false,
    MetadataId: null,
    HasChanged: null,
    Label: labelOf(label, `${table.entity}.${column.name}.${value}`),
    Description: NO_LABEL,
  }
}

/** A state names its usual status, a status its state. */
function ofState(table: DataverseTable, type: string, option: ChoiceOption): Record<string, Plain> {
  if (type === 'State') {
    const state = table.states.find(({ value }) => value === option.value)
    return {
      DefaultStatus: state?.statuses[0]?.value ?? null,
      InvariantName: option.label.replaceAll(' ', ''),
    }
  }
  if (type === 'Status') {
    const state = table.states.find(({ statuses }) => statuses.some(({ value }) => value === option.value))
    return { State: state?.value ?? null, TransitionData: null }
  }
  return {}
}
