import type { PeerStats } from '../types.js';
import { isObject, type JsonObject } from '../util/guards.js';

/** Reads which way the media takes out of a report of `getStats`. */
export function summarize(report: RTCStatsReport): PeerStats {
  const entries = new Map<string, JsonObject>();
  report.forEach((entry: unknown, id) => {
    if (isObject(entry)) {
      entries.set(id, entry);
    }
  });
  const pair = selectedPair(entries);
  const local = pair && lookup(entries, pair.localCandidateId);
  const remote = pair && lookup(entries, pair.remoteCandidateId);
  if (!local || !remote) {
    return { report, relayed: null, protocol: null };
  }
  const relayed = local.candidateType === 'relay' || remote.candidateType === 'relay';
  const protocol = local.relayProtocol ?? local.protocol;
  return { report, relayed, protocol: typeof protocol === 'string' ? protocol : null };
}

function selectedPair(entries: ReadonlyMap<string, JsonObject>): JsonObject | undefined {
  const all = [...entries.values()];
  const transport = all.find(
    (entry) => entry.type === 'transport' && entry.selectedCandidatePairId,
  );
  return (
    (transport && lookup(entries, transport.selectedCandidatePairId)) ??
    // Firefox has no transport statistics and marks the pair itself.
    all.find((entry) => entry.type === 'candidate-pair' && entry.selected === true)
  );
}

function lookup(entries: ReadonlyMap<string, JsonObject>, id: unknown): JsonObject | undefined {
  return typeof id === 'string' ? entries.get(id) : undefined;
}
