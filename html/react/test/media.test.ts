import { describe, expect, test } from 'vitest';
import { cameraConstraints, captureSize, deviceConstraint } from '../src/media/capture.js';
import { sortDevices } from '../src/media/devices.js';
import { meterFill } from '../src/media/level.js';
import { type MediaProblem, mediaProblem } from '../src/media/problem.js';
import { sameKeys, type Speaking, speakingStep } from '../src/media/speaking.js';

describe('problems', () => {
  test.each<[string, string, MediaProblem]>([
    ['NotAllowedError', 'Permission denied', 'denied'],
    ['NotAllowedError', 'Permission denied by system', 'blocked'],
    ['SecurityError', '', 'denied'],
    ['NotFoundError', '', 'missing'],
    ['OverconstrainedError', '', 'missing'],
    ['NotReadableError', '', 'busy'],
    ['AbortError', '', 'busy'],
    ['NotSupportedError', '', 'unavailable'],
  ])('%s (%s) is %s', (name, message, problem) => {
    expect(mediaProblem(new DOMException(message, name))).toBe(problem);
  });

  test('a page without media devices', () => {
    expect(mediaProblem(new TypeError('no media devices'))).toBe('unavailable');
    expect(mediaProblem('odd')).toBe('busy');
  });
});

describe('devices', () => {
  test('are sorted by kind, with tidy names', () => {
    const lists = sortDevices([
      { kind: 'audioinput', deviceId: 'm', label: 'Headset' },
      { kind: 'videoinput', deviceId: 'c', label: 'HD Webcam (046d:0825)' },
      { kind: 'audiooutput', deviceId: 's', label: 'Speaker (built in)' },
    ]);
    expect(lists.microphones).toEqual([{ id: 'm', label: 'Headset' }]);
    expect(lists.cameras).toEqual([{ id: 'c', label: 'HD Webcam' }]);
    expect(lists.speakers).toEqual([{ id: 's', label: 'Speaker (built in)' }]);
  });

  test('that the browser does not name yet are left out', () => {
    const lists = sortDevices([{ kind: 'audioinput', deviceId: '', label: '' }]);
    expect(lists.microphones).toEqual([]);
  });
});

describe('capture', () => {
  test('never grows with the number of people', () => {
    for (const cores of [1, 2, 4, 8, 16]) {
      let last = Infinity;
      for (let others = 0; others <= 8; others += 1) {
        const { width } = captureSize(others, cores);
        expect(width).toBeLessThanOrEqual(last);
        last = width;
      }
    }
    expect(captureSize(1, 8).height).toBe(720);
    expect(captureSize(7, 8).height).toBe(270);
    expect(captureSize(1, 2).height).toBe(360);
  });

  test('a chosen device is meant, a remembered one is wished for', () => {
    expect(deviceConstraint('x', true)).toEqual({ deviceId: { exact: 'x' } });
    expect(deviceConstraint('x', false)).toEqual({ deviceId: { ideal: 'x' } });
    expect(deviceConstraint(null, true)).toEqual({});
    expect(cameraConstraints({ width: 1, height: 2, frameRate: 3 }).frameRate).toEqual({
      ideal: 3,
      max: 3,
    });
  });
});

describe('speaking', () => {
  const NOBODY: Speaking = new Map();
  const step = (before: Speaking, level: number, now: number): Speaking =>
    speakingStep(before, new Map([['ada', level]]), now);

  test('starts with a clear voice only', () => {
    expect(step(NOBODY, 0.02, 0).has('ada')).toBe(false);
    expect(step(NOBODY, 0.1, 0).has('ada')).toBe(true);
  });

  test('goes on with a softer one, and over a short pause', () => {
    const speaking = step(NOBODY, 0.1, 0);
    const softer = step(speaking, 0.02, 600);
    expect(softer.get('ada')).toBe(600);
    expect(step(softer, 0, 1200).has('ada')).toBe(true);
    expect(step(softer, 0, 1400).has('ada')).toBe(false);
  });

  test('ends for those who are gone', () => {
    expect(speakingStep(step(NOBODY, 0.1, 0), new Map(), 100).size).toBe(0);
  });

  test('is compared by people, not by time', () => {
    expect(sameKeys(new Map([['a', 1]]), new Map([['a', 2]]))).toBe(true);
    expect(sameKeys(new Map([['a', 1]]), new Map([['b', 1]]))).toBe(false);
    expect(sameKeys(new Map([['a', 1]]), new Map())).toBe(false);
  });
});

test('a meter follows the ear', () => {
  expect(meterFill(0)).toBe(0);
  expect(meterFill(1)).toBe(1);
  expect(meterFill(0.001)).toBeCloseTo(0);
  expect(meterFill(0.03)).toBeGreaterThan(0.5);
});
