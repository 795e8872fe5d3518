/** `one-text.ts DETECTOR SHAPE LENGTH`: prints the milliseconds that the first text of a process takes. */
import { HOSTILE_SHAPES } from '../../test/detect/hostile.ts'
import { detectors } from './detectors.ts'
import { shippedDetector } from './shipped-detector.ts'

const [name, shapeName, length] = process.argv.slice(2)
const detector = detectors(await shippedDetector()).find((one) => one.name === name)
const shape = HOSTILE_SHAPES.find((one) => one.name === shapeName)
if (detector === undefined || shape === undefined) throw new Error('no such detector or shape')
const text = shape.make(Number(length))
const start = performance.now()
await detector.run(text)
console.log(performance.now() - start)
process.exit(0)
