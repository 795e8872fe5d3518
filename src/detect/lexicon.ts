/**
 * The words that tell what a number near them is. A concept is one meaning in the languages that help
 * desks write; its words are lower case, without accents, and match with any case and accents.
 */

export type Concept = {
  /** Shown as the reason of a finding. */
  readonly name: string
  /** One or more words each; between words of a phrase stand blanks, hyphens, dots or nothing. */
  readonly phrases: readonly string[]
  /** Whether it says that a number is a mere reference (an order, a version), nothing sensitive. */
  readonly isReference: boolean
}

/**
 * A concept from a comma-separated list of phrases. In `order*` the star stands for what one writes in
 * one word behind it, as in `orderNumber` and `OrderId`; in two words the first says it all.
 */
export function concept(name: string, phrases: string): Concept {
  return { name, phrases: split(phrases), isReference: false }
}

function split(phrases: string): string[] {
  return phrases.split(',').flatMap((entry) => {
    const [phrase = '', ...stars] = entry.trim().split('*')
    const joined = phrase.replaceAll(' ', '')
    return [phrase, ...stars.flatMap(() => TAILS.map((tail) => joined + tail))]
  })
}

const TAILS = ['number', 'no', 'nr', 'num', 'id', 'code']

/** What numbers that are no secret are called. The nearest word before a number wins. */
export const REFERENCE: Concept = {
  name: 'reference',
  phrases: split(
    `receipt*,transaction*,docket,voucher,job*,order*,orders,po number,invoice*,tracking*,shipment,parcel,package,consignment,waybill,awb,
delivery,ups,usps,fedex,dhl,dpd,gls,hermes,royal mail,ticket*,case*,incident,reference*,ref*,
serial*,sn,s n,model,part*,sku,product*,article,item*,version,ver,build,revision,release,
firmware,driver,kernel,error*,exception,event*,transaction id,transaction number,trace id,
span id,correlation id,request*,confirmation*,booking*,reservation,flight,isbn,issn,ean,gtin,upc,
barcode,imei,meid,iccid,asset*,tag,quote*,rma,timestamp,epoch,unix time,checksum,hash,md5,sha,
sha1,sha256,crc,uuid,guid,commit,session id,pid,port,ports,batch,lot*,meter*,device id,
contract number,customer number,customer id,member number,subscription*,thread,message id,job id,
task*,issue,bug,change,offset,bytes,size,duration,coordinates,lat,lon,latitude,longitude,gps,kb,
vat rate,bestellung,bestellnummer,auftrag,auftragsnummer,rechnung,rechnungsnummer,rechnungsnr,
sendungsnummer,sendungsverfolgung,paketnummer,lieferschein,vorgang,vorgangsnummer,aktenzeichen,
kundennummer,kundennr,seriennummer,artikelnummer,teilenummer,fehlercode,vertragsnummer,
zahlernummer,geschaftszeichen,commande,facture,suivi,colis,dossier,numero de client,
numero de serie,pedido,factura,envio,seguimiento,caso,expediente,numero de cliente,ordine,
fattura,spedizione,pratica,codice cliente,bestelling,bestelnummer,factuur,factuurnummer,zending,
klantnummer,zaaknummer,kenmerk,encomenda,fatura,rastreio,protocolo,zamowienie,faktura`,
  ),
  isReference: true,
}

/** Where a concept was found: which, and where its words begin and end. */
export type ConceptHit = { concept: number; start: number; end: number }

type Entry = { concept: number; rest: readonly string[] }

const SLOTS = 1 << 16
const FOLD = 0x20
const EVERY_LETTER = -1

/** Which slot a first word falls into, by its first three and its last character and its length. */
function slotOf(first: number, second: number, third: number, last: number, length: number) {
  const ends =
    first | FOLD | ((second | FOLD) << 8) | ((third | FOLD) << 16) | ((last | FOLD) << 24)
  return (Math.imul(ends, 0x9e3779b1) + Math.imul(length, 0x85ebca6b)) >>> 16
}

function letterBit(code: number): number {
  return 1 << (code & 31)
}

/** Looks words up. `concepts` keep their places: a hit names a concept by its index. */
export class Lexicon {
  readonly concepts: readonly Concept[]
  /**
   * By slot, with which letters the word behind may begin for a phrase to go on; every one where the
   * word stands for something by itself. Keeps ordinary words away from the map.
   */
  readonly #nextLetters = new Int32Array(SLOTS)
  readonly #entries = new Map<string, Entry[]>()
  /** The first words of a slot. */
  readonly #slots = new Map<number, { first: string; entries: Entry[] }[]>()

  constructor(concepts: readonly Concept[]) {
    this.concepts = concepts
    concepts.forEach(({ phrases }, index) => {
      for (const phrase of phrases) {
        const words = phrase.split(' ')
        this.#add(index, words)
        // As in cardNumber, date_of_birth or Kartennummer.
        if (words.length > 1) this.#add(index, [words.join('')])
      }
    })
    for (const entries of this.#entries.values()) {
      entries.sort((left, right) => right.rest.length - left.rest.length)
    }
  }

  #add(index: number, [first = '', ...rest]: readonly string[]): void {
    const slot = slotOf(
      first.charCodeAt(0),
      first.charCodeAt(1),
      first.charCodeAt(Math.min(2, first.length - 1)),
      first.charCodeAt(first.length - 1),
      first.length,
    )
    let entries = this.#entries.get(first)
    if (entries === undefined) {
      entries = []
      this.#entries.set(first, entries)
      this.#slots.set(slot, [...(this.#slots.get(slot) ?? []), { first, entries }])
    }
    entries.push({ concept: index, rest })
    const [second] = rest
    const letters = second === undefined ? EVERY_LETTER : letterBit(second.charCodeAt(0))
    this.#nextLetters[slot] = (this.#nextLetters[slot] ?? 0) | letters
  }

  /**
   * Calls `onHit` for each concept that the word `[start, end)`, two characters or more, stands for or
   * begins. Words are taken whole: `discard` is no `card`. `codes` are the text's, see `scan.ts`.
   */
  lookUp(
    text: string,
    codes: Uint8Array,
    start: number,
    end: number,
    onHit: (hit: ConceptHit) => void,
  ): void {
    const first = codes[start] ?? 0
    if (first < 128) {
      const slot = slotOf(
        first,
        codes[start + 1] ?? 0,
        codes[end - start > 2 ? start + 2 : end - 1] ?? 0,
        codes[end - 1] ?? 0,
        end - start,
      )
      const letters = this.#nextLetters[slot] ?? 0
      if (letters === 0) return
      if (letters !== EVERY_LETTER && (letters & letterAfter(codes, end)) === 0) return
      for (const candidate of this.#slots.get(slot) ?? []) {
        if (!isWord(codes, start, end, candidate.first)) continue
        callHits(text, candidate.entries, start, end, onHit)
        return
      }
      // A word that begins in ASCII and goes on beyond it has codes of its own.
      if (isAscii(codes, start, end)) return
    }
    this.find(text, start, end, onHit)
  }

  /** `lookUp` without its quick way out, for the few words that are looked at out of turn. */
  find(text: string, start: number, end: number, onHit: (hit: ConceptHit) => void): void {
    const entries = this.#entries.get(text.slice(start, end).toLowerCase())
    if (entries !== undefined) callHits(text, entries, start, end, onHit)
  }
}

function callHits(
  text: string,
  entries: readonly Entry[],
  start: number,
  end: number,
  onHit: (hit: ConceptHit) => void,
): void {
  for (const { concept, rest } of entries) {
    const phraseEnd = rest.length === 0 ? end : endOfPhrase(text, end, rest)
    if (phraseEnd !== -1) onHit({ concept, start, end: phraseEnd })
  }
}

function isWord(codes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false
  for (let at = start; at < end; at += 1) {
    if (((codes[at] ?? 0) | FOLD) !== word.charCodeAt(at - start)) return false
  }
  return true
}

function isAscii(codes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((codes[at] ?? 0) >= 128) return false
  return true
}

/** The bit of the first character behind up to three signs between words. */
function letterAfter(codes: Uint8Array, end: number): number {
  let place = end
  while (place - end < 3 && !isLetter(codes[place] ?? 0)) place += 1
  const code = codes[place] ?? 0
  // What is not ASCII stands there as its class.
  return code < 128 ? letterBit(code) : EVERY_LETTER
}

/** Where the words of a phrase end that go on at `at`, or -1. */
function endOfPhrase(text: string, at: number, words: readonly string[]): number {
  let place = at
  for (const word of words) {
    const from = place
    while (place - from < 3 && " \t-_./'’&".includes(text.charAt(place)) && place < text.length) {
      place += 1
    }
    if (text.slice(place, place + word.length).toLowerCase() !== word) return -1
    place += word.length
  }
  return isLetter(text.charCodeAt(place)) ? -1 : place
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}
