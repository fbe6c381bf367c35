import fc from "fast-check";

/** Any UTF-16 text, halves of surrogate pairs included. */
export const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

/** Texts put together from the characters of a text, or from several texts. */
export function textOf(
  units: string | string[],
  constraints: { minLength?: number; maxLength?: number } = {},
) {
  return fc.string({ unit: fc.constantFrom(...Array.from(units)), ...constraints });
}
