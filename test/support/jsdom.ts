/** What the app's components expect of a browser and jsdom lacks. Runs before any of their imports. */
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

// Garden's theming package asks for media queries while it is imported.
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  }) satisfies MediaQueryList

window.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

Element.prototype.scrollIntoView ??= () => undefined

// Testing Library sets this where a runner's hooks are global; here they are imported.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

afterEach(cleanup)
