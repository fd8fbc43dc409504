import { contractSuite } from './contract.js'
import { odataSubject } from './sandbox-subject.js'

contractSuite(odataSubject('DATAVERSE'))
