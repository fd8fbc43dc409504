import { boolean, decimal, guid, lookup, memo, text } from '../columns.js'
import type { DataverseTable } from './table.js'
import { ACTIVE_INACTIVE, BASE, CREATE_ONLY, STAMPS, stateColumns } from './table.js'

/** Unit groups. */
export const UNIT_SCHEDULES: DataverseTable = {
  ...BASE,
  name: 'uomschedules',
  entity: 'uomschedule',
  schemaName: 'UoMSchedule',
  caption: 'Unit Group',
  pluralCaption: 'Unit Groups',
  objectTypeCode: 1056,
  ownership: 'OrganizationOwned',
  key: 'uomscheduleid',
  required: ['name', 'baseuomname'],
  states: ACTIVE_INACTIVE,
  columns: [
    guid('uomscheduleid'),
    text('name', 200, { indexed: true }),
    memo('description'),
    text('baseuomname', 100, { createOnly: true }),
    ...stateColumns(ACTIVE_INACTIVE),
    ...CREATE_ONLY,
    ...STAMPS,
  ],
}

/** Units; each group has a primary one, which is made with the group. */
export const UNITS: DataverseTable = {
  ...BASE,
  name: 'uoms',
  entity: 'uom',
  schemaName: 'UoM',
  caption: 'Unit',
  pluralCaption: 'Units',
  objectTypeCode: 1055,
  ownership: 'OrganizationOwned',
  key: 'uomid',
  required: ['name', 'quantity', 'uomscheduleid'],
  columns: [
    guid('uomid'),
    text('name', 100, { indexed: true }),
    decimal('quantity', 10, { minimum: 0, maximum: 100_000_000_000 }),
    lookup('uomscheduleid', 'uomschedules', 'cascade', { createOnly: true }),
    lookup('baseuom', 'uoms', 'restrict'),
    boolean('isschedulebaseuom', { readOnly: true, initial: 'f' }),
    ...CREATE_ONLY,
    ...STAMPS,
  ],
}
