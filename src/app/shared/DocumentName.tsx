/** What people call a document: "PDF document", with its icon, in the height of a mask. */
import FileDocument from '@zendeskgarden/svg-icons/src/16/file-document-stroke.svg?react'
import FileImage from '@zendeskgarden/svg-icons/src/16/file-image-stroke.svg?react'
import FilePdf from '@zendeskgarden/svg-icons/src/16/file-pdf-stroke.svg?react'
import { styled } from 'styled-components'
import { isShowable } from '../../core/document.ts'
import { oneLine } from './surface.ts'
import { useTranslation } from './TranslationProvider.tsx'

const Line = styled.span`
  display: flex;
  align-items: center;
  gap: ${({ theme }) => theme.space.xs};
  height: 32px;
  line-height: 20px;
  svg {
    flex: none;
  }
  span {
    ${oneLine}
  }
`

const ICONS = { pdf: FilePdf, image: FileImage, text: FileDocument, other: FileDocument }

function nameOf(contentType: string): keyof typeof ICONS {
  if (!isShowable(contentType)) return 'other'
  if (contentType === 'application/pdf') return 'pdf'
  return contentType === 'text/plain' ? 'text' : 'image'
}

export function useDocumentWord(contentType: string): string {
  const { t } = useTranslation()
  return t(`document.name.${nameOf(contentType)}`)
}

export function DocumentName({ contentType }: { contentType: string }) {
  const word = useDocumentWord(contentType)
  const Icon = ICONS[nameOf(contentType)]
  return (
    <Line>
      <Icon aria-hidden="true" focusable="false" />
      <span title={word}>{word}</span>
    </Line>
  )
}
