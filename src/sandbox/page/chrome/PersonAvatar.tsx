/** Initials on a colour of their own, the same in every place. */
import { Avatar } from '@zendeskgarden/react-avatars'
import { PALETTE } from '@zendeskgarden/react-theming'
import type { SandboxUser } from '../../control-state.ts'

const COLORS = [
  PALETTE.azure[700],
  PALETTE.purple[700],
  PALETTE.teal[700],
  PALETTE.crimson[700],
  PALETTE.royal[700],
  PALETTE.mint[700],
  PALETTE.fuschia[700],
]

function initials(name: string): string {
  const words = name.split(' ')
  return `${words[0]?.[0] ?? ''}${words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''}`
}

type PersonAvatarProps = {
  user: Pick<SandboxUser, 'id' | 'name'> | undefined
  size?: 'extraextrasmall' | 'extrasmall' | 'small' | 'medium' | 'large'
}

export function PersonAvatar({ user, size = 'small' }: PersonAvatarProps) {
  const color = COLORS[(user?.id ?? 0) % COLORS.length]
  return (
    <Avatar size={size} backgroundColor={color} foregroundColor={PALETTE.white} aria-hidden="true">
      <Avatar.Text>{initials(user?.name ?? '?')}</Avatar.Text>
    </Avatar>
  )
}
