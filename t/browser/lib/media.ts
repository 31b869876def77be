import { expect, type BrowserContext, type Page } from '@playwright/test';

/** What one page receives and over which way, added up over its connections. */
export interface Flow {
  readonly framesDecoded: number;
  readonly audioEnergy: number;
  readonly connections: readonly string[];
  /** Types of the selected candidates, local and remote. */
  readonly pairs: readonly (readonly [string, string])[];
}

interface Recorded extends Window {
  otterConnections?: RTCPeerConnection[];
}

/**
 * Keeps every connection that a page of this context makes, so that its own statistics can be read:
 * what an app shows of itself is no proof.
 */
export async function recordConnections(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const kept: RTCPeerConnection[] = [];
    (window as Recorded).otterConnections = kept;
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        kept.push(this);
      }
    };
  });
}

export function flow(page: Page): Promise<Flow> {
  return page.evaluate(async () => {
    const kept = (window as Recorded).otterConnections ?? [];
    const live = kept.filter(({ connectionState }) => connectionState !== 'closed');
    let framesDecoded = 0;
    let audioEnergy = 0;
    const pairs: [string, string][] = [];
    for (const pc of live) {
      const report = await pc.getStats();
      const get = (id: unknown): Record<string, unknown> | undefined =>
        typeof id === 'string' ? (report.get(id) as Record<string, unknown>) : undefined;
      report.forEach((entry: Record<string, unknown>) => {
        if (entry.type === 'inbound-rtp') {
          framesDecoded += Number(entry.framesDecoded ?? 0);
          audioEnergy += Number(entry.totalAudioEnergy ?? 0);
        } else if (entry.type === 'transport') {
          const pair = get(entry.selectedCandidatePairId);
          const local = get(pair?.localCandidateId)?.candidateType;
          const remote = get(pair?.remoteCandidateId)?.candidateType;
          if (typeof local === 'string' && typeof remote === 'string') {
            pairs.push([local, remote]);
          }
        }
      });
    }
    const connections = live.map(({ connectionState }) => connectionState);
    return { framesDecoded, audioEnergy, connections, pairs };
  });
}

/** Waits until a page decodes new pictures, and sound that is not silence. */
export async function seesAndHears(page: Page): Promise<void> {
  const { framesDecoded } = await flow(page);
  await expect(async () => {
    const now = await flow(page);
    expect(now.framesDecoded).toBeGreaterThan(framesDecoded + 10);
    expect(now.audioEnergy).toBeGreaterThan(0);
  }).toPass({ timeout: 20_000 });
}

/**
 * Watches that pictures keep coming: returns the function that ends it and gives the longest time
 * without a new one, in milliseconds.
 */
export async function watchFrames(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const state = { longest: 0, since: performance.now(), frames: -1, timer: 0 };
    const kept = (window as Recorded).otterConnections ?? [];
    const look = async (): Promise<void> => {
      let frames = 0;
      for (const pc of kept) {
        (await pc.getStats()).forEach((entry: Record<string, unknown>) => {
          frames += entry.type === 'inbound-rtp' ? Number(entry.framesDecoded ?? 0) : 0;
        });
      }
      const now = performance.now();
      if (frames > state.frames) {
        state.frames = frames;
        state.since = now;
      }
      state.longest = Math.max(state.longest, now - state.since);
    };
    state.timer = window.setInterval(() => void look(), 100);
    Object.assign(window, { otterWatch: state });
  });
  return () =>
    page.evaluate(() => {
      const { otterWatch } = window as unknown as {
        otterWatch: { longest: number; timer: number };
      };
      window.clearInterval(otterWatch.timer);
      return otterWatch.longest;
    });
}
