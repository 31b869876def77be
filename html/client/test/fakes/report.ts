type Fields = Record<string, unknown>;

/** A report of `getStats` with these entries. */
export function report(...entries: readonly Fields[]): RTCStatsReport {
  return new Map(entries.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport;
}

export const LOCAL = { id: 'l', type: 'local-candidate', candidateType: 'relay', protocol: 'udp' };
export const REMOTE = { id: 'r', type: 'remote-candidate', candidateType: 'host', protocol: 'udp' };
export const PAIR = {
  id: 'p',
  type: 'candidate-pair',
  localCandidateId: 'l',
  remoteCandidateId: 'r',
  currentRoundTripTime: 0.0421,
  availableOutgoingBitrate: 900_000,
};
export const TRANSPORT = { id: 't', type: 'transport', selectedCandidatePairId: 'p' };
