import type { ReactNode } from 'react'
import { Route, Routes } from 'react-router'
import { NotFoundState } from '../../shared/states.js'
import { MakePlan } from './make-plan.js'
import { PlanPage } from './plan-page.js'

export default function Plans(): ReactNode {
  return (
    <Routes>
      <Route index element={<MakePlan />} />
      <Route path=":id" element={<PlanPage />} />
      <Route path="*" element={<NotFoundState />} />
    </Routes>
  )
}
