/** The tile colours, by number: the style sheets give each its shades. */
export const HUES = 8;

/** A colour for a person, the same on every side of the call. */
export function hueOf(identity: string): number {
  let hash = 2166136261;
  for (const char of identity) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  }
  return (hash >>> 0) % HUES;
}
