/** A dialog that an app opened with `instances.create` (PROTOCOL.md, step 17). */
import { IconButton } from '@zendeskgarden/react-buttons'
import { getColor } from '@zendeskgarden/react-theming'
import XIcon from '@zendeskgarden/svg-icons/src/16/x-stroke.svg?react'
import { useEffect, useRef } from 'react'
import { styled } from 'styled-components'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'

const Backdrop = styled.div`
  position: fixed;
  inset: 0;
  z-index: 40;
  display: grid;
  place-items: center;
  background: rgb(0 0 0 / 50%);
`
const Dialog = styled.dialog`
  position: static;
  margin: 0;
  padding: 0;
  border: 0;
  color: inherit;
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme }) => getColor({ theme, variable: 'background.raised' })};
  box-shadow: 0 20px 40px rgb(0 0 0 / 30%);
  overflow: hidden;
  max-inline-size: 90vw;
  max-block-size: 90vh;
`
const Head = styled.div`
  display: flex;
  justify-content: space-between;
  align-items: center;
  padding: 8px 8px 8px 20px;
`
const Frame = styled.iframe`
  display: block;
  border: 0;
  inline-size: 100%;
`

function OpenModal({ guid, url }: { guid: string; url: string }) {
  const model = usePageModel()
  const size = usePageState((state) => state.frameSizes[guid] ?? state.modal?.size)
  const frame = useRef<HTMLIFrameElement>(null)

  useEffect(() => {
    const detach = model.host.attach({
      guid,
      location: 'modal',
      appWindow: () => frame.current?.contentWindow ?? null,
    })
    const address = new URL(url)
    address.searchParams.set('origin', window.location.origin)
    address.searchParams.set('app_guid', guid)
    address.searchParams.set('colorScheme', model.store.get().colorScheme)
    if (frame.current !== null) frame.current.src = address.href
    return detach
  }, [model, guid, url])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && model.closeModal()
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [model])

  return (
    <Backdrop>
      <Dialog open aria-label="Scrim" style={{ width: size?.width ?? '600px' }}>
        <Head>
          Scrim
          <IconButton aria-label="Close" onClick={() => model.closeModal()}>
            <XIcon />
          </IconButton>
        </Head>
        <Frame
          ref={frame}
          name={guid}
          title="Scrim"
          data-location="modal"
          style={{ height: size?.height ?? '300px' }}
        />
      </Dialog>
    </Backdrop>
  )
}

export function ModalFrame() {
  const modal = usePageState((state) => state.modal)
  return modal === null ? null : <OpenModal key={modal.guid} guid={modal.guid} url={modal.url} />
}
