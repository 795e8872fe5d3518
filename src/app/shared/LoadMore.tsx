/** Under a list that comes page by page: asking for more, and what went wrong when one did. */
import { Button } from '@zendeskgarden/react-buttons'
import { ErrorSentence } from './ErrorSentence.tsx'
import type { KeysetList } from './useKeysetList.ts'

export type LoadMoreProps = {
  list: Extract<KeysetList<unknown>, { status: 'success' }>
  /** Null when there is no more. */
  loadMore: (() => Promise<void>) | null
  label: string
}

export function LoadMore({ list, loadMore, label }: LoadMoreProps) {
  return (
    <>
      {loadMore !== null && (
        <Button
          size="small"
          isBasic
          disabled={list.more === 'processing'}
          onClick={() => void loadMore()}
        >
          {label}
        </Button>
      )}
      {typeof list.more === 'object' && <ErrorSentence error={list.more.error} />}
    </>
  )
}
