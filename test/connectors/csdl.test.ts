import { describe, expect, test } from 'vitest'
import { readMetadata } from '../../src/connectors/http/csdl.js'
import { describeTable, UnusableTableError } from '../../src/connectors/business-central/describe-table.js'
import { ENTITY_SET } from '../../src/domain/catalog/business-central/common.js'

const METADATA = `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="Microsoft.NAV" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <!-- <EntityType Name="commentedOut"></EntityType> -->
      <EnumType Name="shippingAdvice"><Member Name="_x0020_" Value="0"/><Member Name="Non_x002D_Partial" Value="1"/></EnumType>
      <EnumType Name="nothing"/>
      <EntityType Name="salesOrder">
        <Key><PropertyRef Name="id"/></Key>
        <Property Name="id" Type="Edm.Guid" Nullable="false"/>
        <Property Name="number" Type="Edm.String" MaxLength="20"/>
        <Property Name="phoneNumber" Type="Edm.String" MaxLength='30'/>
        <Property Name="countryCode" Type="Edm.String" MaxLength="10"/>
        <Property Name="comment" Type="Edm.String"/>
        <Property Name="amount" Type="Edm.Decimal" Scale="Variable"/>
        <Property Name="rate" Type="Edm.Decimal" Scale="2"/>
        <Property Name="sequence" Type="Edm.Int32"/>
        <Property Name="isOpen" Type="Edm.Boolean"/>
        <Property Name="orderDate" Type="Edm.Date"/>
        <Property Name="sentAt" Type="Edm.DateTimeOffset"/>
        <Property Name="advice" Type="Microsoft.NAV.shippingAdvice"/>
        <Property Name="customerId" Type="Edm.Guid"/>
        <Property Name="paymentTermsId" Type="Edm.Guid"/>
        <Property Name="billToId" Type="Edm.Guid"/>
        <Property Name="shipmentId" Type="Edm.Guid"/>
        <Property Name="document" Type="Edm.Stream"/>
        <Property Name="address" Type="Microsoft.NAV.postalAddress"/>
        <Property Name="tags" Type="Collection(Edm.String)"/>
        <Property Name="lastModifiedDateTime" Type="Edm.DateTimeOffset"/>
        <NavigationProperty Name="customer" Type="Microsoft.NAV.customer"/>
        <NavigationProperty Name="paymentTerm" Type="Microsoft.NAV.paymentTerm"/>
        <NavigationProperty Name="payer" Type="Microsoft.NAV.customer">
          <ReferentialConstraint Property="billToId" ReferencedProperty="id"/>
        </NavigationProperty>
        <NavigationProperty Name="shipment" Type="Collection(Microsoft.NAV.customer)"/>
      </EntityType>
      <EntityType Name="customer"><Key><PropertyRef Name="id"/></Key></EntityType>
      <EntityType Name="paymentTerm"><Key><PropertyRef Name="id"/></Key></EntityType>
      <EntityType Name="line">
        <Key><PropertyRef Name="document"/><PropertyRef Name="line"/></Key>
        <Property Name="lastModifiedDateTime" Type="Edm.DateTimeOffset"/>
      </EntityType>
      <EntityType Name="note"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/><Property Name="text" Type="Edm.String"/></EntityType>
      <EntityType Name="memo">
        <Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/>
        <Property Name="subject" Type="Edm.String" MaxLength="1&#48;0"/>
        <Property Name="lastModifiedDateTime" Type="Edm.DateTimeOffset"/>
      </EntityType>
      <EntityContainer Name="NAV">
        <EntitySet Name="salesOrders" EntityType="Microsoft.NAV.salesOrder"/>
        <EntitySet Name="customers" EntityType="Microsoft.NAV.customer"/>
        <EntitySet Name="paymentTerms" EntityType="Microsoft.NAV.paymentTerm"/>
        <EntitySet Name="lines" EntityType="Microsoft.NAV.line"/>
        <EntitySet Name="notes" EntityType="Microsoft.NAV.note"/>
        <EntitySet Name="memos" EntityType="Microsoft.NAV.memo"/>
      </EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>`

const metadata = readMetadata(METADATA)

describe('a table that no catalog knows', () => {
  test('is described by its metadata alone: types, lengths, lookups, and what cannot be synchronized', () => {
    const { fields, ...table } = describeTable(metadata, 'salesOrders')
    expect(table).toEqual({
      ...ENTITY_SET,
      name: 'salesOrders',
      caption: 'Sales Order',
      nameField: 'number',
      page: '',
      assignedKey: { field: 'number', prefix: 'S', digits: 6 },
    })
    expect(Object.fromEntries(fields.map((field) => [field.name, field.type]))).toEqual({
      number: { kind: 'code', maxLength: 20 },
      phoneNumber: { kind: 'text', maxLength: 30 },
      countryCode: { kind: 'code', maxLength: 10 },
      comment: { kind: 'text', maxLength: 2048 },
      amount: { kind: 'decimal', scale: 5, nullable: false },
      rate: { kind: 'decimal', scale: 2, nullable: false },
      sequence: { kind: 'integer', nullable: false },
      isOpen: { kind: 'boolean', nullable: false },
      orderDate: { kind: 'date' },
      sentAt: { kind: 'dateTime' },
      advice: { kind: 'option', members: ['Non-Partial'] },
      customerId: { kind: 'lookup', table: 'customers' },
      paymentTermsId: { kind: 'lookup', table: 'paymentTerms' },
      billToId: { kind: 'lookup', table: 'customers' },
      shipmentId: { kind: 'guid' },
      document: { kind: 'unsupported', name: 'Edm.Stream' },
      address: { kind: 'unsupported', name: 'postalAddress' },
      tags: { kind: 'unsupported', name: 'Collection(Edm.String)' },
    })
    expect(fields.find((field) => field.name === 'countryCode')?.caption).toBe('Country Code')
  })

  test('has no key of its own where it has no number and no code', () => {
    const table = describeTable(metadata, 'memos')
    expect(table.assignedKey).toBeUndefined()
    expect(table.nameField).toBe('subject')
    expect(table.fields).toEqual([
      { name: 'subject', caption: 'Subject', type: { kind: 'text', maxLength: 100 } },
    ])
  })

  test.each([
    ['lines', /no single key/],
    ['notes', /no lastModifiedDateTime/],
    ['invoices', /has no table invoices/],
  ])('%s cannot be synchronized', (name, message) => {
    expect(() => describeTable(metadata, name)).toThrow(UnusableTableError)
    expect(() => describeTable(metadata, name)).toThrow(message)
  })
})

test('text that is no metadata is refused', () => {
  expect(() => readMetadata('<html><body>Sign in</body></html>')).toThrow(SyntaxError)
})
