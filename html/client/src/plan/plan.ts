import type { PlanReport } from '../types.js';

/** What one receiver gets of one track (W3C `RTCRtpEncodingParameters`). */
export interface Encoding {
  readonly active: boolean;
  /** Bits per second. */
  readonly maxBitrate: number;
  /** 1 or more; null for sound. */
  readonly scaleResolutionDownBy: number | null;
  /** Frames per second; null for sound. */
  readonly maxFramerate: number | null;
  readonly priority: 'high' | 'low';
}

/** A track that is sent to everybody. */
export interface PlannedTrack {
  readonly id: string;
  readonly source: string;
  readonly kind: 'audio' | 'video';
  /** As it is captured: lines, and frames per second. */
  readonly height: number;
  readonly frameRate: number;
  /** A screen or a film, and whether it must stay sharp. */
  readonly screen: boolean;
  readonly detail: boolean;
  /** Sound that is music rather than speech. */
  readonly music: boolean;
}

/** What a receiver has said that it can use of one source. */
export interface Wish {
  /** Lines of the largest place where it is shown; null: no limit. */
  readonly height: number | null;
  /** It is shown nowhere. */
  readonly paused: boolean;
}

export interface PlannedReceiver {
  readonly id: string;
  readonly wishes: ReadonlyMap<string, Wish>;
  /** How far the way to this receiver is too narrow: 0 (not) to 4 (sound alone). */
  readonly pressure: number;
}

export interface PlanInput {
  readonly tracks: readonly PlannedTrack[];
  readonly receivers: readonly PlannedReceiver[];
  /** Whether this side speaks, and how many of the others do. */
  readonly speaking: boolean;
  readonly speakers: number;
  /** How far this machine is overloaded: 0 (not) to 4 (sound alone). */
  readonly strain: number;
  readonly cores: number;
}

export interface Plan {
  /** By receiver, then by track. */
  readonly encodings: ReadonlyMap<string, ReadonlyMap<string, Encoding>>;
  readonly report: PlanReport;
}

interface Rung {
  readonly height: number;
  readonly fps: number;
  readonly bitrate: number;
}

/** The qualities of a camera. Bit rates are what VP8 needs for a talking head. */
export const RUNGS: readonly Rung[] = [
  { height: 90, fps: 8, bitrate: 50_000 },
  { height: 180, fps: 12, bitrate: 120_000 },
  { height: 270, fps: 15, bitrate: 220_000 },
  { height: 360, fps: 20, bitrate: 400_000 },
  { height: 540, fps: 24, bitrate: 800_000 },
  { height: 720, fps: 30, bitrate: 1_500_000 },
  { height: 1080, fps: 30, bitrate: 2_500_000 },
];

/** Rung by number of receivers: in a mesh each of them is encoded for and sent to apart. */
const BY_RECEIVERS = [5, 5, 4, 3, 2, 2, 1];

/** A place that is large may raise a picture by so many rungs over the share of each. */
const RAISE = 2;

/** Beyond this many who speak at once it is the sound that needs the machine. */
export const MANY_SPEAKERS = 4;
const BUSY_FPS = 10;

/** At this strain or pressure only sound is left. */
export const SOUND_ALONE = 4;

/** Pixels that may be encoded per core and second; about a third of what a software encoder does. */
const PIXELS_PER_CORE = 16_000_000;

const SPEECH = 40_000;
const SPEECH_IN_NEED = 24_000;
const MUSIC = 96_000;

const SCREEN_BITRATES = [2_500_000, 2_500_000, 2_000_000, 1_500_000, 1_200_000];
/** Frames per second of a screen that must stay sharp, by strain: it gets slower, not blurred. */
const DETAIL_FPS = [15, 8, 5, 3];

/** The lowest rung that fills so many lines. */
export function rungFor(height: number): number {
  const index = RUNGS.findIndex((rung) => rung.height >= height);
  return index < 0 ? RUNGS.length - 1 : index;
}

/**
 * Divides what this side can encode and send among the receivers. Sound comes first: pictures get
 * smaller, then slower, then pause, before sound is touched.
 *
 * 1. Each receiver's share follows from their number.
 * 2. The wishes of the receiver: what is shown small is sent small, what is not shown is not sent,
 *    what is shown large gets up to two rungs more.
 * 3. Whoever speaks gets a rung more; whoever listens to others sends fewer frames; where four or
 *    more speak at once, all pictures make room.
 * 4. Strain of this machine and pressure on one way each take rungs away, and at 4 the picture.
 * 5. What is left must fit the machine: the largest pictures give way until it does.
 */
export function makePlan(input: PlanInput): Plan {
  const { receivers, tracks, strain, speaking, speakers } = input;
  const busy = speakers + (speaking ? 1 : 0) >= MANY_SPEAKERS;
  const cameras: CameraShare[] = [];
  const encodings = new Map<string, Map<string, Encoding>>();
  let held = false;
  for (const receiver of receivers) {
    const need = Math.min(SOUND_ALONE, strain + receiver.pressure);
    const own = new Map<string, Encoding>();
    encodings.set(receiver.id, own);
    for (const track of tracks) {
      const wish = receiver.wishes.get(track.source);
      if (track.kind === 'audio') {
        own.set(track.id, sound(track, need, wish));
        continue;
      }
      held ||= need >= SOUND_ALONE && wish?.paused !== true;
      const active = need < SOUND_ALONE && wish?.paused !== true;
      if (track.screen) {
        own.set(track.id, screen(track, receivers.length, need, wish, active));
      } else {
        cameras.push({
          track,
          encodings: own,
          rung: rungOf(input, wish, need, busy),
          fps: fpsLimit(input, busy),
          active,
        });
      }
    }
  }
  fit(cameras, input.cores * PIXELS_PER_CORE);
  for (const share of cameras) {
    share.encodings.set(share.track.id, camera(share));
  }
  return { encodings, report: reportOf(input, busy && cameras.length > 0, held) };
}

interface CameraShare {
  readonly track: PlannedTrack;
  readonly encodings: Map<string, Encoding>;
  rung: number;
  readonly fps: number;
  readonly active: boolean;
}

function rungOf(
  { receivers, tracks, speaking }: PlanInput,
  wish: Wish | undefined,
  need: number,
  busy: boolean,
): number {
  const share = BY_RECEIVERS[Math.min(receivers.length, BY_RECEIVERS.length - 1)] ?? 0;
  const most = wish?.height == null ? RUNGS.length - 1 : rungFor(wish.height);
  const wanted = wish?.height == null ? share : Math.min(most, share + RAISE);
  const promoted = speaking && receivers.length > 1 && !busy ? wanted + 1 : wanted;
  const shared = tracks.some((track) => track.screen) ? 1 : 0;
  const rung = Math.min(most, promoted) - need - shared - (busy ? 1 : 0);
  return Math.max(0, rung);
}

function fpsLimit({ receivers, speaking, speakers }: PlanInput, busy: boolean): number {
  if (busy) {
    return BUSY_FPS;
  }
  return !speaking && speakers > 0 && receivers.length > 2 ? 15 : Infinity;
}

/** Lowers the largest pictures until all of them together can be encoded. */
function fit(cameras: readonly CameraShare[], budget: number): void {
  for (;;) {
    const active = cameras.filter((share) => share.active);
    const total = active.reduce((sum, share) => sum + pixelsOf(share), 0);
    const largest = active
      .filter(({ rung }) => rung > 0)
      .reduce<CameraShare | null>(
        (most, share) => (most === null || pixelsOf(share) > pixelsOf(most) ? share : most),
        null,
      );
    if (total <= budget || !largest) {
      return;
    }
    largest.rung--;
  }
}

/** Pixels a second, of a picture of 16:9. */
function pixelsOf({ rung, fps, track }: CameraShare): number {
  const { height, fps: most } = RUNGS[rung] ?? ({ height: 0, fps: 0 } as Rung);
  const lines = Math.min(height, track.height);
  return ((lines * lines * 16) / 9) * Math.min(fps, most, track.frameRate);
}

function camera({ track, rung, fps, active }: CameraShare): Encoding {
  const {
    height,
    fps: most,
    bitrate,
  } = RUNGS[rung] ?? ({ height: 90, fps: 8, bitrate: 0 } as Rung);
  return {
    active,
    maxBitrate: bitrate,
    scaleResolutionDownBy: scale(track.height, height),
    maxFramerate: Math.min(fps, most),
    priority: 'low',
  };
}

function screen(
  track: PlannedTrack,
  receivers: number,
  need: number,
  wish: Wish | undefined,
  active: boolean,
): Encoding {
  const rate = SCREEN_BITRATES[Math.min(receivers, SCREEN_BITRATES.length - 1)] ?? 0;
  const shown = wish?.height == null ? track.height : (RUNGS[rungFor(wish.height)]?.height ?? 0);
  // A film gets smaller, text slower.
  const lines = track.detail ? shown : shown / 2 ** Math.min(need, SOUND_ALONE - 1);
  const slower = DETAIL_FPS[Math.min(need, DETAIL_FPS.length - 1)] ?? 3;
  return {
    active,
    maxBitrate: Math.round(rate / 2 ** Math.min(need, SOUND_ALONE - 1)),
    scaleResolutionDownBy: scale(track.height, lines),
    maxFramerate: track.detail ? slower : 30,
    priority: 'low',
  };
}

/** Sound gives way last: only where no picture is left. Nobody pauses it for being out of sight. */
function sound({ music }: PlannedTrack, need: number, wish: Wish | undefined): Encoding {
  const normal = music ? MUSIC : SPEECH;
  return {
    active: wish?.paused !== true,
    maxBitrate: need >= SOUND_ALONE ? Math.min(normal, SPEECH_IN_NEED) : normal,
    scaleResolutionDownBy: null,
    maxFramerate: null,
    priority: 'high',
  };
}

function scale(captured: number, wanted: number): number {
  return Math.max(1, Math.round((captured / wanted) * 1000) / 1000);
}

function reportOf(input: PlanInput, busy: boolean, held: boolean): PlanReport {
  const pressed = input.receivers.some(({ pressure }) => pressure > 0);
  const video = input.tracks.some(({ kind }) => kind === 'video');
  const strained = input.strain > 0;
  if (!video || input.receivers.length === 0 || !(strained || pressed || busy)) {
    return { video: 'full', reason: null };
  }
  const reason = strained ? 'cpu' : pressed ? 'bandwidth' : 'speakers';
  return { video: held ? 'paused' : 'reduced', reason };
}
