import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  makePlan,
  RUNGS,
  rungFor,
  type Encoding,
  type PlanInput,
  type PlannedReceiver,
  type PlannedTrack,
  type Wish,
} from '../src/plan/plan.js';
import { Strain } from '../src/plan/strain.js';
import { Wishes } from '../src/plan/wishes.js';

const track = (source: string, changes: Partial<PlannedTrack> = {}): PlannedTrack => ({
  id: source,
  source,
  kind: 'video',
  height: 720,
  frameRate: 30,
  screen: false,
  detail: true,
  music: false,
  ...changes,
});
const CAMERA = track('camera');
const MICROPHONE = track('microphone', { kind: 'audio' });
const SCREEN = track('screen', { screen: true, height: 1080 });

const receivers = (count: number, changes: Partial<PlannedReceiver> = {}): PlannedReceiver[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `r${i}`,
    wishes: new Map<string, Wish>(),
    pressure: 0,
    ...changes,
  }));

const wishing = (source: string, wish: Partial<Wish>): Partial<PlannedReceiver> => ({
  wishes: new Map([[source, { height: null, paused: false, ...wish }]]),
});

const plan = (changes: Partial<PlanInput>): ReturnType<typeof makePlan> =>
  makePlan({
    tracks: [MICROPHONE, CAMERA],
    receivers: receivers(1),
    speaking: false,
    speakers: 0,
    strain: 0,
    cores: 8,
    ...changes,
  });

function of(made: ReturnType<typeof makePlan>, receiver: string, source: string): Encoding {
  const encoding = made.encodings.get(receiver)?.get(source);
  if (!encoding) {
    throw new Error('there is no such encoding');
  }
  return encoding;
}

/** Lines of the camera that the first receiver gets. */
const lines = (changes: Partial<PlanInput>): number =>
  Math.round(720 / (of(plan(changes), 'r0', 'camera').scaleResolutionDownBy ?? 1));

describe('the plan', () => {
  it.each([
    [1, 720],
    [2, 540],
    [3, 360],
    [4, 270],
    [5, 270],
    [6, 180],
    [7, 180],
  ])('gives each of %i receivers %i lines', (count, height) => {
    expect(lines({ receivers: receivers(count) })).toBe(height);
  });

  it('costs less in all with every wish that is smaller', () => {
    const bits = (made: ReturnType<typeof makePlan>): number =>
      [...made.encodings.values()].reduce(
        (sum, own) => sum + (own.get('camera')?.maxBitrate ?? 0),
        0,
      );
    const free = plan({ receivers: receivers(5) });
    const small = plan({ receivers: receivers(5, wishing('camera', { height: 90 })) });
    expect(bits(small)).toBeLessThan(bits(free) / 3);
    expect(small.report).toEqual({ video: 'full', reason: null });
  });

  it('sends no more lines than a receiver shows, and what is not shown not at all', () => {
    expect(lines({ receivers: receivers(1, wishing('camera', { height: 180 })) })).toBe(180);
    const hidden = plan({ receivers: receivers(2, wishing('camera', { paused: true })) });
    expect(of(hidden, 'r0', 'camera').active).toBe(false);
    expect(of(hidden, 'r0', 'microphone').active).toBe(true);
    expect(hidden.report.video).toBe('full');
  });

  it('raises what is shown large, by two rungs at most', () => {
    const [first, ...rest] = receivers(6);
    const large = { ...first, ...wishing('camera', { height: 720 }) } as PlannedReceiver;
    expect(lines({ receivers: [large, ...rest] })).toBe(360);
    expect(lines({ receivers: [large] })).toBe(720);
  });

  it('favours whoever speaks and lets listeners send fewer frames', () => {
    expect(lines({ receivers: receivers(3), speaking: true })).toBe(540);
    expect(lines({ receivers: receivers(1), speaking: true })).toBe(720);
    const listening = plan({ receivers: receivers(3), speakers: 1 });
    expect(of(listening, 'r0', 'camera').maxFramerate).toBe(15);
    const talking = plan({ receivers: receivers(3), speakers: 1, speaking: true });
    expect(of(talking, 'r0', 'camera').maxFramerate).toBe(24);
  });

  it('makes room for the sound when four or more speak, and says so', () => {
    const three = plan({ receivers: receivers(5), speakers: 2, speaking: true });
    expect(three.report).toEqual({ video: 'full', reason: null });
    const all = plan({ receivers: receivers(5), speakers: 5, speaking: true });
    expect(all.report).toEqual({ video: 'reduced', reason: 'speakers' });
    expect(of(all, 'r0', 'camera').maxBitrate).toBeLessThan(of(three, 'r0', 'camera').maxBitrate);
    expect(of(all, 'r0', 'camera').maxFramerate).toBe(10);
    expect(of(all, 'r0', 'microphone')).toEqual(of(three, 'r0', 'microphone'));
  });

  it('takes pictures away before it touches the sound', () => {
    const made = [0, 1, 2, 3, 4].map((strain) => plan({ receivers: receivers(2), strain }));
    const cameras = made.map((one) => of(one, 'r0', 'camera'));
    const sounds = made.map((one) => of(one, 'r0', 'microphone'));
    expect(cameras.map(({ maxBitrate }) => maxBitrate)).toEqual([
      800_000, 400_000, 220_000, 120_000, 50_000,
    ]);
    expect(cameras.map(({ active }) => active)).toEqual([true, true, true, true, false]);
    expect(sounds.map(({ active }) => active)).toEqual([true, true, true, true, true]);
    expect(sounds.map(({ maxBitrate }) => maxBitrate)).toEqual([
      40_000, 40_000, 40_000, 40_000, 24_000,
    ]);
    expect(sounds[0]?.priority).toBe('high');
    expect(made.map(({ report }) => report.video)).toEqual([
      'full',
      'reduced',
      'reduced',
      'reduced',
      'paused',
    ]);
    expect(made[1]?.report.reason).toBe('cpu');
  });

  it('holds back on the one way that is too narrow', () => {
    const [narrow, wide] = [...receivers(1, { pressure: 4 }), { ...receivers(2)[1] }] as const;
    const made = plan({ receivers: [narrow, wide] as PlannedReceiver[] });
    expect(of(made, 'r0', 'camera').active).toBe(false);
    expect(of(made, 'r1', 'camera').active).toBe(true);
    expect(made.report).toEqual({ video: 'paused', reason: 'bandwidth' });
  });

  it('says nothing of pictures where there are none', () => {
    const made = plan({ tracks: [MICROPHONE], strain: 4 });
    expect(made.report).toEqual({ video: 'full', reason: null });
    expect(plan({ receivers: [], strain: 4 }).report.video).toBe('full');
  });

  it('keeps a shared text sharp and slows it down', () => {
    const tracks = [SCREEN, CAMERA];
    const calm = plan({ tracks });
    expect(of(calm, 'r0', 'screen')).toMatchObject({ scaleResolutionDownBy: 1, maxFramerate: 15 });
    const strained = plan({ tracks, strain: 2 });
    expect(of(strained, 'r0', 'screen')).toMatchObject({
      active: true,
      scaleResolutionDownBy: 1,
      maxFramerate: 5,
    });
    // The camera beside it is smaller from the start.
    expect(of(calm, 'r0', 'camera').maxBitrate).toBe(800_000);
  });

  it('makes a shared film smaller and keeps it fluent', () => {
    const tracks = [{ ...SCREEN, detail: false }];
    const strained = of(plan({ tracks, strain: 1 }), 'r0', 'screen');
    expect(strained).toMatchObject({ scaleResolutionDownBy: 2, maxFramerate: 30 });
  });

  it('gives music more than speech', () => {
    const tracks = [track('screen-audio', { kind: 'audio', music: true })];
    expect(of(plan({ tracks }), 'r0', 'screen-audio').maxBitrate).toBe(96_000);
  });

  it('never scales up', () => {
    const tracks = [{ ...CAMERA, height: 240 }];
    expect(of(plan({ tracks }), 'r0', 'camera').scaleResolutionDownBy).toBe(1);
  });

  it('fits the machine, the largest giving way first', () => {
    const [first, ...rest] = receivers(3, wishing('camera', { height: 180 }));
    const large = { ...first, ...wishing('camera', { height: 1080 }) } as PlannedReceiver;
    const pixels = (made: ReturnType<typeof makePlan>): number =>
      [...made.encodings.values()].reduce((sum, own) => {
        const { maxFramerate, scaleResolutionDownBy } = own.get('camera') ?? {};
        const height = 720 / (scaleResolutionDownBy ?? 1);
        return sum + ((height * height * 16) / 9) * (maxFramerate ?? 0);
      }, 0);
    const weak = plan({ receivers: [large, ...rest], cores: 1 });
    const strong = plan({ receivers: [large, ...rest], cores: 8 });
    expect(pixels(weak)).toBeLessThanOrEqual(16_000_000);
    expect(pixels(strong)).toBeGreaterThan(16_000_000);
    expect(of(weak, 'r1', 'camera')).toEqual(of(strong, 'r1', 'camera'));
  });

  it('has a rung for every height', () => {
    expect([1, 90, 91, 720, 721, 5000].map(rungFor)).toEqual([0, 0, 1, 5, 6, 6]);
    expect(RUNGS.map(({ bitrate }) => bitrate)).toEqual(
      RUNGS.map(({ bitrate }) => bitrate).sort((a, b) => a - b),
    );
  });
});

describe('strain', () => {
  const feed = (strain: Strain, readings: string): number[] =>
    Array.from(readings, (reading) => {
      strain.take(reading === 'x');
      return strain.level;
    });

  it('rises after two bad readings in a row, to four', () => {
    expect(feed(new Strain(), 'x.x.xx')).toEqual([0, 0, 0, 0, 0, 1]);
    expect(feed(new Strain(), 'x'.repeat(12)).at(-1)).toBe(4);
  });

  it('falls after five good ones', () => {
    const strain = new Strain();
    feed(strain, 'xxxx');
    expect(feed(strain, '.....')).toEqual([2, 2, 2, 2, 1]);
    expect(feed(strain, '.....').at(-1)).toBe(0);
    expect(feed(strain, '.....').at(-1)).toBe(0);
  });

  it('waits twice as long after it gave back too much', () => {
    const strain = new Strain();
    feed(strain, 'xx.....');
    expect(strain.level).toBe(0);
    feed(strain, 'xx');
    expect(feed(strain, '.........').at(-1)).toBe(1);
    expect(feed(strain, '.').at(-1)).toBe(0);
  });
});

describe('wishes', () => {
  const sent: string[] = [];
  let wishes: Wishes;

  beforeEach(() => {
    vi.useFakeTimers();
    sent.length = 0;
    wishes = new Wishes((source, { height, paused }) => {
      sent.push(`${source} ${height ?? 'any'}${paused ? ' paused' : ''}`);
    });
  });

  afterEach(() => {
    wishes.close();
    vi.useRealTimers();
  });

  it('for less are sent after a while, in rungs, the last one only', () => {
    for (const height of [500, 300, 200, 190]) {
      wishes.want('camera', { height });
      vi.advanceTimersByTime(400);
    }
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(sent).toEqual(['camera 270']);
    wishes.want('camera', { height: 250 });
    vi.advanceTimersByTime(5_000);
    expect(sent).toHaveLength(1);
  });

  it('for more are sent at once', () => {
    wishes.want('camera', { paused: true });
    vi.advanceTimersByTime(2_000);
    wishes.want('camera', { height: 100 });
    wishes.want('camera', { height: 400 });
    wishes.want('camera', {});
    expect(sent).toEqual(['camera any paused', 'camera 180', 'camera 540', 'camera any']);
  });

  it('that are taken back in time are not sent', () => {
    wishes.want('camera', { paused: true });
    vi.advanceTimersByTime(1_900);
    wishes.want('camera', {});
    vi.advanceTimersByTime(5_000);
    expect(sent).toEqual([]);
  });

  it('are told apart by source', () => {
    wishes.want('camera', { paused: true });
    wishes.want('screen', { height: 90 });
    vi.advanceTimersByTime(2_000);
    expect(sent).toEqual(['camera any paused', 'screen 90']);
  });
});
