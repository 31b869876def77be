import type { VerificationCode } from '../types.js';
import { Sha256 } from '../util/sha256.js';

/** Binds a code to this purpose, and to this way of computing it. */
const CONTEXT = 'otter verification 1';

/**
 * Hashed over and over: whoever wants to sit in the middle unseen has to find two certificates that
 * give the same code on both sides while the call is being set up, and pays this for every try.
 */
const ROUNDS = 1 << 13;

const GROUPS = 4;
const GROUP_DIGITS = 5;
const SYMBOLS = 8;

/** 64 of them, each one code point, no two alike at a glance. */
export const EMOJI = Array.from(
  '🐶🐱🦁🐴🦄🐷🐘🐰🐼🐓🐧🐢🐟🐙🦋🌷🌳🌵🍄🌏🌙☁🔥🍌🍎🍓🌽🍕🎂❤🤖🎩' +
    '👓🔧🎅👍☂⌛⏰🎁💡📕✏📎✂🔒🔑🔨☎🏁🚂🚲✈🚀🏆⚽🎸🎺🔔⚓🎧📁📌🍀',
);

/**
 * The code of a pair, from the two descriptions that a connection has agreed upon; null before
 * that.
 *
 * DTLS takes no certificate but one whose fingerprint stands in the description (RFC 8122, RFC
 * 8827 section 5.6.4), so whoever reads media in the middle has put fingerprints of their own into
 * the descriptions on both sides. Both sides hash all fingerprints of both descriptions, in an order
 * that does not depend on the side: with somebody in the middle they differ.
 */
export function verificationCode(
  local: string | undefined,
  remote: string | undefined,
): VerificationCode | null {
  const sides = [local, remote].map((sdp) => fingerprints(sdp ?? ''));
  if (sides.some((side) => side === '')) {
    return null;
  }
  const digest = slowHash([CONTEXT, ...sides.sort()].join('\n\n'));
  const view = new DataView(digest.buffer);
  const digits = Array.from({ length: GROUPS }, (_, i) =>
    String(view.getUint32(i * 4) % 10 ** GROUP_DIGITS).padStart(GROUP_DIGITS, '0'),
  );
  const symbols = digest.subarray(GROUPS * 4, GROUPS * 4 + SYMBOLS);
  return { digits, emoji: [...symbols].map((byte) => EMOJI[byte % EMOJI.length] ?? '') };
}

/** Every fingerprint in a description, once, in one spelling and order. */
function fingerprints(sdp: string): string {
  const found = new Set<string>();
  for (const [, hash, value] of sdp.matchAll(/^a=fingerprint:(\S+) ([0-9A-Fa-f:]+)\s*$/gm)) {
    found.add(`${(hash ?? '').toLowerCase()} ${(value ?? '').toUpperCase()}`);
  }
  return [...found].sort().join('\n');
}

function slowHash(text: string): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer> = new TextEncoder().encode(text);
  for (let round = 0; round < ROUNDS; round++) {
    bytes = new Sha256().update(bytes).bytes();
  }
  return bytes;
}
