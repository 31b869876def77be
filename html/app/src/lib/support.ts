/** Whether this browser can make calls at all. */
export function isSupported(scope: Window & typeof globalThis): boolean {
  const partial: Partial<typeof globalThis> = scope;
  return (
    typeof partial.RTCPeerConnection === 'function' &&
    typeof partial.WebSocket === 'function' &&
    'replaceTrack' in (partial.RTCRtpSender?.prototype ?? {})
  );
}
