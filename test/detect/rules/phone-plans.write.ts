/** Writes the phone plans anew after an update of libphonenumber-js. */
import { writeFileSync } from 'node:fs'
import { phonePlansModule } from './phone-plans.ts'

writeFileSync(
  new URL('../../../src/detect/rules/phone-plans.ts', import.meta.url),
  phonePlansModule(),
)
