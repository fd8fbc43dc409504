import type { ReactNode } from 'react'
import { Route, Routes } from 'react-router'
import { NotFoundState } from '../../shared/states.js'
import { Agreement } from './agreement.js'
import { CouplingPage } from './coupling-page.js'
import { CouplingList } from './list.js'
import { MatchPage } from './match.js'
import { SetUpCoupling } from './set-up.js'

export default function Couplings(): ReactNode {
  return (
    <Routes>
      <Route index element={<CouplingList />} />
      <Route path="match" element={<MatchPage />} />
      <Route path="agreement" element={<Agreement />} />
      <Route path="new" element={<SetUpCoupling />} />
      <Route path=":id" element={<CouplingPage />} />
      <Route path="*" element={<NotFoundState />} />
    </Routes>
  )
}
