import { stdnum } from 'stdnum'
import { describe, expect, test } from 'vitest'
import { mutations } from '../mutations.ts'
import { found } from './found-by.ts'

/** Rule, word, number, and the validator of `stdnum`: where both follow the same rule to the letter. */
const NUMBERS: readonly (readonly [string, string, string, string, string])[] = [
  ['ca_sin', 'SIN', '046454286', 'CA', 'sin'],
  ['es_dni', 'DNI', '54362315K', 'ES', 'dni'],
  ['es_nie', 'NIE', 'X2482300W', 'ES', 'nie'],
  ['pt_cc', 'Cartão de Cidadão', '859490152AY6', 'PT', 'cc'],
  ['it_codice_fiscale', 'codice fiscale', 'RSSMRA85T10A562S', 'IT', 'codicefiscale'],
  ['nl_bsn', 'BSN', '111222333', 'NL', 'bsn'],
  ['ch_ahv', 'AHV', '7569217076985', 'CH', 'ssn'],
  ['hr_oib', 'OIB', '33392005961', 'HR', 'oib'],
  ['tr_tckn', 'TCKN', '17291716060', 'TR', 'tckimlik'],
  ['in_aadhaar', 'Aadhaar', '234123412346', 'IN', 'aadhaar'],
  ['tw_id', '身分證', 'A123456789', 'TW', 'natid'],
  ['th_id', 'Thai ID', '3404240616507', 'TH', 'idnr'],
  ['gb_utr', 'UTR', '1955839661', 'GB', 'utr'],
  ['fr_spi', 'numéro fiscal', '3023217600053', 'FR', 'nif'],
  ['pl_nip', 'NIP', '1101203679', 'PL', 'nip'],
  ['gr_afm', 'ΑΦΜ', '094259216', 'GR', 'vat'],
  ['ru_inn', 'ИНН', '500100732259', 'RU', 'inn'],
  ['au_tfn', 'TFN', '123456782', 'AU', 'tfn'],
  ['br_cpf', 'CPF', '39053344705', 'BR', 'cpf'],
  ['cl_rut', 'RUT', '125319092', 'CL', 'rut'],
  ['co_nit', 'NIT', '2131234321', 'CO', 'nit'],
]

describe('a number and its almost-right forms', () => {
  test.each(NUMBERS)(
    'of %s are what another library takes them for',
    (rule, word, value, ...name) => {
      const [country, number] = name
      const isValid = (form: string) => stdnum[country]?.[number]?.validate(form).isValid === true
      const forms = [value, ...mutations(value).map(({ text }) => text)]
      const known = forms.filter((form) =>
        found(`${word}: ${form}`, 'national_id').some(
          (one) => one.rule === rule && one.confidence === 'certain',
        ),
      )
      expect(known).toContain(value)
      expect(known.filter((form) => !isValid(form))).toEqual([])
    },
  )
})
