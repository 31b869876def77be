/**
 * What a description or a candidate may say where peers meet over relays alone. A browser that gathers
 * relays alone says no more than that by itself: this is the belt to the braces.
 */

/** Whether the candidate is of a relay; the empty one marks the end of candidates. */
export function isRelayed(candidate: string): boolean {
  return candidate === '' || /\styp relay(\s|$)/.test(candidate);
}

/** A relay's candidate names the address that the relay is reached from. */
export function withoutOrigin(candidate: string): string {
  return candidate.replace(/ raddr \S+ rport \d+/, ' raddr 0.0.0.0 rport 0');
}

/** The candidate as it may be sent; null: it may not. */
export function relayedCandidate(init: RTCIceCandidateInit): RTCIceCandidateInit | null {
  const candidate = init.candidate ?? '';
  return isRelayed(candidate) ? { ...init, candidate: withoutOrigin(candidate) } : null;
}

/** The description without candidates of other kinds, and without addresses that are not a relay's. */
export function relayedSdp(sdp: string): string {
  const lines = sdp.split('\r\n');
  const relays = new Set(
    lines
      .filter((line) => line.startsWith('a=candidate:') && isRelayed(line))
      .map((line) => line.split(' ')[4]),
  );
  return lines
    .filter((line) => !line.startsWith('a=candidate:') || isRelayed(line))
    .map((line) => {
      if (line.startsWith('a=candidate:')) {
        return withoutOrigin(line);
      }
      const address = /^c=IN IP[46] (\S+)/.exec(line)?.[1];
      if (address !== undefined && !relays.has(address)) {
        return 'c=IN IP4 0.0.0.0';
      }
      return line.replace(/^(a=rtcp:\d+) IN IP[46] \S+/, '$1 IN IP4 0.0.0.0');
    })
    .join('\r\n');
}
