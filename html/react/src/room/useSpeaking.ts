import type { Peer } from '@otter/client';
import { useEffect, useRef, useState } from 'react';
import { createLevelMeter } from '../media/level.js';
import { sameKeys, type Speaking, speakingStep } from '../media/speaking.js';
import type { Person } from './people.js';

/** Key of this person among those who speak. */
export const SELF = 'self';

const EVERY_MS = 150;
/** So long a muted person speaks before they are told, and so long until they are told again. */
const UNHEARD_MS = 900;
const REMIND_MS = 60_000;

/** Remembers when a receiver last brought something new: its level stays when packets stop. */
type Freshness = WeakMap<RTCRtpReceiver, number>;

/** The level at which a peer is heard right now, without decoding its sound a second time. */
function levelOf(peer: Peer, fresh: Freshness): number {
  const microphone = peer.tracks.get('microphone');
  if (microphone === undefined || microphone.muted) {
    return 0;
  }
  const receiver = peer.pc.getReceivers().find(({ track }) => track === microphone.track);
  const source = receiver?.getSynchronizationSources()[0];
  if (receiver === undefined || source === undefined) {
    return 0;
  }
  const before = fresh.get(receiver);
  fresh.set(receiver, source.timestamp);
  return before === source.timestamp ? 0 : (source.audioLevel ?? 0);
}

interface Microphone {
  readonly track: MediaStreamTrack | null;
  readonly on: boolean;
}

/** Who is speaking, by key. `onUnheard` is called when this person speaks while muted. */
export function useSpeaking(
  people: readonly Person[],
  microphone: Microphone,
  onUnheard: () => void,
): ReadonlySet<string> {
  const [speaking, setSpeaking] = useState<Speaking>(new Map());
  const latest = useRef({ people, on: microphone.on, onUnheard });
  const { track } = microphone;

  useEffect(() => {
    latest.current = { people, on: microphone.on, onUnheard };
  });

  useEffect(() => {
    const meter = track === null ? null : createLevelMeter(track);
    const fresh: Freshness = new WeakMap();
    let state: Speaking = new Map();
    let unheardSince: number | null = null;
    let remindedAt = -REMIND_MS;

    const listen = (now: number, level: number): void => {
      const { on, onUnheard: tell } = latest.current;
      const loud = !on && level > 0.05;
      unheardSince = loud ? (unheardSince ?? now) : null;
      if (
        unheardSince !== null &&
        now - unheardSince > UNHEARD_MS &&
        now - remindedAt > REMIND_MS
      ) {
        remindedAt = now;
        tell();
      }
    };

    const timer = setInterval(() => {
      const now = performance.now();
      const levels = new Map<string, number>();
      for (const person of latest.current.people) {
        levels.set(person.key, levelOf(person.peer, fresh));
      }
      const own = meter?.read() ?? 0;
      listen(now, own);
      levels.set(SELF, latest.current.on ? own : 0);
      const next = speakingStep(state, levels, now);
      if (!sameKeys(state, next)) {
        setSpeaking(next);
      }
      state = next;
    }, EVERY_MS);

    return () => {
      clearInterval(timer);
      meter?.stop();
    };
  }, [track]);

  return new Set(speaking.keys());
}
