/** Audio levels run from 0 to 1, as `audioLevel` of WebRTC does. */
const STARTS_AT = 0.03;
const GOES_ON_AT = 0.012;
/** People pause between words: an outline that followed every pause would flicker. */
const HOLD_MS = 700;

/** When each person who is speaking was last heard. */
export type Speaking = ReadonlyMap<string, number>;

export function speakingStep(
  before: Speaking,
  levels: ReadonlyMap<string, number>,
  now: number,
): Speaking {
  const after = new Map<string, number>();
  for (const [id, level] of levels) {
    const heard = before.get(id);
    const threshold = heard === undefined ? STARTS_AT : GOES_ON_AT;
    if (level >= threshold) {
      after.set(id, now);
    } else if (heard !== undefined && now - heard < HOLD_MS) {
      after.set(id, heard);
    }
  }
  return after;
}

export function sameKeys(a: Speaking, b: Speaking): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}
