/**
 * Postal addresses. A street with its number and a town with its code is one wherever it stands; less
 * than that is one behind words that announce an address. Found whole, to the end of its last part.
 */
import { concept } from '../lexicon.ts'
import type { Found, Groups, Rule, Surroundings } from '../rule.ts'

/** Announces an address when a colon, "is" or the like follows. */
const ADDRESS = concept(
  'address',
  `address,addr,address line 1,addressline1,street1,address1,adresse,anschrift,lieferadresse,
rechnungsadresse,wohnadresse,postanschrift,wohnort,lieferanschrift,adresse de livraison,
adresse de facturation,adresse postale,direccion,domicilio,direccion de envio,direccion postal,
indirizzo,indirizzo di spedizione,indirizzo di consegna,indirizzo di fatturazione,morada,
endereco,endereco de entrega,adres,bezorgadres,factuuradres,postadres,woonadres,adres dostawy,
adres zamieszkania,adress,adressen,leveransadress,postadress,leveringsadresse,osoite,osoitteemme,
adresa,cim,cimem,lakcim,adresim,adresi,адрес,адрес доставки,адреса,διεύθυνση`,
)
/** The label of a form; in a sentence it says nothing. */
const LABEL = concept('street_label', 'street,rue,strasse,calle,straat,via,rua,ulica')
/** Announces one by itself. */
const LIVES = concept(
  'lives_at',
  `live at,live on,live in,lives at,living at,reside at,resides at,residing at,residence,
located at,ship to,ship it to,shipped to,deliver to,deliver it to,delivered to,send it to,
send them to,send to,post it to,mail it to,mailed to,went to,moved to,moving to,relocated to,
we are at,i am at,come to,pick up at,pickup at,collect from,po box,replacement to,wohne,wohnt,
wohnen,wohnhaft,wohnhaft in,wohne in,wohne in der,umgezogen nach,gezogen nach,senden an,sie an,
liefern an,es an,lieferung an,habite,habite au,domicilie,domicilie au,domiciliee,envoyer au,
livrer au,vivo en,vive en,enviar a,residente en,abito in,abita in,vivo in,residente in,
residente a,inviare a,spedire a,moro na,moro no,moro em,resido na,vivo na,residente na,woon op,
woon in,woon aan,wonende,stuur het naar,sturen naar,mieszkam,zamieszkaly,bor pa,bor i,asun,
bydlim,osoitteeni on,adressen min er,adresse er,住所,住所は`,
)
/** English names of streets, behind the name proper. */
const STREET_BEHIND = concept(
  'street',
  `street,st,avenue,ave,av,road,rd,lane,ln,boulevard,blvd,drive,dr,court,ct,crescent,cres,close,
terrace,ter,place,pl,square,sq,parkway,pkwy,highway,hwy,way,loop,grove,gardens,gdns,hill,mews,
row,walk,parade,pde,circle,cir,trail,trl,alley,quay,park,plaza,esplanade,broadway,kingsway,green,
rise,view,wharf,turnpike,pike,expressway,freeway,route`,
)
/** Those that little else is called. */
const SURE_STREET =
  /^(?:street|st|avenue|ave|road|rd|lane|boulevard|blvd|crescent|terrace|parkway|pkwy|grove|mews|highway|court)$/i
/** Romance and Polish names of streets, before the name proper. */
const STREET_BEFORE = concept(
  'rue',
  `rue,avenue,av,boulevard,bd,place,chemin,impasse,allee,allees,quai,cours,route,square,passage,
faubourg,esplanade,sentier,calle,c,avenida,avda,plaza,paseo,camino,carrer,ronda,travesia,
carretera,glorieta,gran via,via,viale,piazza,piazzale,corso,largo,vicolo,strada,lungomare,rua,
travessa,praca,alameda,estrada,beco,ul,ulica,al,aleja,plac,os`,
)
const SURE_BEFORE =
  /^(?:rue|impasse|chemin|calle|avenida|avda|paseo|carrer|viale|piazza|corso|vicolo|rua|travessa|ul|aleja)$/i

/** German, Dutch and Nordic street names end so. */
const COMPOUND =
  /(?:stra(?:ss|ß)e|str\.?|weg|platz|allee|gasse|ring|ufer|damm|chaussee|steig|graben|gracht|straat|laan|plein|singel|dijk|kade|gatan|vagen|gade|vej|veien|katu|utca|ut)$/i
const COMPOUND_ENDS = new Set(
  'sse,aße,str,tr.,weg,atz,lee,ing,fer,amm,eig,ben,cht,aat,aan,ein,gel,ijk,ade,tan,gen,vej,ien,atu,tca'.split(
    ',',
  ),
)
/** The last two letters of those, as one number; small, as codes are compared without regard to case. */
const LAST_LETTERS = new Set(
  [...COMPOUND_ENDS].map((end) =>
    lastLetters(end.charCodeAt(end.length - 2), end.charCodeAt(end.length - 1)),
  ),
)

function lastLetters(before: number, last: number): number {
  return ((before | 32) << 16) | last | 32
}

const NAME = `\\p{Lu}[\\p{L}.'’-]{0,24}`
const PARTICLE = `(?:de|da|do|das|dos|del|della|delle|dei|degli|di|du|des|la|le|les|los|las|el|al|a|an|am|im|in|der|den|dem|die|van|het|ter|ten|of|the|upon|on|under|und|y|e|i|von|zum|zur|bei|aan|af|gate|utca|bis)`
const TOWN_NAME = `(?:St\\.|\\p{Lu}[\\p{L}'’-]{0,24})`
const TOWN = `${TOWN_NAME}(?:[ /](?:${PARTICLE} ){0,2}(?:${TOWN_NAME}|\\d{1,2}(?!\\d))){0,3}`
const POSTAL = new RegExp(
  [
    // Springfield, IL 62704; Toronto, ON M5V 2T6; Fremantle WA 6160
    `(?:${TOWN},? )?(?:[A-Z]{2}|[A-Z]{3}) (?:\\d{5}(?:-\\d{4})?|\\d{4}|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d)`,
    // London NW1 6XE; Dublin 1, D01 X2P3
    `(?:${TOWN},? )?(?:[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}|[A-Z]\\d[\\dW] [A-Z\\d]{4})`,
    // 10115 Berlin, CH-8001 Zurich, 1015 CJ Amsterdam, 111 23 Stockholm, 00-590 Warszawa, 1100-053 Lisboa
    `(?:[A-Z]{1,2}-)?(?:\\d{4} [A-Z]{2}|\\d{4,6}|\\d{3} \\d\\d|\\d\\d-\\d{3}|\\d{4}-\\d{3}|\\d{5}-\\d{3}) ${TOWN}`,
    // Sao Paulo - SP, 01310-100
    `${TOWN}(?: - [A-Z]{2})?,? \\d{5}-\\d{3}`,
  ]
    .map((form) => `(?:${form})`)
    .join('|'),
  'uy',
)
/** Wellington 6011, Bengaluru 560001: behind a comma only, and never a year. */
const TOWN_FIRST = new RegExp(
  `${TOWN_NAME}(?: ${TOWN_NAME}){0,2} (?!(?:19|20)\\d\\d(?!\\d))\\d{4,6}`,
  'uy',
)
const BREAK = /[ ,]{0,2}(?:\r?\n|, ?|; ?| )/y
const UNIT =
  /(?:,? ?)(?:(?:apt|apto|apartamento|appt|ap|apartment|suite|ste|unit|flat|floor|fl|no|nr|esc|piso|puerta|top|stiege|whg|wohnung|bte|bus|int|scala|lgh|bl|m)(?:\. ?| |(?=\d))[\dA-Z][\dA-Z-]{0,4}|#[\dA-Z-]{1,6}|(?:N|S|E|W|NE|NW|SE|SW)(?=[,\n ]))(?![\p{L}\p{N}])/iuy
const PART = new RegExp(
  `(?:${NAME}|#?\\d{1,4}[º°ªA-Zoa]?)(?:[ .](?:${NAME}|[a-z]{1,6}\\.|\\d{1,4}[A-Za-z]?(?:-\\d{1,4})?)){0,4}(?=,|\\r?\\n)`,
  'uy',
)
const MAX_PARTS = 4
const AFTER_END = /[\p{L}\p{N}]/u

/** Where an address goes on to behind its street: the end of its last part, and whether its town is named. */
function endOfAddress(text: string, streetEnd: number): { end: number; hasTown: boolean } {
  let end = streetEnd
  for (let units = 0; units < 2; units += 1) end = matchEnd(UNIT, text, end) ?? end
  const unitEnd = end
  for (let parts = 0; parts <= MAX_PARTS; parts += 1) {
    const place = matchEnd(BREAK, text, end)
    if (place === undefined) break
    const postal =
      matchEnd(POSTAL, text, place) ??
      (text.charAt(end) === ',' ? matchEnd(TOWN_FIRST, text, place) : undefined)
    if (postal !== undefined && !AFTER_END.test(text.charAt(postal)))
      return { end: postal, hasTown: true }
    const part = matchEnd(PART, text, place)
    if (part === undefined) break
    end = part
  }
  return { end: unitEnd, hasTown: false }
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

const REACH = 64

function address(
  surroundings: Surroundings,
  start: number,
  streetEnd: number,
  isSure: boolean,
): Found | undefined {
  const { text } = surroundings
  const { end, hasTown } = endOfAddress(text, streetEnd)
  const from = startOfUnit(text, start)
  if (hasTown) return { start: from, end, confidence: 'certain', context: STREET_BEHIND.name }
  const context = surroundings.before([ADDRESS, LIVES], start, REACH)
  if (context !== undefined)
    return { start: from, end, confidence: 'likely', context: context.concept.name }
  if (surroundings.isReference(start)) return undefined
  // "12 Wall Street banks" goes on where an address does not.
  const isClosed = /^(?:$|[,.;)\n])/.test(text.slice(end, end + 1))
  return { start: from, end, confidence: isSure && isClosed ? 'likely' : 'possible' }
}

const UNIT_BEFORE =
  /(?:(?:Flat|Unit|Apt|Apartment|Suite|Room|Floor)\.? [\dA-Z]{1,4}|The [A-Z][a-z]{2,12}(?: [A-Z][a-z]{2,12})?),? |Unit /y

/** `Flat 3, 45 Queen Street`, `The Old Mill, 18 Church Lane`. */
function startOfUnit(text: string, start: number): number {
  if (text.charCodeAt(start - 1) !== 32) return start
  for (let from = Math.max(0, start - 28); from < start - 4; from += 1) {
    if (/[FUASRT]/.test(text.charAt(from)) && matchEnd(UNIT_BEFORE, text, from) === start)
      return from
  }
  return start
}

const HOUSE = /^\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?$/
const NAME_WORD = /^(?:\p{Lu}[\p{L}.'’-]*|\d{1,3}(?:st|nd|rd|th)|of|the)$/u
const MAX_NAME_WORDS = 5

/** `42 Main Street`: back from the street's type to the number. */
function streetBehind(
  surroundings: Surroundings,
  at: number,
  wordStart: number,
): Found | undefined {
  const { text } = surroundings
  const type = text.slice(wordStart, at)
  if (!/^[A-Z]/.test(type) && surroundings.before([ADDRESS, LIVES], wordStart, REACH) === undefined)
    return undefined
  let place = wordStart
  for (let words = 0; words < MAX_NAME_WORDS; words += 1) {
    if (text.charCodeAt(place - 1) !== 32) return undefined
    let start = place - 1
    while (start > 0 && place - start < 24 && /[^\s,;:"()=]/.test(text.charAt(start - 1)))
      start -= 1
    const word = text.slice(start, place - 1)
    if (words > 0 && HOUSE.test(word))
      return address(surroundings, start, skipDot(text, at), SURE_STREET.test(type))
    if (!NAME_WORD.test(word) && !/^[a-z]{3,12}$/.test(type)) return undefined
    if (!NAME_WORD.test(word) && !/^[a-z'-]{2,16}$/.test(word)) return undefined
    place = start
  }
  return undefined
}

function skipDot(text: string, at: number): number {
  return text.charAt(at) === '.' && /[ ,]/.test(text.charAt(at + 1)) ? at + 1 : at
}

const NAME_AHEAD = new RegExp(
  `[./]?(?: (?:${PARTICLE}|d|l)(?:['’]|(?= ))){0,3}[ '’]?${NAME}(?: (?:(?:${PARTICLE}|d|l)(?: |['’])){0,2}(?:${NAME}|\\d{1,2}(?= \\p{Lu}))){0,4}`,
  'uy',
)
const NUMBER_AHEAD =
  /,? (?:n[º°o]?\.? ?|nr\.? ?)?\d{1,4}(?: ?[A-Z](?![\p{L}]))?(?:[-/]\d{1,4}|\/[A-Z](?![\p{L}]))?(?![\p{L}\p{N}]|[.:]\d)/iuy

/** `12 rue de la Paix`, `Calle Mayor 5`. */
function streetBefore(
  surroundings: Surroundings,
  at: number,
  wordStart: number,
): Found | undefined {
  const { text } = surroundings
  const nameEnd = matchEnd(NAME_AHEAD, text, at)
  if (nameEnd === undefined) return undefined
  const type = text.slice(wordStart, at)
  const isSure = SURE_BEFORE.test(type) || (type === 'Via' && !/[.]$/.test(type))
  const houseStart = startOfHouse(text, wordStart)
  if (houseStart !== undefined) return address(surroundings, houseStart, nameEnd, isSure)
  const numberEnd = matchEnd(NUMBER_AHEAD, text, nameEnd)
  return numberEnd === undefined ? undefined : address(surroundings, wordStart, numberEnd, isSure)
}

/** Where the number before a French street begins: `8 bis avenue`, `25, boulevard`. */
function startOfHouse(text: string, wordStart: number): number | undefined {
  for (let from = Math.max(0, wordStart - 10); from < wordStart - 1; from += 1) {
    if (/[\p{L}\p{N}.,/-]/u.test(text.charAt(from - 1))) continue
    if (matchEnd(HOUSE_BEFORE, text, from) === wordStart) return from
  }
  return undefined
}

const HOUSE_BEFORE = /\d{1,4}(?: ?(?:bis|ter|quater|[A-D]))?,? /y

/** `Hauptstr. 5a`: the number is what the scanner stops at. */
function houseNumber(groups: Groups): Found | undefined {
  const { text, start, end } = groups
  // Most numbers are no house's: the letters before say so at once.
  if (text.charCodeAt(start - 1) !== 32) return undefined
  const last = text.charCodeAt(start - 2)
  if (last !== 46 && !LAST_LETTERS.has(lastLetters(text.charCodeAt(start - 3), last))) {
    return undefined
  }
  const isDotted = last === 46
  const wordEnd = start - 1
  if (!isDotted && !COMPOUND_ENDS.has(text.slice(wordEnd - 3, wordEnd).toLowerCase()))
    return undefined
  let from = wordEnd
  while (from > 0 && wordEnd - from < 40 && /[\p{L}.'-]/u.test(text.charAt(from - 1))) from -= 1
  const word = text.slice(from, wordEnd)
  if (!COMPOUND.test(word) || (isDotted && !/str\.$/i.test(word))) return undefined
  // "Mariahilfer Strasse", "Kossuth Lajos utca": the name stands before.
  const isSmall = /^[a-z]/.test(word)
  const wanted = isSmall ? 3 : word.length > 7 ? 0 : 1
  for (let words = 0; words < wanted; words += 1) {
    const name = nameBefore(text, from)
    if (name === undefined) {
      if (words === 0) return undefined
      break
    }
    from = name
  }
  if (!/\p{Lu}/u.test(text.charAt(from))) return undefined
  const more = matchEnd(HOUSE_MORE, text, end) ?? end
  return address(
    groups,
    from,
    more,
    /(?:strasse|str\.|straat|gracht|weg|gasse|platz|gatan|vej)$/i.test(word),
  )
}

/** Where the capitalised word begins that ends one blank before `at`. */
function nameBefore(text: string, at: number): number | undefined {
  if (text.charCodeAt(at - 1) !== 32) return undefined
  let start = at - 1
  while (start > 0 && at - start < 26 && /[\p{L}'-]/u.test(text.charAt(start - 1))) start -= 1
  return start < at - 1 && /\p{Lu}/u.test(text.charAt(start)) ? start : undefined
}

const HOUSE_MORE = /(?: ?[a-zA-Z](?![\p{L}\p{N}]))?(?:[-/]\d{1,4}[a-z]?){0,3}(?![\p{L}\p{N}])/uy

const LEAD =
  /[ \t]{0,2}(?:["']?[:=]["']?|is|est|ist|es|è|e|at|er|ar|to|der|in|me|now|now:|:|は|是|an|on|:\s?\n|\r?\n)?[ \t"'(]{0,3}/uy
const STATED = /^["' \t]{0,2}(?:[:=]|is |ist |est |es |e |er |ar |\r?\n)/
const TOKEN = new RegExp(
  `(?:(?:${NAME})|(?:${PARTICLE})(?![\\p{L}])|[Cc]\\/ ?(?=\\p{Lu})|(?:ul|al|д|кв|г|ул|стр|корп|no|nº|n|str|st)\\.?:?(?![\\p{L}])|#?\\d{1,6}[A-Za-zº°]?(?:[-/]\\d{1,4}[A-Za-z]?){0,3}(?![\\p{L}\\p{N}]|[.:]\\d))`,
  'uy',
)
const GAP = /(?: |\/|, ?|\.? (?=\p{L})|: ?)/uy
const MAX_TOKENS = 16
const NO_STREET =
  /^(?:Room|Floor|Building|Step|Line|Page|Windows|Office|Version|Mac|Android|Chrome|Microsoft|Ticket|Error|Desk|Meeting|Level|Raum|Zimmer|Etage|Salle|Sala|Piso|User|Server|Port|Host|The|This|It|Order|Bug|Issue|Item|Case|Table|Test|Tier|Phase|Team|Group|Option|Part|Unit|Line|Gate|Zone|Stage)\b/

/** Any order of names and numbers where an address is announced. */
function announced(surroundings: Surroundings, at: number, isStated: boolean): Found | undefined {
  const { text } = surroundings
  const isLabel = STATED.test(text.slice(at, at + 8))
  if (!isLabel && !isStated) return undefined
  const asian = matchEnd(EAST_ASIAN, text, at)
  let start = matchEnd(LEAD, text, at) ?? at
  if (asian !== undefined) return { start, end: asian, confidence: 'likely', context: ADDRESS.name }
  if (start === at) return undefined
  if (matchEnd(PO_BOX, text, start) !== undefined)
    return address(surroundings, start, PO_BOX.lastIndex, true)
  let place = start
  let end = start
  let numbers = 0
  let names = 0
  for (let tokens = 0; tokens < MAX_TOKENS; tokens += 1) {
    const tokenEnd = matchEnd(TOKEN, text, place)
    if (tokenEnd === undefined) break
    const token = text.slice(place, tokenEnd)
    if (/\d/.test(token)) numbers += 1
    else if (/^\p{Lu}\p{L}/u.test(token)) names += 1
    if (tokens < 2 && numbers === 0 && /^[a-z]/.test(token) && names === 0) start = tokenEnd + 1
    if (/\d/.test(token) || /^\p{Lu}/u.test(token)) end = tokenEnd
    const gapEnd = matchEnd(GAP, text, tokenEnd)
    if (gapEnd === undefined) break
    place = gapEnd
  }
  const whole = endOfAddress(text, end)
  if (numbers > 0 && whole.hasTown) end = whole.end
  const value = text.slice(start, end)
  if (numbers === 0 || names === 0 || NO_STREET.test(value) || /^\d{5,}/.test(value))
    return undefined
  const hasCode = /(?<!\d)(?:\d{4,6}|\d{2,5}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?!\d)/.test(
    value,
  )
  const isStreet =
    /^\d{1,5}[A-Za-z]?,? \p{Lu}/u.test(value) ||
    /\p{L}\.?,? (?:no:? ?)?\d{1,4}[A-Za-z]?(?![\p{L}\d])/iu.test(value)
  if (!isStreet || (!hasCode && !isLabel)) return undefined
  return { start, end, confidence: 'likely', context: ADDRESS.name }
}

const EAST_ASIAN =
  /[ :は是]{0,3}〒?(?:\d{3}-?\d{4} ?)?[\u3041-\u30fe\u4e00-\u9fff]{4,30}\d{1,5}(?:[-号號丁目番地室楼弄\d]{0,14})/uy
const PO_BOX =
  /P\.?\s?O\.? ?Box \d{1,6}|Postfach \d[\d ]{1,8}\d|BP \d{1,5}|Apartado \d{1,6}|Postbus \d{1,5}/iy

/** `PO Box 1234, Boise, ID 83701`: with its town anywhere. */
function poBox(surroundings: Surroundings, _at: number, wordStart: number): Found | undefined {
  const end = matchEnd(PO_BOX, surroundings.text, wordStart)
  return end === undefined ? undefined : address(surroundings, wordStart, end, true)
}

const BOX = concept('po_box', 'po box,p o box,pobox,postfach,postbus,apartado')

export const postalAddressRules: readonly Rule[] = [
  {
    id: 'street_address',
    kind: 'address',
    on: 'word',
    concepts: [STREET_BEHIND],
    contexts: [ADDRESS, LIVES],
    find: streetBehind,
  },
  {
    id: 'street_address_romance',
    kind: 'address',
    on: 'word',
    concepts: [STREET_BEFORE],
    contexts: [ADDRESS, LIVES],
    find: streetBefore,
  },
  {
    id: 'street_address_compound',
    kind: 'address',
    on: 'groups',
    lengths: [1, 2, 3, 4],
    hasLetters: 'maybe',
    maxGroups: 1,
    judge: houseNumber,
    contexts: [ADDRESS, LIVES],
  },
  {
    id: 'po_box',
    kind: 'address',
    on: 'word',
    concepts: [BOX],
    contexts: [ADDRESS, LIVES],
    find: poBox,
  },
  {
    id: 'announced_address',
    kind: 'address',
    on: 'word',
    concepts: [ADDRESS, LABEL],
    find: (surroundings, at) => announced(surroundings, at, false),
  },
  {
    id: 'announced_place',
    kind: 'address',
    on: 'word',
    concepts: [LIVES],
    find: (surroundings, at) => announced(surroundings, at, true),
  },
]
