import { describe, expect, it } from 'vitest';
import { EMOJI, verificationCode } from '../src/peer/verification.js';

const hex = (byte: string): string => Array.from({ length: 32 }, () => byte).join(':');
const sdp = (...fingerprints: string[]): string =>
  ['v=0', 'm=audio 9 X', ...fingerprints.map((f) => `a=fingerprint:${f}`), 'm=video 9 X', ''].join(
    '\r\n',
  );

const ANN = sdp(`sha-256 ${hex('AA')}`);
const BEN = sdp(`sha-256 ${hex('BB')}`);
const EVE = sdp(`sha-256 ${hex('EE')}`);

describe('a verification code', () => {
  it('is four groups of five digits and eight pictures', () => {
    const code = verificationCode(ANN, BEN);
    expect(code?.digits).toHaveLength(4);
    expect(code?.digits.every((group) => /^\d{5}$/.test(group))).toBe(true);
    expect(new Set(EMOJI).size).toBe(64);
    expect(code?.emoji).toHaveLength(8);
    expect(code?.emoji.every((symbol) => /^\p{Extended_Pictographic}$/u.test(symbol))).toBe(true);
  });

  it('is the same on both sides', () => {
    expect(verificationCode(ANN, BEN)).toEqual(verificationCode(BEN, ANN));
  });

  it('stays as it was computed in other versions', () => {
    expect(verificationCode(ANN, BEN)?.digits.join(' ')).toBe('76297 28226 29407 96265');
  });

  it('differs on both sides when somebody sits in the middle', () => {
    const seenByAnn = verificationCode(ANN, EVE);
    const seenByBen = verificationCode(BEN, EVE);
    expect(seenByAnn?.digits).not.toEqual(seenByBen?.digits);
    expect(seenByAnn?.emoji).not.toEqual(seenByBen?.emoji);
  });

  it('differs when a fingerprint was added on one side', () => {
    const both = sdp(`sha-256 ${hex('AA')}`, `sha-256 ${hex('EE')}`);
    expect(verificationCode(BEN, both)).not.toEqual(verificationCode(ANN, BEN));
    expect(verificationCode(BEN, both)).not.toEqual(verificationCode(BEN, EVE));
  });

  it('does not depend on spelling, order or repetition', () => {
    const a = sdp(`sha-256 ${hex('AA')}`, `sha-384 ${hex('CC')}`);
    const b = sdp(`SHA-384 ${hex('cc')}`, `sha-256 ${hex('aa')}`, `sha-256 ${hex('AA')}`);
    expect(verificationCode(a, BEN)).toEqual(verificationCode(b, BEN));
  });

  it('is not there before both sides have said which certificate is theirs', () => {
    expect(verificationCode(undefined, BEN)).toBeNull();
    expect(verificationCode(ANN, undefined)).toBeNull();
    expect(verificationCode(ANN, sdp())).toBeNull();
  });
});
