/**
 * One instance of the app: an iframe on the other site, opened as Zendesk opens it (PROTOCOL.md,
 * steps 1 and 2).
 */
import { useEffect, useRef, useState } from 'react'
import { styled } from 'styled-components'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'

const Frame = styled.iframe`
  display: block;
  inline-size: 100%;
  border: 0;
  background: transparent;
`

/** Posts the page credential into the frame, as a browser form does. */
function postInto(frameName: string, address: URL, token: string) {
  const form = document.createElement('form')
  form.method = 'POST'
  form.action = address.href
  form.target = frameName
  form.hidden = true
  const field = document.createElement('input')
  field.type = 'hidden'
  field.name = 'token'
  field.value = token
  form.append(field)
  document.body.append(form)
  form.submit()
  form.remove()
}

type AppFrameProps = {
  location: 'ticket_sidebar' | 'nav_bar' | 'background'
  ticketId?: number
  /** In front of the person. */
  isActive: boolean
  title: string
  /** CSS length; without one the app's own `resize` decides. */
  height?: string
}

export function AppFrame({ location, ticketId, isActive, title, height }: AppFrameProps) {
  const model = usePageModel()
  const frame = useRef<HTMLIFrameElement>(null)
  const [guid] = useState(() => (location === 'nav_bar' ? model.navBarGuid : model.newGuid()))
  const size = usePageState((state) => state.frameSizes[guid])
  const isHidden = usePageState((state) => state.hiddenFrames.includes(guid))

  useEffect(() => {
    const detach = model.host.attach({
      guid,
      location,
      ticketId,
      appWindow: () => frame.current?.contentWindow ?? null,
    })
    const address = new URL(`/zaf/${location}`, model.setup.endpointUrl)
    address.searchParams.set('origin', window.location.origin)
    address.searchParams.set('app_guid', guid)
    address.searchParams.set('colorScheme', model.store.get().colorScheme)
    let isGone = false
    const open = async () => {
      try {
        const token = await model.client.signPage(location, address.search.slice(1))
        if (!isGone) postInto(guid, address, token)
      } catch {
        model.notify('The sandbox server does not answer. Is it still running?', 'error')
      }
    }
    void open()
    return () => {
      isGone = true
      detach()
    }
  }, [model, guid, location, ticketId])

  useEffect(() => {
    model.host.setActive(guid, isActive)
  }, [model, guid, isActive])

  return (
    <Frame
      ref={frame}
      name={guid}
      title={title}
      data-location={location}
      style={{ height: height ?? size?.height ?? '120px', display: isHidden ? 'none' : undefined }}
    />
  )
}
