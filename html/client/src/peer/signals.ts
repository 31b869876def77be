import type { TrackSource } from '../types.js';
import { isCount, isObject, isText, type JsonObject } from '../util/guards.js';

/** What a description says about one of its tracks. */
export interface TrackNote {
  readonly mid: string;
  /** Of the publication; another one may use the same `mid` later. */
  readonly id: string;
  readonly source: TrackSource;
  readonly muted: boolean;
  /** Counts the changes of `muted`, which can come by two ways. */
  readonly rev: number;
}

/**
 * What travels in `data` of a directed signal. Only `description` and `candidate` are needed to
 * understand each other; the rest is what this library adds.
 */
export interface PeerSignal {
  readonly description?: { readonly type: 'offer' | 'answer'; readonly sdp: string };
  readonly candidate?: RTCIceCandidateInit | null;
  /** Number of the offer, repeated in its answer. */
  readonly offer?: number;
  readonly tracks?: readonly TrackNote[];
  /** Which of the sender's connections this is about. */
  readonly pc?: string;
  /** Which of the receiver's connections it is meant for; null: the sender has met none yet. */
  readonly for?: string | null;
  /**
   * Sent when signals may have been lost: whoever hears it sends again what is unanswered, and
   * answers an `ask` by a `reply`.
   */
  readonly hello?: 'ask' | 'reply';
}

const AUDIO = /^(microphone|screen-audio|audio:.+)$/s;
const VIDEO = /^(camera|screen|video:.+)$/s;
const MAX_SOURCE = 64;

/** Whether something names a source. */
export function isSource(value: unknown): value is TrackSource {
  return isText(value, MAX_SOURCE) && (AUDIO.test(value) || VIDEO.test(value));
}

/** The kind of track that a source has. */
export function kindOf(source: TrackSource): 'audio' | 'video' {
  return AUDIO.test(source) ? 'audio' : 'video';
}

const MAX_SDP = 1_000_000;
const MAX_TEXT = 4096;
const MAX_TRACKS = 16;

/** Reads what another peer has sent; undefined when nothing in it can be used. */
export function parseSignal(data: unknown): PeerSignal | undefined {
  if (!isObject(data)) {
    return undefined;
  }
  const description = parseDescription(data.description);
  const candidate = parseCandidate(data.candidate);
  const tracks = parseTracks(data.tracks);
  const { hello, offer, pc } = data;
  const target = data.for;
  const known = hello === 'ask' || hello === 'reply';
  if (!description && candidate === undefined && !known) {
    return undefined;
  }
  return {
    ...(description ? { description } : {}),
    ...(candidate !== undefined ? { candidate } : {}),
    ...(tracks ? { tracks } : {}),
    ...(known ? { hello } : {}),
    ...(isCount(offer) ? { offer } : {}),
    ...(isText(pc, 64) ? { pc } : {}),
    ...(isText(target, 64) || target === null ? { for: target } : {}),
  };
}

function parseDescription(raw: unknown): PeerSignal['description'] {
  if (!isObject(raw) || !isText(raw.sdp, MAX_SDP)) {
    return undefined;
  }
  const { type, sdp } = raw;
  return type === 'offer' || type === 'answer' ? { type, sdp } : undefined;
}

function parseCandidate(raw: unknown): RTCIceCandidateInit | null | undefined {
  if (raw === null) {
    return null;
  }
  if (!isObject(raw) || typeof raw.candidate !== 'string') {
    return undefined;
  }
  const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = raw;
  if (candidate.length > MAX_TEXT) {
    return undefined;
  }
  return {
    candidate,
    sdpMid: isText(sdpMid, 64) ? sdpMid : null,
    sdpMLineIndex: isCount(sdpMLineIndex) && sdpMLineIndex < 65536 ? sdpMLineIndex : null,
    usernameFragment: isText(usernameFragment, 256) ? usernameFragment : null,
  };
}

function parseTracks(raw: unknown): readonly TrackNote[] | undefined {
  if (!Array.isArray(raw)) {
    return undefined;
  }
  return (raw as readonly unknown[])
    .slice(0, MAX_TRACKS)
    .map((entry) => (isObject(entry) ? parseTrack(entry) : undefined))
    .filter((note) => note !== undefined);
}

function parseTrack(raw: JsonObject): TrackNote | undefined {
  const { mid, id, source, muted, rev } = raw;
  if (!isSource(source) || !isText(mid, 64) || !isText(id, 64)) {
    return undefined;
  }
  return { mid, id, source, muted: muted === true, rev: isCount(rev) ? rev : 0 };
}
