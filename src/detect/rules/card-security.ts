/** What stands beside a card number: its verification code (ISO/IEC 7813, kept nowhere) and its expiry. */
import { passesLuhn } from '../checks/luhn.ts'
import { endOf, findAhead } from '../ahead.ts'
import { concept } from '../lexicon.ts'
import type { Found, Groups, Rule, Surroundings } from '../rule.ts'
import type { Confidence } from '../span.ts'
import { CARD } from './payment-card.ts'

/** Names that nothing else has. */
const CODE = concept(
  'card_verification_code',
  `cvv,cvv2,cvvs,cvc,cvc2,cvn,cvn2,cvd,cvv code,cav2,csc,card security code,card verification,
card verification code,card verification value,card verification number,kartenprufnummer,
kartenprufziffer,kartensicherheitscode,prufziffer der karte,kartenprufwert,cryptogramme,
cryptogramme visuel,cvv kod,cvc code,codigo verificador de la tarjeta,korttunnus,ccv,ccv2,cv2`,
)
/** Names that other codes have, too. */
const SECURITY_CODE = concept(
  'security_code',
  `security code,security number,verification number,digit code,cid,card code,card id,verification code on the card,
digits on the back,digits on the front,digit code on the front,code on the back,
number on the back,numbers on the back,prufnummer,prufziffer,sicherheitscode,sicherheitsnummer,
sicherheitsnr,ziffern auf der ruckseite,code de securite,chiffres au dos,chiffres au verso,
codigo de seguridad,digitos del reverso,codice di sicurezza,cifre sul retro,codigo de seguranca,
digitos no verso,beveiligingscode,cijfers achterop,veiligheidscode,sikkerhedskode,sakerhetskod,
kod zabezpieczajacy`,
)

const DIGITS =
  /\d{3,4}(?![\w%$]|[.,:/-]\d| ?(?:digit|char|error|day|times|usd|eur|euro|letter|number|failed))/iy

/** `737 is my CVV`, `737 (CVV)`. */
const CODE_BEHIND = /(?:^|[\s:"'(])(\d{3,4})(?: is (?:my |the |our )?| as (?:my |the )?|,? ?[([])$/i

/** `phrase` is what ends at `at`. */
function findCode(surroundings: Surroundings, at: number, isSure: boolean): Found | undefined {
  const { text } = surroundings
  const place = findAhead(text, at, 2, (from) => endOf(DIGITS, text, from))
  if (place === undefined) return undefined
  const { start, end, strangers } = place
  const isNearCard = surroundings.near([CARD], start, end, CARD_REACH) !== undefined
  if (!isSure && !isNearCard && (strangers > 0 || surroundings.isReference(start))) return undefined
  const confidence =
    isSure || isNearCard
      ? strangers > 0
        ? 'likely'
        : 'certain'
      : confidenceOfSecurityCode(text, start, end)
  return { start, end, confidence, context: CODE.name }
}

/** Locks, accounts and logins have security codes, too; mostly longer ones. */
function confidenceOfSecurityCode(text: string, start: number, end: number): Confidence {
  const isFrontCode = /(?:\bcid|front)[^a-z]*$/i.test(text.slice(end - 16, start))
  return end - start === 3 || isFrontCode ? 'likely' : 'possible'
}

const OTHER_CARD = /(?:gift|loyalty|member|membership) $/i

/** `… is the security code on my card`. */
function isNearCard(surroundings: Surroundings, at: number): boolean {
  return (
    surroundings.before([CARD], at) !== undefined ||
    /^ (?:of|on|for|de|der|del|van|do) [a-z ]{0,12}\b(?:card|karte|carte|tarjeta|carta|kaart|cartao)/i.test(
      surroundings.text.slice(at, at + 32),
    )
  )
}

/** Where such a code stands on a card. */
const BACK = concept(
  'card_back',
  'back,reverse,reverse side,rear,ruckseite,hinten,dos,verso,reverso,atras,retro,achterkant,achterop',
)
const DIGITS_ON =
  /(?:digits?|numbers?|code|ziffern|zahlen|chiffres|numeros|digitos|cifras|cifre|cijfers)[) ][a-z' ]{0,20}$/i

/** `the three digits on the back`, `die drei Ziffern auf der Rückseite`. */
function findOnBack(surroundings: Surroundings, at: number, wordStart: number): Found | undefined {
  const { text } = surroundings
  if (!DIGITS_ON.test(text.slice(Math.max(0, wordStart - 32), wordStart))) return undefined
  return findCode(surroundings, at, false)
}

/** Right behind a card's number, `code` is its code. */
const ANY_CODE = concept('code', 'code,security,sec code,codigo,codice,kode')

function findBehindNumber(
  { text }: Surroundings,
  at: number,
  wordStart: number,
): Found | undefined {
  if (!followsCard(text, wordStart)) return undefined
  const place = findAhead(text, at, 0, (from) => endOf(DIGITS, text, from))
  return place && { start: place.start, end: place.end, confidence: 'likely', context: CODE.name }
}

const CARD_REACH = 96

function findCodeBehind({ text }: Surroundings, wordStart: number): Found | undefined {
  const match = CODE_BEHIND.exec(text.slice(Math.max(0, wordStart - 20), wordStart))
  const digits = match?.[1]
  if (match === null || digits === undefined) return undefined
  const end = wordStart - (match[0].length - match[0].indexOf(digits) - digits.length)
  return { start: end - digits.length, end, confidence: 'likely', context: CODE.name }
}

/** Nouns: what they stand before is an expiry date. */
const EXPIRY = concept(
  'card_expiry',
  `exp,expiry,expiry date,exp date,expdate,expiration,expiration date,expiration month,expy,
valid thru,valid through,good thru,good through,mm yy,mm yyyy,mm aa,mm jj,ablaufdatum,ablauf,
verfallsdatum,verfalldatum,gultig bis,gueltig bis,expiration de la carte,fin de validite,
date de validite,valable jusqu au,valide jusqu au,expire fin,caducidad,vencimiento,
fecha de expiracion,scadenza,validade,vencimento,valido ate,vervaldatum,geldig tot,waznosci,
wazna do,udlobsdato,utlopsdato,giltig till,utgangsdatum,gyldig til,viimeinen voimassaolopaiva,
срок действия,godig til,son kullanma tarihi`,
)
/** Verbs: all sorts of things do it. */
const EXPIRES = concept(
  'expires',
  `expires,valid,valida,valido,valide,valable,gultig,expires on,expires end,expiring,expired,expire,valid until,valid till,valid to,
runs out,lauft ab,verfallt,lauft aus,abgelaufen,expire en,expire le,expire fin,caduca,caduca en,vence,
vence en,scade,scade il,expira,expira em,verloopt,verloopt in,wygasa,udlober,utloper,gar ut`,
)
/** What else expires. */
const NO_CARD = concept(
  'no_card',
  `gift card,membership card,loyalty card,library card,visa for,certificate,cert,certs,ssl,tls,license,licence,licenses,licences,subscription,contract,
warranty,guarantee,domain,password,passwords,token,key,keys,passport,permit,id,membership,coupon,
voucher,offer,promotion,promo,trial,plan,lease,medication,medicine,milk,food,product,points,
miles,ticket,account,agreement,policy,insurance,support,maintenance,code,invitation,invite,link,
quote,bid,session,cookie,battery,stock,batch,discount,sale,deal,zertifikat,lizenz,vertrag,
garantie,abo,abonnement,gutschein,passwort,domane,ausweis,reisepass,fuhrerschein,angebot,
certificat,contrat,mot de passe,passeport,permis,bon,offre,certificado,licencia,contrato,
suscripcion,garantia,contrasena,dominio,pasaporte,oferta,cupon,certificato,licenza,contratto,
abbonamento,garanzia,passaporto,offerta,certificaat,paspoort,aanbieding,licenca,assinatura,
passaporte`,
)

const MONTH = /(?:0?[1-9]|1[0-2]) ?[/-] ?(?:20[2-4]\d|[2-4]\d)(?![\w%]|[/:-]\d|[.,]\d)/y

function findExpiry(surroundings: Surroundings, at: number, isNoun: boolean): Found | undefined {
  const { text } = surroundings
  const place = findAhead(text, at, 2, (from) => endOf(MONTH, text, from))
  if (place === undefined) return undefined
  const { start, end, strangers } = place
  const owner =
    surroundings.before([NO_CARD, CARD], at, CARD_REACH) ?? surroundings.after([CARD, NO_CARD], end)
  if (owner?.concept === NO_CARD) return undefined
  if (owner !== undefined || followsCard(text, at)) {
    return { start, end, confidence: 'certain', context: CARD.name }
  }
  if (strangers > 0 || surroundings.isReference(at)) return undefined
  return { start, end, confidence: isNoun ? 'likely' : 'possible', context: EXPIRY.name }
}

/** Whether thirteen digits or more in a row, or in groups, stand not far before `at` in its line. */
function followsCard(text: string, at: number): boolean {
  let digits = 0
  for (let place = at - 1; at - place < 60 && digits < 13; place -= 1) {
    const code = text.charCodeAt(place)
    if (code >= 48 && code <= 57) digits += 1
    else if (code === 10 || Number.isNaN(code)) return false
    else if (code !== 32 && code !== 45) digits = 0
  }
  return digits >= 13
}

/** `12/27` or `12/27 123`, as lists of cards have them right behind the number. */
const BESIDE_CARD =
  /[ ,;|\t\n/]{1,3}((?:0[1-9]|1[0-2])(?: ?[/-] ?|\|)(?:20)?[2-4]\d)(?![\d/-])(?:[ ,;|\t\n/]{1,3}(\d{3,4})(?![\w/.-]))?/y

function besideCard({ text, end, compact, isOpen }: Groups) {
  BESIDE_CARD.lastIndex = end
  const match = BESIDE_CARD.exec(text)
  if (match === null || (isOpen && text.charCodeAt(end) === 45) || !passesLuhn(compact))
    return undefined
  const [, expiry = '', code] = match
  const start = text.indexOf(expiry, end)
  return { start, end: start + expiry.length, code, codeEnd: BESIDE_CARD.lastIndex }
}

const BESIDE = {
  on: 'groups',
  lengths: [14, 15, 16, 19],
  maxGroups: 5,
} as const

export const cardSecurityRules: readonly Rule[] = [
  {
    id: 'card_verification_code',
    kind: 'card_verification_code',
    on: 'word',
    concepts: [CODE],
    find: (surroundings, at, wordStart) =>
      findCode(surroundings, at, true) ?? findCodeBehind(surroundings, wordStart),
  },
  {
    id: 'card_security_code',
    kind: 'card_verification_code',
    on: 'word',
    concepts: [SECURITY_CODE],
    contexts: [CARD],
    find: (surroundings, at, wordStart) =>
      OTHER_CARD.test(surroundings.text.slice(Math.max(0, wordStart - 12), wordStart))
        ? undefined
        : (findCode(surroundings, at, false) ??
          (isNearCard(surroundings, at) ? findCodeBehind(surroundings, wordStart) : undefined)),
  },
  {
    id: 'card_security_code',
    kind: 'card_verification_code',
    on: 'word',
    concepts: [BACK],
    contexts: [CARD],
    find: findOnBack,
  },
  {
    id: 'card_security_code',
    kind: 'card_verification_code',
    on: 'word',
    concepts: [ANY_CODE],
    find: findBehindNumber,
  },
  {
    id: 'card_code_beside_number',
    kind: 'card_verification_code',
    ...BESIDE,
    judge: (groups) => {
      const beside = besideCard(groups)
      if (beside?.code === undefined) return undefined
      const { code, codeEnd } = beside
      return { start: codeEnd - code.length, end: codeEnd, confidence: 'certain', check: 'luhn' }
    },
  },
  {
    id: 'card_expiry',
    kind: 'card_expiry',
    on: 'word',
    concepts: [EXPIRY],
    contexts: [CARD, NO_CARD],
    find: (surroundings, at) => findExpiry(surroundings, at, true),
  },
  {
    id: 'card_expires',
    kind: 'card_expiry',
    on: 'word',
    concepts: [EXPIRES],
    contexts: [CARD, NO_CARD],
    find: (surroundings, at) => findExpiry(surroundings, at, false),
  },
  {
    id: 'card_expiry_beside_number',
    kind: 'card_expiry',
    ...BESIDE,
    judge: (groups) => {
      const beside = besideCard(groups)
      return (
        beside && { start: beside.start, end: beside.end, confidence: 'certain', check: 'luhn' }
      )
    },
  },
]
