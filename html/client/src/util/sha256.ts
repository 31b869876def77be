import { hex } from './random.js';

/**
 * SHA-256 (FIPS 180-4) fed piece by piece. WebCrypto digests only what lies in memory as a whole,
 * and only in secure contexts.
 */
export class Sha256 {
  readonly #state = new Int32Array(INITIAL);
  readonly #words = new Int32Array(64);
  readonly #tail = new Uint8Array(BLOCK);
  #tailLength = 0;
  #length = 0;
  #digest: Uint8Array<ArrayBuffer> | undefined;

  /** Adds bytes to what is hashed. */
  update(bytes: Uint8Array): this {
    if (this.#digest !== undefined) {
      throw new Error('The digest has been taken.');
    }
    this.#length += bytes.length;
    let offset = 0;
    if (this.#tailLength > 0) {
      offset = Math.min(BLOCK - this.#tailLength, bytes.length);
      this.#tail.set(bytes.subarray(0, offset), this.#tailLength);
      this.#tailLength += offset;
      if (this.#tailLength < BLOCK) {
        return this;
      }
      this.#tailLength = 0;
      compress(this.#state, this.#words, this.#tail, 0, BLOCK);
    }
    const whole = bytes.length - ((bytes.length - offset) % BLOCK);
    compress(this.#state, this.#words, bytes, offset, whole);
    this.#tail.set(bytes.subarray(whole));
    this.#tailLength = bytes.length - whole;
    return this;
  }

  /** The digest in lower-case hexadecimal; nothing can be added afterwards. */
  digest(): string {
    return hex(this.bytes());
  }

  /** The digest; nothing can be added afterwards. */
  bytes(): Uint8Array<ArrayBuffer> {
    if (this.#digest === undefined) {
      const padding = new Uint8Array(this.#tailLength < BLOCK - 8 ? BLOCK : 2 * BLOCK);
      padding.set(this.#tail.subarray(0, this.#tailLength));
      padding[this.#tailLength] = 0x80;
      const view = new DataView(padding.buffer);
      view.setBigUint64(padding.length - 8, BigInt(this.#length) * 8n);
      compress(this.#state, this.#words, padding, 0, padding.length);

      const out = new DataView(new ArrayBuffer(32));
      this.#state.forEach((word, i) => {
        out.setInt32(i * 4, word);
      });
      this.#digest = new Uint8Array(out.buffer);
    }
    return this.#digest;
  }
}

const BLOCK = 64;

const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

const K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/* eslint-disable @typescript-eslint/no-non-null-assertion --
   every index is within its array, and this loop is the hot one of a file transfer */

/** Mixes the whole blocks of `bytes` from `start` to `end` into the state. */
function compress(
  state: Int32Array,
  w: Int32Array,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  for (let at = start; at < end; at += BLOCK) {
    for (let i = 0, p = at; i < 16; i++, p += 4) {
      w[i] = (bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8) | bytes[p + 3]!;
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
    }

    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + (g ^ (e & (f ^ g))) + K[i]! + w[i]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] = (state[0]! + a) | 0;
    state[1] = (state[1]! + b) | 0;
    state[2] = (state[2]! + c) | 0;
    state[3] = (state[3]! + d) | 0;
    state[4] = (state[4]! + e) | 0;
    state[5] = (state[5]! + f) | 0;
    state[6] = (state[6]! + g) | 0;
    state[7] = (state[7]! + h) | 0;
  }
}
