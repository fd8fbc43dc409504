/** Entity sets of API v2.0 that exist in Business Central and not here. */
export const UNSERVED_SETS: ReadonlySet<string> = new Set(
  (
    'accounts agedAccountsPayables agedAccountsReceivables apicategoryroutes attachments balanceSheets bankAccounts ' +
    'cashFlowStatements contactsInformation countriesRegions customerContacts customerFinancialDetails customerPaymentJournals ' +
    'customerPayments customerReturnReasons customerSales defaultDimensions dimensions dimensionValues disputeStatus documentAttachments ' +
    'employees entityDefinitions externalbusinesseventdefinitions fixedAssets generalLedgerEntries generalProductPostingGroups ' +
    'incomeStatements inventoryPostingGroups itemLedgerEntries itemVariants jobs journalLines journals locations opportunities ' +
    'paymentMethods pictures projects purchaseCreditMemos purchaseInvoices purchaseOrders purchaseReceipts retainedEarningsStatements salesCreditMemos ' +
    'salesInvoices salesOrders salesQuotes salesShipments taxAreas taxGroups timeRegistrationEntries trialBalances ' +
    'vendorPaymentJournals vendorPayments vendorPurchases webhookSupportedResources'
  ).split(' '),
)
