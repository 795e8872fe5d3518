import { createContext, useContext } from 'react'
import type { ReactNode } from 'react'
import type { PageModel } from './page-model.ts'
import type { PageState } from './store.ts'
import { usePick } from './store.ts'

const PageModelContext = createContext<PageModel | null>(null)

export function PageModelProvider({ model, children }: { model: PageModel; children: ReactNode }) {
  return <PageModelContext.Provider value={model}>{children}</PageModelContext.Provider>
}

export function usePageModel(): PageModel {
  const model = useContext(PageModelContext)
  if (model === null) throw new Error('usePageModel must be used within a PageModelProvider')
  return model
}

/** The part of the page's state that `select` picks. */
export function usePageState<Picked>(select: (state: PageState) => Picked): Picked {
  return usePick(usePageModel().store, select)
}
