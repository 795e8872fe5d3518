/** The policy's pages in the nav bar: its versions, one of them, and the editor. */
import { useCallback, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import ArrowLeft from '@zendeskgarden/svg-icons/src/16/arrow-left-sm-stroke.svg?react'
import { styled } from 'styled-components'
import type { PolicyFacts, PolicyVersionList, PolicyVersionView } from '../../contract/policy.ts'
import { PolicyEditor } from '../features/policy-editor/PolicyEditor.tsx'
import { unsavedName, unsavedOf } from '../features/policy-editor/unsaved.ts'
import { PolicyReview } from '../features/policy-review/PolicyReview.tsx'
import { PolicyVersions } from '../features/policy-versions/PolicyVersions.tsx'
import { VersionDetail } from '../features/policy-versions/VersionDetail.tsx'
import { ListFault } from '../shared/ListFault.tsx'
import { LiveRegion, useAnnouncer } from '../shared/LiveRegion.tsx'
import { SkeletonRows } from '../shared/SkeletonRows.tsx'
import { useTranslation } from '../shared/TranslationProvider.tsx'
import { useFetched } from '../shared/useFetched.ts'

/** Points to where the page began. */
const Back = styled(Button.StartIcon)`
  ${({ theme }) => theme.rtl && 'transform: scaleX(-1);'}
`

/** `#policy`, `#policy?version=15`, `#policy?edit=15`, `#policy?edit=new&from=12`. */
type Place =
  | { page: 'list' }
  | { page: 'version'; version: number }
  | { page: 'edit'; version: number | null; from: number | null }

const numberIn = (text: string | null) =>
  text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null

export function parsePlace(hash: string): Place {
  const [place, query] = hash.replace(/^#/, '').split('?')
  if (place !== 'policy') return { page: 'list' }
  const parameters = new URLSearchParams(query)
  const version = numberIn(parameters.get('version'))
  if (version !== null) return { page: 'version', version }
  const edited = parameters.get('edit')
  if (edited === 'new') {
    return { page: 'edit', version: null, from: numberIn(parameters.get('from')) }
  }
  const draft = numberIn(edited)
  return draft === null ? { page: 'list' } : { page: 'edit', version: draft, from: null }
}

export function formatPlace(place: Place): string {
  switch (place.page) {
    case 'list':
      return '#policy'
    case 'version':
      return `#policy?version=${place.version}`
    case 'edit':
      return `#policy?edit=${place.version ?? 'new'}${place.from === null ? '' : `&from=${place.from}`}`
  }
}

export function PolicyPages() {
  const { t } = useTranslation()
  const [place, setPlace] = useState<Place>(() => parsePlace(window.location.hash))
  const [message, announce] = useAnnouncer()
  useEffect(() => {
    window.history.replaceState(window.history.state, '', formatPlace(place))
  }, [place])
  const open = useCallback((version: number) => setPlace({ page: 'version', version }), [])
  const changed = (version: PolicyVersionView) => {
    announce(t(`policy.announce.${version.state}`, { version: version.version }))
    open(version.version)
  }
  return (
    <>
      {place.page !== 'list' && (
        <Button isLink onClick={() => setPlace({ page: 'list' })}>
          <Back>
            <ArrowLeft />
          </Back>
          {t('policy.versions.all')}
        </Button>
      )}
      {place.page === 'list' && (
        <PolicyVersions
          unsaved={(version) => unsavedOf(unsavedName(version)) !== undefined}
          onOpen={open}
          onEdit={(version) => setPlace({ page: 'edit', version, from: null })}
        />
      )}
      {place.page === 'version' && (
        <Version
          // What it says after an act is another question.
          key={`${place.version} ${message}`}
          version={place.version}
          onChanged={changed}
          onEdit={(version, from) => setPlace({ page: 'edit', version, from })}
        />
      )}
      {place.page === 'edit' && <Editing place={place} onSubmitted={changed} />}
      <LiveRegion text={message} />
    </>
  )
}

/** What comes together is shown together. */
function Loaded<Data>(props: {
  path: string
  children: (data: Data, reload: () => Promise<void>) => ReactNode
}) {
  const [fetched, reload] = useFetched<Data>(props.path)
  switch (fetched.status) {
    case 'processing':
      return <SkeletonRows count={4} />
    case 'error':
      return <ListFault error={fetched.error} reload={reload} />
    case 'success':
      return props.children(fetched.data, reload)
  }
}

const NO_NAMES: PolicyFacts = { people: [], groups: [], customRoles: [], ticketFields: [] }

function Version(props: {
  version: number
  onChanged: (version: PolicyVersionView) => void
  onEdit: (version: number | null, from: number | null) => void
}) {
  const { version, onChanged, onEdit } = props
  // Without names, ids are said alone: no reason to keep a decision from anybody.
  const [facts] = useFetched<PolicyFacts>('/policy/facts')
  const [list] = useFetched<PolicyVersionList>('/policy/versions')
  return (
    <Loaded<PolicyVersionView> path={`/policy/versions/${version}`}>
      {(view) => (
        <VersionDetail
          version={view}
          review={
            view.analysis === null ? null : (
              <PolicyReview
                reviewed={view.analysis}
                documents={[view.document]}
                hasConsequence={view.state === 'active'}
                directory={facts.status === 'success' ? facts.data : NO_NAMES}
              />
            )
          }
          mayDraft={list.status === 'success' && list.data.mayDraft.allowed}
          onChanged={onChanged}
          onEdit={() => onEdit(view.version, null)}
          onCopy={() => onEdit(null, view.version)}
        />
      )}
    </Loaded>
  )
}

function Editing(props: {
  place: Extract<Place, { page: 'edit' }>
  onSubmitted: (version: PolicyVersionView) => void
}) {
  const { place } = props
  return (
    <Loaded<PolicyFacts> path="/policy/facts">
      {(facts) => (
        <Loaded<PolicyVersionList> path="/policy/versions">
          {(list) => (
            <MaybeVersion version={list.active}>
              {(active) => (
                <MaybeVersion version={place.version ?? place.from}>
                  {(start) => (
                    <PolicyEditor
                      version={place.version === null ? null : start}
                      template={place.version === null ? start : null}
                      active={active}
                      name={unsavedName(place.version, place.from)}
                      facts={facts}
                      renderReview={(reviewed, documents) => (
                        <PolicyReview reviewed={reviewed} documents={documents} directory={facts} />
                      )}
                      onSaved={keepInAddress}
                      onSubmitted={props.onSubmitted}
                    />
                  )}
                </MaybeVersion>
              )}
            </MaybeVersion>
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

/** The editor goes on; whoever opens the address again gets the draft. */
function keepInAddress({ version }: PolicyVersionView) {
  const address = formatPlace({ page: 'edit', version, from: null })
  window.history.replaceState(window.history.state, '', address)
}

function MaybeVersion(props: {
  version: number | null
  children: (version: PolicyVersionView | null) => ReactNode
}) {
  if (props.version === null) return props.children(null)
  return (
    <Loaded<PolicyVersionView> path={`/policy/versions/${props.version}`}>
      {(version) => props.children(version)}
    </Loaded>
  )
}
