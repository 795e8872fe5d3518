import { describe, expect, test } from 'vitest'
import { detect } from '../../../src/detect/detect.ts'

function found(text: string): string[] {
  return detect(text)
    .filter(({ kind }) => kind === 'address')
    .map(({ start, end }) => text.slice(start, end))
}

// All invented, in the order of parts that each country's post asks for (UPU S42).
describe('postal addresses', () => {
  test.each([
    '42 Main Street, Springfield, IL 62704',
    '77 Massachusetts Ave Apt 4B, Cambridge, MA 02139',
    '8250 Lakeview Dr., Suite 210, Austin, TX 78701-1234',
    '742 Evergreen Terrace\nSpringfield, OR 97477',
    'PO Box 1234, Boise, ID 83701',
    '27 Maple Crescent, Toronto, ON M5V 2T6',
    '221B Baker Street, London NW1 6XE',
    '29 Orchard Close, Norwich NR2 4TF',
    'Flat 3, 45 Queen Street, Edinburgh EH2 3NH',
    'Unit 4/27 Collins Street, Melbourne VIC 3000',
    '14 Abbey Street, Dublin 1, D01 X2P3',
    'Musterstraße 12, 12345 Musterstadt',
    'Hauptstr. 5a, 10115 Berlin',
    'Mariahilfer Straße 45/3/12, 1060 Wien',
    'Bahnhofstrasse 3, CH-8001 Zürich',
    '12 rue de la Paix, 75002 Paris',
    '8 bis avenue Victor Hugo, 69002 Lyon',
    'Calle de Alcalá 45, 3º B, 28014 Madrid',
    'Av. Brasil 100, apto 2, 80010-000 Curitiba',
    'Via Giuseppe Verdi 7/A, 10124 Torino',
    'Keizersgracht 123, 1015 CJ Amsterdam',
    'Rua Augusta 120, 1100-053 Lisboa',
    'ul. Marszałkowska 10/5, 00-590 Warszawa',
    'Storgatan 12, 111 23 Stockholm',
  ])('%s is found wherever it stands', (value) => {
    expect(found(`Jane Roe, ${value}`)).toEqual([value])
    expect(found(`The parcel for ${value}. It is late.`)).toEqual([value])
  })

  test.each([
    ['I live at 9 Rosewood Drive and the modem is broken', '9 Rosewood Drive'],
    ['my address is 1428 Elm Street', '1428 Elm Street'],
    ['my address is 12 main street', '12 main street'],
    ['ich wohne Gartenweg 14', 'Gartenweg 14'],
    ['Adresse: Am Alten Markt 7, 50667 Köln', 'Am Alten Markt 7, 50667 Köln'],
    ['mijn adres: Meir 24, 2000 Antwerpen', 'Meir 24, 2000 Antwerpen'],
    ['enviar a Gran Vía 28, 28013 Madrid', 'Gran Vía 28, 28013 Madrid'],
    ['мой адрес: ул. Ленина, д. 10, кв. 5', 'ул. Ленина, д. 10, кв. 5'],
    ['adresim: Atatürk Caddesi No: 15, 34710 Kadıköy', 'Atatürk Caddesi No: 15, 34710 Kadıköy'],
    ['住所は 〒100-0001 東京都千代田区千代田1-1 です', '〒100-0001 東京都千代田区千代田1-1'],
  ])('%s holds one by its words', (text, value) => {
    expect(found(text)).toEqual([value])
  })

  test.each([
    ['a product', 'open 5 Street View tabs in 12 Google Drive folders'],
    ['a proverbial street', 'Wall Street opened 5 points up'],
    ['a model', 'the Triumph Street 750'],
    ['a room', 'come to Room 12 on Floor 3, Building 4'],
    ["a machine's address", 'my address is 192.0.2.1, MAC address 00:00:5E:00:53:AF'],
    ['a mail address', 'e-mail address: jane42@example.com'],
    ['a page', 'address: https://example.com/42/Main'],
    ['the verb', 'please address Windows 11 issue 42 first'],
    ['a way of going', 'I sent it via Outlook 16 and via VPN 2'],
    ['a place in a queue', 'we are in 3 place and at 12 way points'],
    ['a year', 'Office 12, 2024 Budget'],
    ['a town alone', 'I live in Berlin since 2019'],
    ['a doctor', 'ask 2 Dr Smith 14'],
    ['a saint', '3 St Mary tickets'],
    ['a mask', 'address: •••• Street, ••••• Berlin'],
    ['steps', 'send to step 3, then go to Line 12 of the file'],
  ])('%s is none', (_, text) => {
    expect(found(text)).toEqual([])
  })
})
