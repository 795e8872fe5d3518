/** One of Garden's icons for each kind of field. */
import type { ComponentType, SVGProps } from 'react'
import Banknote from '@zendeskgarden/svg-icons/src/16/banknote-stroke.svg?react'
import Calendar from '@zendeskgarden/svg-icons/src/16/calendar-stroke.svg?react'
import CreditCard from '@zendeskgarden/svg-icons/src/16/credit-card-stroke.svg?react'
import Email from '@zendeskgarden/svg-icons/src/16/email-stroke.svg?react'
import EyeHide from '@zendeskgarden/svg-icons/src/16/eye-hide-stroke.svg?react'
import Flag from '@zendeskgarden/svg-icons/src/16/flag-stroke.svg?react'
import Heart from '@zendeskgarden/svg-icons/src/16/heart-stroke.svg?react'
import Location from '@zendeskgarden/svg-icons/src/16/location-stroke.svg?react'
import Lock from '@zendeskgarden/svg-icons/src/16/lock-locked-stroke.svg?react'
import Notes from '@zendeskgarden/svg-icons/src/16/notes-stroke.svg?react'
import Phone from '@zendeskgarden/svg-icons/src/16/phone-stroke.svg?react'
import UserList from '@zendeskgarden/svg-icons/src/16/user-list-stroke.svg?react'
import type { FieldKind } from '../../core/protected-field.ts'

const ICONS: Record<FieldKind, ComponentType<SVGProps<SVGSVGElement>>> = {
  payment_card: CreditCard,
  bank_account: Banknote,
  national_id: UserList,
  identity_document: Flag,
  date_of_birth: Calendar,
  phone: Phone,
  email: Email,
  address: Location,
  credential: Lock,
  medical_id: Heart,
  card_verification_code: CreditCard,
  card_expiry: Calendar,
  crypto_wallet: Banknote,
  ip_address: Location,
  mac_address: Location,
  internal_note: Notes,
  other: EyeHide,
}

export function FieldIcon({ kind }: { kind: FieldKind }) {
  const Icon = ICONS[kind] ?? EyeHide
  return <Icon aria-hidden="true" focusable="false" />
}
