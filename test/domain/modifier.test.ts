import { expect, test } from 'vitest'
import { findTable } from '../../src/domain/catalog/tables.js'
import { modifierField } from '../../src/domain/modifier.js'
import type { FieldType } from '../../src/domain/value.js'

const TEXT: FieldType = { kind: 'text', maxLength: 50 }

/** A table of PostgreSQL with one column besides. */
function tableWith(name: string, type: FieldType) {
  const accounts = findTable('DATAVERSE', 'accounts')
  if (accounts === undefined) throw new Error('The catalog has no accounts.')
  return { ...accounts, fields: [{ name, caption: name, type }] }
}

test.each(['modified_by', 'ModifiedBy', 'last_updated_by', 'ChangedByName', 'updatedby'])(
  '%s tells who it was',
  (name) => {
    expect(modifierField('POSTGRESQL', tableWith(name, TEXT))?.field.name).toBe(name)
    expect(modifierField('ODATA', tableWith(name, TEXT))?.users).toBeNull()
  },
)

test.each(['modified_on', 'standby', 'created_by'])('%s does not', (name) => {
  expect(modifierField('POSTGRESQL', tableWith(name, TEXT))).toBeNull()
})

test('a number is no name; Dataverse names a user; Business Central does not tell', () => {
  expect(
    modifierField('POSTGRESQL', tableWith('modified_by', { kind: 'integer', nullable: true })),
  ).toBeNull()
  expect(modifierField('DATAVERSE', tableWith('name', TEXT))?.users).toBe('systemusers')
  expect(modifierField('BUSINESS_CENTRAL', tableWith('modified_by', TEXT))).toBeNull()
})
