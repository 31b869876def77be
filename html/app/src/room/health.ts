import type { PeerQuality, PeerStats, Room, StreamStats } from '@otter/client';
import { Store } from '@otter/react';

/** One reading of a connection: what a plot has a point of. Null where nothing was measured. */
export interface Sample {
  readonly at: number;
  readonly bitsIn: number | null;
  readonly bitsOut: number | null;
  readonly rtt: number | null;
  readonly loss: number | null;
}

/** How the connection to one person is doing. */
export interface Health {
  readonly quality: PeerQuality | null;
  readonly stats: PeerStats;
  /** Oldest first. */
  readonly samples: readonly Sample[];
}

export type HealthMap = ReadonlyMap<string, Health>;

/** Three minutes, at a reading every two seconds. */
export const MOST_SAMPLES = 90;

function sum(streams: readonly StreamStats[]): number | null {
  const known = streams.map(({ bitrate }) => bitrate).filter((bitrate) => bitrate !== null);
  return known.length === 0 ? null : known.reduce((total, bitrate) => total + bitrate, 0);
}

export function sampleOf(stats: PeerStats, at: number): Sample {
  const { inbound, outbound, rtt, loss } = stats;
  return { at, bitsIn: sum(inbound), bitsOut: sum(outbound), rtt, loss };
}

export function grown(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  return [...samples, sample].slice(-MOST_SAMPLES);
}

/** Keeps the last minutes of every connection, by peer id. */
export class HealthStore {
  readonly all = new Store<HealthMap>(new Map());
  readonly #room: Room;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Begins to listen; the function it answers ends that. */
  readonly start = (): (() => void) => {
    const off = [
      this.#room.on('peer-stats', ({ peer, stats }) => {
        const before = this.all.get().get(peer.info.id);
        this.#set(peer.info.id, {
          quality: peer.quality,
          stats,
          samples: grown(before?.samples ?? [], sampleOf(stats, Date.now())),
        });
      }),
      this.#room.on('peer-quality', ({ info, quality }) => {
        const before = this.all.get().get(info.id);
        if (before !== undefined) {
          this.#set(info.id, { ...before, quality });
        }
      }),
      this.#room.on('peer-left', ({ peer }) => {
        const left = new Map(this.all.get());
        left.delete(peer.info.id);
        this.all.set(left);
      }),
    ];
    return () => {
      for (const stop of off) {
        stop();
      }
    };
  };

  #set(id: string, health: Health): void {
    this.all.set(new Map(this.all.get()).set(id, health));
  }
}
