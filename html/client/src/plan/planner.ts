import { kindOf } from '../peer/signals.js';
import type { LocalPublication } from '../publication.js';
import type { PeerStats, PlanReport, StreamStats } from '../types.js';
import { type Encoding, makePlan, type Plan, type PlannedTrack, type Wish } from './plan.js';
import { Strain } from './strain.js';

/** A peer, as far as the plan goes. */
export interface PlannedPeer {
  readonly info: { readonly id: string };
  /** What the peer wishes. */
  readonly wished: ReadonlyMap<string, Wish>;
  /** Sends like this from now on, by publication. */
  apply(encodings: ReadonlyMap<string, Encoding>): void;
}

export interface PlannerHost {
  peers(): Iterable<PlannedPeer>;
  readonly publications: ReadonlySet<LocalPublication>;
  onReport(report: PlanReport): void;
}

/** Louder than this is speech, from 0 to 1. */
const SPEECH = 0.01;

/** Readings for which somebody who has spoken still counts as speaking. */
const HOLD = 3;

/** A camera of which less than this part arrives at the encoder's end is held up by the machine. */
const ENOUGH = 0.6;

/** A peer that gets less than this has no room for a picture beside the sound. */
const NARROW = 100_000;
const LOSSY = 0.1;

/** Holes in the sound of most of the others are made by this machine, not by all their networks. */
const HOLES = 0.08;

/**
 * Keeps the plan: reads how things stand, makes a new plan at every change and puts it in force.
 */
export class Planner {
  readonly #host: PlannerHost;
  readonly #strain = new Strain();
  readonly #pressures = new Map<PlannedPeer, Strain>();
  /** Readings left for which a peer counts as speaking; null is this side. */
  readonly #voices = new Map<PlannedPeer | null, number>();
  #report: PlanReport = { video: 'full', reason: null };
  /** Frames per second that each peer is to get of the camera. */
  readonly #due = new Map<PlannedPeer, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(host: PlannerHost) {
    this.#host = host;
  }

  get report(): PlanReport {
    return this.#report;
  }

  /** Something has changed; what changes at the same time is planned for once. */
  changed(): void {
    if (this.#stopped) {
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#plan();
    });
  }

  /** Takes a reading of every connection that works. */
  read(readings: ReadonlyMap<PlannedPeer, PeerStats>): void {
    for (const gone of this.#pressures.keys()) {
      if (!readings.has(gone)) {
        this.#pressures.delete(gone);
        this.#voices.delete(gone);
      }
    }
    this.#strain.take(this.#overloaded(readings));
    let own = 0;
    for (const [peer, { inbound, outbound, path }] of readings) {
      const pressure = this.#pressures.get(peer) ?? new Strain();
      this.#pressures.set(peer, pressure);
      pressure.take(narrow(outbound, path?.available ?? null));
      this.#hear(peer, loudest(inbound));
      own = Math.max(own, loudest(outbound));
    }
    this.#hear(null, own);
    this.changed();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Whether this machine does not keep up, as far as its connections show. */
  #overloaded(readings: ReadonlyMap<PlannedPeer, PeerStats>): boolean {
    let [sent, late] = [0, 0];
    for (const [peer, { outbound }] of readings) {
      for (const stream of outbound.filter(isCamera)) {
        if (stream.limitation === 'cpu') {
          return true;
        }
        sent++;
        late += isLate(stream, this.#due.get(peer) ?? 0) ? 1 : 0;
      }
    }
    if (late * 2 > sent) {
      return true;
    }
    const heard = [...readings.values()]
      .map(({ inbound }) => holesOf(inbound))
      .filter((part) => part !== null);
    return heard.length > 1 && heard.filter((part) => part > HOLES).length * 2 > heard.length;
  }

  #hear(who: PlannedPeer | null, level: number): void {
    const left = level > SPEECH ? HOLD : (this.#voices.get(who) ?? 0) - 1;
    if (left > 0) {
      this.#voices.set(who, left);
    } else {
      this.#voices.delete(who);
    }
  }

  #plan(): void {
    const peers = [...this.#host.peers()];
    const plan = this.#make(peers);
    const camera = [...this.#host.publications].find(({ source }) => source === 'camera');
    this.#due.clear();
    for (const peer of peers) {
      const encodings = plan.encodings.get(peer.info.id);
      if (encodings) {
        this.#due.set(peer, encodings.get(camera?.id ?? '')?.maxFramerate ?? 0);
        peer.apply(encodings);
      }
    }
    const { video, reason } = plan.report;
    if (video !== this.#report.video || reason !== this.#report.reason) {
      this.#report = plan.report;
      this.#host.onReport(plan.report);
    }
  }

  #make(peers: readonly PlannedPeer[]): Plan {
    const speaking = this.#voices.has(null);
    return makePlan({
      tracks: [...this.#host.publications].map(plannedTrack),
      receivers: peers.map((peer) => ({
        id: peer.info.id,
        wishes: peer.wished,
        pressure: this.#pressures.get(peer)?.level ?? 0,
      })),
      speaking,
      speakers: this.#voices.size - (speaking ? 1 : 0),
      strain: this.#strain.level,
      cores: (globalThis.navigator as Partial<Navigator> | undefined)?.hardwareConcurrency ?? 2,
    });
  }
}

function plannedTrack({ id, source, track }: LocalPublication): PlannedTrack {
  const { height, frameRate } = track.getSettings();
  const film = track.contentHint === 'motion';
  return {
    id,
    source,
    kind: kindOf(source),
    height: height ?? 360,
    frameRate: frameRate ?? 30,
    screen: source === 'screen' || source.startsWith('video:'),
    detail: !film,
    music: source !== 'microphone',
  };
}

function isCamera({ kind, source }: StreamStats): boolean {
  return kind === 'video' && source === 'camera';
}

function isLate({ fps, captured, limitation }: StreamStats, due: number): boolean {
  const expected = Math.min(captured ?? 0, due);
  return fps !== null && limitation !== 'bandwidth' && fps < expected * ENOUGH;
}

function holesOf(inbound: readonly StreamStats[]): number | null {
  const parts = inbound.map(({ concealed }) => concealed).filter((part) => part !== null);
  return parts.length === 0 ? null : Math.max(...parts);
}

/** Whether the way to a peer is too narrow for a picture beside the sound. */
function narrow(outbound: readonly StreamStats[], available: number | null): boolean {
  const sound = outbound.filter(({ kind }) => kind === 'audio');
  if (sound.some(({ loss }) => (loss ?? 0) > LOSSY)) {
    return true;
  }
  const limited = outbound.some(({ limitation }) => limitation === 'bandwidth');
  return limited && available !== null && available < NARROW;
}

function loudest(streams: readonly StreamStats[]): number {
  const voices = streams.filter(({ source }) => source === 'microphone');
  return Math.max(0, ...voices.map(({ level }) => level ?? 0));
}
