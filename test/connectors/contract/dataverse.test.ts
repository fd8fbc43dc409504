import { contractSuite } from './contract.js'
import { sandboxSubject } from './sandbox-subject.js'

contractSuite(sandboxSubject('DATAVERSE'))
