/** What one look at the statistics of a connection adds up to. */
export interface Totals {
  /** Milliseconds, by the browser's clock of statistics. */
  readonly at: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly packetsLost: number;
  readonly framesDecoded: number;
  readonly roundTripMs: number | null;
}

/** How much flows, from one look to the next. */
export interface Rates {
  readonly bitsIn: number;
  readonly bitsOut: number;
  /** Part of the packets that did not arrive, 0 to 1. */
  readonly loss: number;
  readonly framesPerSecond: number;
  readonly roundTripMs: number | null;
}

type Entry = Readonly<Record<string, unknown>>;

function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** Adds up a report of `RTCPeerConnection.getStats`. */
export function totalsOf(report: RTCStatsReport): Totals {
  let at = 0;
  let bytesIn = 0;
  let bytesOut = 0;
  let packetsIn = 0;
  let packetsLost = 0;
  let framesDecoded = 0;
  let roundTripMs: number | null = null;
  report.forEach((entry: Entry) => {
    if (entry.type === 'inbound-rtp') {
      at = Math.max(at, amount(entry.timestamp));
      bytesIn += amount(entry.bytesReceived);
      packetsIn += amount(entry.packetsReceived);
      packetsLost += amount(entry.packetsLost);
      framesDecoded += amount(entry.framesDecoded);
    } else if (entry.type === 'outbound-rtp') {
      at = Math.max(at, amount(entry.timestamp));
      bytesOut += amount(entry.bytesSent);
    } else if (
      entry.type === 'candidate-pair' &&
      entry.nominated === true &&
      typeof entry.currentRoundTripTime === 'number'
    ) {
      roundTripMs = entry.currentRoundTripTime * 1000;
    }
  });
  return { at, bytesIn, bytesOut, packetsIn, packetsLost, framesDecoded, roundTripMs };
}

/** The rates between two looks; null when no time lies between them. */
export function ratesBetween(before: Totals, now: Totals): Rates | null {
  const seconds = (now.at - before.at) / 1000;
  if (seconds <= 0) {
    return null;
  }
  // Counters begin anew when a track is replaced.
  const grown = (key: 'bytesIn' | 'bytesOut' | 'packetsIn' | 'packetsLost' | 'framesDecoded') =>
    Math.max(0, now[key] - before[key]);
  const lost = grown('packetsLost');
  const packets = grown('packetsIn') + lost;
  return {
    bitsIn: (grown('bytesIn') * 8) / seconds,
    bitsOut: (grown('bytesOut') * 8) / seconds,
    loss: packets === 0 ? 0 : lost / packets,
    framesPerSecond: grown('framesDecoded') / seconds,
    roundTripMs: now.roundTripMs,
  };
}
