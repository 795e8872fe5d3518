import { describe, expect, test } from 'vitest'
import { detect } from '../../../src/detect/detect.ts'
import type { DetectedKind } from '../../../src/detect/span.ts'

function found(text: string, wanted: DetectedKind): string[] {
  return detect(text)
    .filter(({ kind }) => kind === wanted)
    .map(({ start, end }) => text.slice(start, end))
}

describe('IP addresses', () => {
  // Set aside for documentation: RFC 5737, RFC 3849, RFC 9637.
  test.each([
    ['my IP is 192.0.2.1', '192.0.2.1'],
    ['blocked 198.51.100.23.', '198.51.100.23'],
    ['http://203.0.113.195/admin', '203.0.113.195'],
    ['203.0.113.195:8080 refuses', '203.0.113.195'],
    ['ssh admin@192.0.2.146', '192.0.2.146'],
    ['[203.0.113.9]', '203.0.113.9'],
    ['client_ip=203.0.113.9;', '203.0.113.9'],
    ['allow 198.51.100.0/24', '198.51.100.0'],
    ['ping 1.1.1.1', '1.1.1.1'],
    ['２０３.０.１１３.１０', '２０３.０.１１３.１０'],
    ['from 2001:db8::1.', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:ff00:0042:8329', '2001:0db8:0000:0000:0000:ff00:0042:8329'],
    ['http://[2001:db8:85a3::8a2e:370:7334]:443/', '2001:db8:85a3::8a2e:370:7334'],
    ['::ffff:203.0.113.9 was refused', '::ffff:203.0.113.9'],
    ['2001:db8::192.0.2.33', '2001:db8::192.0.2.33'],
    ['3FFF:0:1::ABCD', '3FFF:0:1::ABCD'],
    ['fe80::1ff:fe23:4567:890a%eth2', 'fe80::1ff:fe23:4567:890a'],
  ])('%s holds one', (text, value) => {
    expect(found(text, 'ip_address')).toEqual([value])
  })

  test('a list of them is found whole', () => {
    expect(found('192.0.2.10,192.0.2.11, 2001:db8::1', 'ip_address')).toHaveLength(3)
  })

  test.each([
    ['a version', 'version 10.0.19.45, build 22.250.1.2, v192.0.2.1'],
    ['four small numbers', 'running 1.2.3.4 on Windows'],
    ['five numbers', '192.0.2.1.5'],
    ['numbers beyond an octet', '256.1.1.1 999.999.999.999'],
    ['zeros before numbers', '192.000.002.001'],
    ['a mask', 'netmask 255.255.255.0'],
    ['loopback', 'on 127.0.0.1:3000 or ::1'],
    ['"any"', 'listen on 0.0.0.0 or [::]'],
    ['multicast', 'join 224.0.0.251'],
    ['a time', 'at 12:34:56:78 or 14:05'],
    ['a scope in a program', 'std::vector, a::b::c, foo::bar, dead::beef'],
    ['two gaps', '2001::db8::1'],
    ['too many groups', '1:2:3:4:5:6:7:8:9'],
    ['a fingerprint', '43:51:43:a1:b5:fc:8b:b7'],
    ['an IPv6 prefix alone', 'fe80:: works'],
  ])('%s is none', (_, text) => {
    expect(found(text, 'ip_address')).toEqual([])
  })
})

describe('MAC addresses', () => {
  // 00-00-5E-00-53-xx is set aside for documentation (RFC 9542).
  test.each([
    ['MAC 00:00:5E:00:53:AF', '00:00:5E:00:53:AF'],
    ['(00-00-5e-00-53-01)', '00-00-5e-00-53-01'],
    ['ab-cd-ef-00-53-01 is the printer', 'ab-cd-ef-00-53-01'],
    ['arp 0000.5e00.5312,', '0000.5e00.5312'],
    ['device 0242.ac11.0003 is unknown', '0242.ac11.0003'],
    ['mac address: 00005E005301', '00005E005301'],
    ['mac 0000.1200.5312', '0000.1200.5312'],
  ])('%s holds one', (text, value) => {
    expect(found(text, 'mac_address')).toEqual([value])
  })

  test.each([
    ['nobody', '00:00:00:00:00:00 and ff-ff-ff-ff-ff-ff'],
    ['five pairs', '01:02:03:04:05'],
    ['a fingerprint', '43:51:43:a1:b5:fc:8b:b7:0a:3a'],
    ['two signs', '00:00:5E-00-53-AF'],
    ['digits in fours', '1234.5678.9012'],
    ['twelve digits', 'commit 00005E005301'],
  ])('%s is none', (_, text) => {
    expect(found(text, 'mac_address')).toEqual([])
  })
})
