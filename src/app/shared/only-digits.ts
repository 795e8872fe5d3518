/** What of a typed or pasted text can be one of Zendesk's ids, such as 4001 of "#4001". */
export function onlyDigits(text: string): string {
  return text.replace(/\D/g, '').replace(/^0+/, '').slice(0, 15)
}
