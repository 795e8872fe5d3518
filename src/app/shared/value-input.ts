/** For an input that holds a value: nothing that helps one to type may remember or send it. */
export const VALUE_INPUT = {
  // `MAX_VALUE_LENGTH` of the contract, whose module brings zod along.
  maxLength: 4096,
  autoComplete: 'off',
  autoCorrect: 'off',
  autoCapitalize: 'off',
  // A spelling service would see the value.
  spellCheck: false,
} as const
