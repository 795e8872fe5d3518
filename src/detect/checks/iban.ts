/** IBAN (ISO 13616): each country's structure and ISO 7064 MOD 97-10. */

/**
 * The account part of each country: `n` digits, `a` letters, `c` either, each with how many. The IBAN
 * registry (https://www.swift.com/swift-resource/9606/download), then the countries that use IBANs
 * without being in it.
 */
const STRUCTURES =
  'ADn8c12 AEn19 ALn8c16 ATn16 AXn14 AZa4c20 BAn16 BEn12 BGa4n6c8 BHa4c14 BIn23 BLn10c11n2 ' +
  'BRn23a1c1 BYa4n4c16 CHn5c12 CRn18 CYn8c16 CZn20 DEn18 DJn23 DKn14 DOc4n20 EEn16 EGn25 ESn20 ' +
  'FIn14 FKa2n12 FOn14 FRn10c11n2 GBa4n14 GEa2n16 GFn10c11n2 GIa4c15 GLn14 GPn10c11n2 GRn7c16 ' +
  'GTc24 HNa4n20 HRn17 HUn24 IEc4n14 ILn19 IQa4n15 ISn22 ITa1n10c12 JOa4n4c18 KWa4c22 KZn3c13 ' +
  'LBn4c20 LCa4c24 LIn5c12 LTn16 LUn3c13 LVa4c13 LYn21 MCn10c11n2 MDc20 MEn18 MFn10c11n2 ' +
  'MKn3c10n2 MNn16 MQn10c11n2 MRn23 MTa4n5c18 MUa4n19a3 NCn10c11n2 NIa4n20 NLa4n10 NOn11 OMn3c16 ' +
  'PFn10c11n2 PKa4c16 PLn24 PMn10c11n2 PSa4c21 PTn21 QAa4c21 REn10c11n2 ROa4c16 RSn18 RUn14c15 ' +
  'SAn2c18 SCa4n20a3 SDn14 SEn20 SIn15 SKn20 SMa1n10c12 SOn19 STn21 SVa4n20 TFn10c11n2 TLn19 ' +
  'TNn20 TRn5c17 UAn6c19 VAn18 VGa4n16 WFn10c11n2 XKn16 YEa4n4c18 YTn10c11n2 ' +
  'AOn21 BFc24 BJc24 CFn23 CGn23 CIc24 CMn23 CVn21 DZn22 GAn23 GQn23 GWc21 IRn22 KMn23 MAn24 ' +
  'MGn23 MLc24 MZn21 NEc24 SNc24 TDn23 TGc24'

const CLASSES: Readonly<Record<string, string>> = { n: '\\d', a: '[A-Z]', c: '[A-Z\\d]' }

const forms: ReadonlyMap<string, RegExp> = new Map(
  STRUCTURES.split(' ').map((entry) => [
    entry.slice(0, 2),
    new RegExp(
      `^\\d\\d${entry.slice(2).replace(/([nac])(\d+)/g, (_, set: string, count: string) => `${CLASSES[set] ?? ''}{${count}}`)}$`,
    ),
  ]),
)

const lengths: ReadonlyMap<string, number> = new Map(
  STRUCTURES.split(' ').map((entry) => [
    entry.slice(0, 2),
    Array.from(entry.matchAll(/\d+/g), ([count]) => Number(count)).reduce((a, b) => a + b, 4),
  ]),
)

/** How many characters an IBAN of this country has; undefined where there are none. */
export function ibanLength(country: string): number | undefined {
  return lengths.get(country)
}

/**
 * Whether `compact` is an IBAN: its country's length and structure, and its check digits. Upper case,
 * no separators. National check digits inside the account are not asked: banks differ from their
 * country's rule, and a number that everything else says is an IBAN is treated as one.
 */
export function isIban(compact: string): boolean {
  const form = forms.get(compact.slice(0, 2))
  if (form === undefined || !form.test(compact.slice(2))) return false
  return remainder97(compact.slice(4) + compact.slice(0, 4)) === 1
}

/** ISO 7064 MOD 97-10 over digits and capitals, A being 10. */
function remainder97(compact: string): number {
  let remainder = 0
  for (let at = 0; at < compact.length; at += 1) {
    const code = compact.charCodeAt(at)
    remainder = (code < 58 ? remainder * 10 + code - 48 : remainder * 100 + code - 55) % 97
  }
  return remainder
}
