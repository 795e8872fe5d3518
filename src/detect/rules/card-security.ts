/** What stands beside a card number: its verification code (ISO/IEC 7813, kept nowhere) and its expiry. */
import { passesLuhn } from '../checks/luhn.ts'
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
  `security code,security number,cid,card code,card id,verification code on the card,
digits on the back,digits on the front,digit code on the front,code on the back,
number on the back,numbers on the back,prufnummer,prufziffer,sicherheitscode,sicherheitsnummer,
sicherheitsnr,ziffern auf der ruckseite,code de securite,chiffres au dos,chiffres au verso,
codigo de seguridad,digitos del reverso,codice di sicurezza,cifre sul retro,codigo de seguranca,
digitos no verso,beveiligingscode,cijfers achterop,veiligheidscode,sikkerhedskode,sakerhetskod,
kod zabezpieczajacy`,
)

/** Words between the name of a code and the code. */
const LEAD = `(?:[ ,:=>"'()[\\]#-]{1,4}(?:code|number|no\\.?|nr\\.?|num|nummer|numero|value|is|are|was|my|the|of|on|for|this|your|card|credit|visa|amex|mastercard|front|back|cid|cvv2?|cvc2?|csc|code|ist|lautet|der|die|meiner|auf|karte|kreditkarte|kartennummer|est|de|du|ma|la|le|au|dos|carte|es|el|mi|della|del|mia|carta|e|il|sul|tarjeta|do|no|da|cartao|kaart|van|mijn|op|kod|kode|koden)(?![a-z0-9])){0,5}`
const CODE_AHEAD = new RegExp(
  `${LEAD}[ \\t\\r\\n:=>"'()[\\]#-]{1,4}(\\d{3,4})(?![\\w%$]|[.,:/-]\\d| ?(?:digit|char|error|day|times|usd|eur|euro|letter|number|failed))`,
  'iy',
)
/** `737 is my CVV`, `737 (CVV)`. */
const CODE_BEHIND = /(?:^|[\s:"'(])(\d{3,4})(?: is (?:my |the |our )?| as (?:my |the )?|,? ?[([])$/i

/** `phrase` is what ends at `at`. */
function findCode(surroundings: Surroundings, at: number, isSure: boolean): Found | undefined {
  const { text } = surroundings
  CODE_AHEAD.lastIndex = at
  const digits = CODE_AHEAD.exec(text)?.[1]
  if (digits === undefined) return undefined
  const end = CODE_AHEAD.lastIndex
  const confidence = isSure ? 'certain' : confidenceOfSecurityCode(surroundings, end, digits)
  return confidence && { start: end - digits.length, end, confidence, context: CODE.name }
}

/** Locks, accounts and logins have security codes, too; mostly longer ones. */
function confidenceOfSecurityCode(
  surroundings: Surroundings,
  end: number,
  digits: string,
): Confidence | undefined {
  if (surroundings.near([CARD], end - digits.length, end, CARD_REACH) !== undefined)
    return 'certain'
  const isFrontCode = /(?:\bcid|front)[^a-z]*$/i.test(surroundings.text.slice(end - 16, end - 4))
  return digits.length === 3 || isFrontCode ? 'likely' : 'possible'
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
  `expires,expires on,expires end,expiring,expired,expire,valid until,valid till,valid to,
runs out,lauft ab,lauft aus,abgelaufen,expire en,expire le,expire fin,caduca,caduca en,vence,
vence en,scade,scade il,expira,expira em,verloopt,verloopt in,wygasa,udlober,utloper,gar ut`,
)
/** What else expires. */
const NO_CARD = concept(
  'no_card',
  `certificate,cert,certs,ssl,tls,license,licence,licenses,licences,subscription,contract,
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

const EXPIRY_AHEAD =
  /(?:[ .,:=>"'()[\]#-]{1,4}(?:date|month|is|am|on|in|of|the|my|until|till|end|at|mm|yyyy|yy|card|visa|amex|mastercard|to|der|die|das|karte|kreditkarte|ist|meiner|zum|est|le|la|de|du|carte|en|au|fin|es|el|tarjeta|mi|della|del|carta|il|e|do|da|cartao|em|op|in|kaart|van|is|kort|kortet|karty)(?![a-z0-9])){0,5}[/ \t\r\n.,:=>"'()[\]#-]{1,5}((?:0?[1-9]|1[0-2]) ?[/-] ?(?:20[2-4]\d|[2-4]\d))(?![\w%]|[/:-]\d|[.,]\d)/iy

function findExpiry(surroundings: Surroundings, at: number, isNoun: boolean): Found | undefined {
  const { text } = surroundings
  EXPIRY_AHEAD.lastIndex = at
  const date = EXPIRY_AHEAD.exec(text)?.[1]
  if (date === undefined) return undefined
  const end = EXPIRY_AHEAD.lastIndex
  const start = end - date.length
  const owner =
    surroundings.before([CARD, NO_CARD], at, CARD_REACH) ?? surroundings.after([CARD, NO_CARD], end)
  if (owner?.concept === NO_CARD) return undefined
  if (owner !== undefined || followsCard(text, at)) {
    return { start, end, confidence: 'certain', context: CARD.name }
  }
  if (surroundings.isReference(at)) return undefined
  const isLikely = isNoun || beginsLine(text, at)
  return { start, end, confidence: isLikely ? 'likely' : 'possible', context: EXPIRY.name }
}

/** Whether the word that ends at `at` stands within a few characters behind twelve digits or more. */
function followsCard(text: string, at: number): boolean {
  let place = at
  while (place > 0 && at - place < 24 && /[^\d\n]/.test(text.charAt(place - 1))) place -= 1
  let digits = 0
  for (let steps = 0; steps < 24 && /[\d -]/.test(text.charAt(place - 1)); steps += 1) {
    place -= 1
    if (/\d/.test(text.charAt(place))) digits += 1
  }
  return digits >= 12
}

/** Whether the phrase that ends at `at` is the first of its line. */
function beginsLine(text: string, at: number): boolean {
  return /(?:^|\n)[^a-z0-9\n]{0,4}[a-z]{4,10}(?: [a-z]{2,5})?$/i.test(
    text.slice(Math.max(0, at - 24), at),
  )
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
    find: (surroundings, at) => findCode(surroundings, at, false),
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
