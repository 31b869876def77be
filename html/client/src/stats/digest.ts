import type { PathStats, PeerStats, StreamStats, TrackSource } from '../types.js';
import type { JsonObject } from '../util/guards.js';
import { Entries, numberOf, textOf } from './entries.js';

/** Tells which source a stream of a report belongs to. */
export interface Naming {
  inbound(mid: string | null, trackId: string | null): TrackSource | null;
  outbound(mid: string | null, trackId: string | null): TrackSource | null;
}

/**
 * What a report says, with rates since an earlier report of the same connection; without one, what
 * needs two readings is null.
 */
export function digest(
  report: RTCStatsReport,
  earlier: RTCStatsReport | null,
  naming: Naming,
): PeerStats {
  const now = new Entries(report);
  const before = earlier && new Entries(earlier);
  const inbound = now
    .ofType('inbound-rtp')
    .map((entry) => inboundStream(entry, now, before?.get(entry.id), naming));
  const outbound = now
    .ofType('outbound-rtp')
    .map((entry) => outboundStream(entry, now, before, naming));
  const path = pathOf(now);
  return {
    report,
    path,
    relayed: path && (path.local === 'relay' || path.remote === 'relay'),
    protocol: path && (path.relayProtocol ?? path.protocol),
    rtt: path?.rtt ?? most(outbound.map(({ rtt }) => rtt)),
    loss: most([...inbound, ...outbound].map(({ loss }) => loss)),
    jitter: most(inbound.map(({ jitter }) => jitter)),
    inbound,
    outbound,
  };
}

function inboundStream(
  entry: JsonObject,
  now: Entries,
  before: JsonObject | undefined,
  naming: Naming,
): StreamStats {
  const seconds = secondsBetween(entry, before);
  const lost = since(entry, before, 'packetsLost');
  const received = since(entry, before, 'packetsReceived');
  const all = lost === null || received === null ? 0 : Math.max(0, lost) + received;
  return {
    ...commonOf(entry, now),
    source: naming.inbound(textOf(entry.mid), textOf(entry.trackIdentifier)),
    bitrate: rate(since(entry, before, 'bytesReceived'), seconds),
    loss: lost === null || all === 0 ? null : Math.max(0, lost) / all,
    jitter: toMs(numberOf(entry.jitter)),
    rtt: null,
    fps: numberOf(entry.framesPerSecond) ?? perSecond(entry, before, 'framesDecoded', seconds),
    level: levelOf(entry, before),
    limitation: null,
    concealed: share(since(entry, before, 'concealedSamples'), entry, before),
    freezes: numberOf(entry.freezeCount),
    captured: null,
  };
}

function outboundStream(
  entry: JsonObject,
  now: Entries,
  before: Entries | null,
  naming: Naming,
): StreamStats {
  const earlier = before?.get(entry.id);
  const seconds = secondsBetween(entry, earlier);
  const remote =
    now.get(entry.remoteId) ??
    now.ofType('remote-inbound-rtp').find(({ localId }) => localId === entry.id);
  const origin = now.get(entry.mediaSourceId);
  return {
    ...commonOf(entry, now),
    source: naming.outbound(textOf(entry.mid), textOf(origin?.trackIdentifier)),
    bitrate: rate(since(entry, earlier, 'bytesSent'), seconds),
    loss: numberOf(remote?.fractionLost),
    jitter: toMs(numberOf(remote?.jitter)),
    rtt: toMs(numberOf(remote?.roundTripTime)),
    fps: numberOf(entry.framesPerSecond) ?? perSecond(entry, earlier, 'framesEncoded', seconds),
    level: origin ? levelOf(origin, before?.get(entry.mediaSourceId)) : null,
    limitation: limitationOf(entry.qualityLimitationReason),
    concealed: null,
    freezes: null,
    captured: numberOf(origin?.framesPerSecond),
  };
}

function commonOf(
  entry: JsonObject,
  now: Entries,
): Pick<StreamStats, 'kind' | 'width' | 'height' | 'codec'> {
  return {
    kind: entry.kind === 'audio' ? 'audio' : 'video',
    width: numberOf(entry.frameWidth),
    height: numberOf(entry.frameHeight),
    codec: textOf(now.get(entry.codecId)?.mimeType)?.replace(/^(audio|video)\//, '') ?? null,
  };
}

function pathOf(now: Entries): PathStats | null {
  const pair = now.pair();
  const local = pair && now.get(pair.localCandidateId);
  const remote = pair && now.get(pair.remoteCandidateId);
  if (!pair || !local || !remote) {
    return null;
  }
  return {
    local: textOf(local.candidateType) ?? 'host',
    remote: textOf(remote.candidateType) ?? 'host',
    protocol: textOf(local.protocol) ?? 'udp',
    relayProtocol: textOf(local.relayProtocol),
    rtt: toMs(numberOf(pair.currentRoundTripTime)),
    available: numberOf(pair.availableOutgoingBitrate),
  };
}

function limitationOf(value: unknown): StreamStats['limitation'] {
  return value === 'none' || value === 'cpu' || value === 'bandwidth' || value === 'other'
    ? value
    : null;
}

/**
 * Root mean square of the sound in between, from 0 to 1: the energy counts up (W3C Statistics,
 * `totalAudioEnergy`), so that nothing between two readings is missed.
 */
function levelOf(entry: JsonObject, before: JsonObject | undefined): number | null {
  const energy = since(entry, before, 'totalAudioEnergy');
  const duration = since(entry, before, 'totalSamplesDuration');
  return energy === null || duration === null || duration <= 0
    ? null
    : Math.min(1, Math.sqrt(Math.max(0, energy) / duration));
}

/** The part of the audio samples that had to be made up. */
function share(
  concealed: number | null,
  entry: JsonObject,
  before: JsonObject | undefined,
): number | null {
  const all = since(entry, before, 'totalSamplesReceived');
  const silent = since(entry, before, 'silentConcealedSamples') ?? 0;
  return concealed === null || all === null || all <= 0
    ? null
    : Math.min(1, Math.max(0, concealed - silent) / all);
}

function since(entry: JsonObject, before: JsonObject | undefined, key: string): number | null {
  const value = numberOf(entry[key]);
  const earlier = numberOf(before?.[key]);
  return value === null || earlier === null ? null : value - earlier;
}

/** Null where there is nothing to compare with; time stamps are in milliseconds. */
function secondsBetween(entry: JsonObject, before: JsonObject | undefined): number | null {
  const ms = since(entry, before, 'timestamp');
  return ms === null || ms <= 0 ? null : ms / 1000;
}

function rate(bytes: number | null, seconds: number | null): number | null {
  return bytes === null || seconds === null ? null : Math.max(0, Math.round((bytes * 8) / seconds));
}

function perSecond(
  entry: JsonObject,
  before: JsonObject | undefined,
  key: string,
  seconds: number | null,
): number | null {
  const count = since(entry, before, key);
  return count === null || seconds === null ? null : Math.max(0, count / seconds);
}

function toMs(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 10_000) / 10;
}

/** The largest that is known. */
function most(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
