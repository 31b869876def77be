/** Room names as the server takes them: 1 to 128 of `A-Z a-z 0-9 . _ ~ -`. */
const ROOM_NAME = /^[A-Za-z0-9._~-]{1,128}$/;

export function isRoomName(name: string): boolean {
  // A path of dots would be folded away by the browser.
  return ROOM_NAME.test(name) && name !== '.' && name !== '..';
}

/** Makes a room name of what a person typed: "Café am Rhein" becomes "Cafe-am-Rhein". */
export function toRoomName(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').trim().replace(/\s+/g, '-');
}

const FIRST = [
  'amber',
  'brave',
  'bright',
  'calm',
  'clear',
  'cosy',
  'deep',
  'early',
  'fair',
  'gentle',
  'golden',
  'green',
  'happy',
  'kind',
  'late',
  'light',
  'lively',
  'mellow',
  'merry',
  'mild',
  'noble',
  'open',
  'quick',
  'quiet',
  'ready',
  'silver',
  'smooth',
  'soft',
  'still',
  'sunny',
  'swift',
  'warm',
] as const;

const SECOND = [
  'bank',
  'bay',
  'beach',
  'bend',
  'brook',
  'cove',
  'creek',
  'dune',
  'fern',
  'fjord',
  'ford',
  'harbor',
  'inlet',
  'island',
  'kelp',
  'lagoon',
  'lake',
  'meadow',
  'mill',
  'moss',
  'pebble',
  'pond',
  'reed',
  'reef',
  'ripple',
  'river',
  'shell',
  'shore',
  'spring',
  'stream',
  'tide',
  'willow',
] as const;

/** Letters and digits that are not mistaken for each other when read aloud or copied. */
const TAIL = 'abcdefghjkmnpqrstuvwxyz23456789';
const TAIL_LENGTH = 8;

/**
 * A new room's name: two words to recognise it by, and a tail that makes it hard to guess, since
 * where guests are let in the name is all that opens the room (about 49 bits together).
 */
export function newRoomName(random: (bytes: Uint8Array) => Uint8Array = fill): string {
  const bytes = random(new Uint8Array(2 + TAIL_LENGTH * 4));
  const first = FIRST[(bytes[0] ?? 0) % FIRST.length] ?? FIRST[0];
  const second = SECOND[(bytes[1] ?? 0) % SECOND.length] ?? SECOND[0];
  // Bytes past the last multiple would favour the first letters: they are passed over.
  const limit = 256 - (256 % TAIL.length);
  const tail = [...bytes.subarray(2)]
    .filter((byte) => byte < limit)
    .slice(0, TAIL_LENGTH)
    .map((byte) => TAIL[byte % TAIL.length])
    .join('');
  return tail.length === TAIL_LENGTH ? `${first}-${second}-${tail}` : newRoomName(random);
}

function fill(bytes: Uint8Array): Uint8Array {
  return crypto.getRandomValues(bytes);
}
