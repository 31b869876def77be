import { describe, expect, test } from 'vitest';
import { enter, type Flow, type FlowEvent, type FlowRules, step } from './machine.js';

type TestFlow = Flow<string>;

const OPEN: FlowRules = { guests: true, supported: true };
const CLOSED: FlowRules = { guests: false, supported: true };
const INVITE = { room: 'blue', token: null };
const ROOM = { at: 'room', room: 'blue', token: null } as const;

function run(events: readonly FlowEvent<string>[], from: TestFlow = { at: 'landing' }): TestFlow {
  return events.reduce((flow, event) => step(flow, event, OPEN), from);
}

describe('arriving', () => {
  test('at the prefix shows the landing page', () => {
    expect(enter({ at: 'landing' }, null, CLOSED)).toEqual({ at: 'landing' });
  });

  test('at a room leads to the pre-join screen', () => {
    expect(enter(ROOM, null, OPEN)).toEqual({ at: 'prejoin', invite: INVITE });
    expect(enter(ROOM, 'a.b.c', CLOSED)).toEqual({
      at: 'prejoin',
      invite: { room: 'blue', token: 'a.b.c' },
    });
  });

  test('without a token where there are no guests ends there', () => {
    expect(enter(ROOM, null, CLOSED)).toEqual({
      at: 'ended',
      invite: INVITE,
      ending: 'invitation-needed',
    });
  });

  test('with the token of another room ends there: the server goes by the token', () => {
    const token = (room: string) => `e30.${btoa(JSON.stringify({ room }))}.c2ln`;

    expect(enter(ROOM, token('red'), OPEN)).toMatchObject({ ending: 'invalid-token' });
    expect(enter(ROOM, token('blue'), OPEN)).toMatchObject({ at: 'prejoin' });
  });

  test('by a broken link, or with a browser that can’t, ends there', () => {
    expect(enter({ at: 'invalid' }, null, OPEN)).toMatchObject({ ending: 'invalid-link' });
    expect(enter(ROOM, null, { ...OPEN, supported: false })).toMatchObject({ ending: 'too-old' });
    expect(enter({ at: 'landing' }, null, { ...OPEN, supported: false })).toMatchObject({
      ending: 'too-old',
    });
  });
});

const TO_PREJOIN: FlowEvent<string> = { type: 'navigated', route: ROOM, token: null };
const JOINED: FlowEvent<string> = { type: 'joined', room: 'handle', at: 7 };

test('the whole way', () => {
  expect(run([TO_PREJOIN])).toEqual({ at: 'prejoin', invite: INVITE });
  expect(run([TO_PREJOIN, { type: 'join' }])).toEqual({ at: 'joining', invite: INVITE });
  const call = run([TO_PREJOIN, { type: 'join' }, JOINED]);
  expect(call).toEqual({ at: 'call', invite: INVITE, room: 'handle', since: 7 });
  const over = step(call, { type: 'ended', ending: 'left' }, OPEN);
  expect(over).toEqual({ at: 'ended', invite: INVITE, ending: 'left' });
  expect(step(over, { type: 'retry' }, OPEN)).toEqual({ at: 'prejoin', invite: INVITE });
});

test('joining can be cancelled, and a room that comes too late is not entered', () => {
  const back = run([TO_PREJOIN, { type: 'join' }, { type: 'cancel' }]);
  expect(back).toEqual({ at: 'prejoin', invite: INVITE });
  expect(step(back, JOINED, OPEN)).toBe(back);
});

test('the Back button leaves a call', () => {
  const call = run([TO_PREJOIN, { type: 'join' }, JOINED]);
  expect(step(call, { type: 'navigated', route: { at: 'landing' }, token: null }, OPEN)).toEqual({
    at: 'landing',
  });
});

test('the first ending is the one that is told', () => {
  const over = run([TO_PREJOIN, { type: 'ended', ending: 'kicked' }]);
  expect(step(over, { type: 'ended', ending: 'lost' }, OPEN)).toBe(over);
});

test.each<[string, TestFlow, FlowEvent<string>]>([
  ['join on the landing page', { at: 'landing' }, { type: 'join' }],
  ['an ending on the landing page', { at: 'landing' }, { type: 'ended', ending: 'lost' }],
  ['cancel while getting ready', { at: 'prejoin', invite: INVITE }, { type: 'cancel' }],
  [
    'retry without a room',
    { at: 'ended', invite: null, ending: 'invalid-link' },
    { type: 'retry' },
  ],
])('%s changes nothing', (_, flow, event) => {
  expect(step(flow, event, OPEN)).toBe(flow);
});
