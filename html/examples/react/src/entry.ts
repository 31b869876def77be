/** What it takes to join. */
export interface Entry {
  readonly url: string;
  readonly token: string;
}

/**
 * Asks for a token as a guest, which the server allows with `otter_guests on`. A site with accounts
 * asks its own back end instead, as ../../node/server.mjs is one.
 */
export async function askForEntry(room: string, name: string): Promise<Entry> {
  const response = await fetch('/otter/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ room, name }),
  });
  const answer = (await response.json()) as { token: string; ws_url: string; detail?: string };
  if (!response.ok) {
    throw new Error(answer.detail ?? 'There is no way in.');
  }
  return { url: answer.ws_url, token: answer.token };
}
