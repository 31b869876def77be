import { act } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeTrack } from '../../client/test/fakes/media.js';
import { CallView, OtterCall, RoomProvider, useLocalMedia } from '../src/index.js';
import { installDevices, Stage } from './stage.js';

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
  installDevices();
});

afterEach(async () => {
  await stage.end();
});

function tiles(element: HTMLElement): readonly (string | null)[] {
  return [...element.querySelectorAll('.otter-tile')].map((tile) =>
    tile.getAttribute('aria-label'),
  );
}

function button(element: HTMLElement, name: string): HTMLButtonElement {
  const found = [...element.querySelectorAll('button')].find(
    ({ textContent }) => textContent === name,
  );
  if (found === undefined) {
    throw new Error(`there is no button "${name}"`);
  }
  return found;
}

function Call({ onLeave }: { readonly onLeave: () => void }) {
  return <CallView local={useLocalMedia()} onLeave={onLeave} />;
}

test('a call: tiles, sound, buttons and chat', async () => {
  const [ann, bob] = await stage.pair();
  let left = false;
  const { element } = await stage.render(
    <RoomProvider room={ann}>
      <Call
        onLeave={() => {
          left = true;
        }}
      />
    </RoomProvider>,
  );
  await stage.run(100);
  expect(tiles(element)).toEqual(['BOB, muted', 'You']);

  bob.publish(fakeTrack('audio'), { source: 'microphone' });
  bob.publish(fakeTrack('video'), { source: 'screen' });
  await stage.run(1_000);
  expect(tiles(element)).toEqual(['BOB', 'BOB’s screen', 'You']);
  expect(element.querySelectorAll('audio')).toHaveLength(1);

  await act(async () => {
    button(element, 'Mute').click();
    await Promise.resolve();
  });
  expect(tiles(element).at(-1)).toBe('You, muted');
  expect(button(element, 'Unmute').dataset.on).toBe('false');

  bob.sendChat('Hello');
  await stage.run(100);
  expect(element.querySelector('.otter-line')?.textContent).toBe('BOB Hello');

  button(element, 'Leave').click();
  expect(left).toBe(true);
});

test('OtterCall joins by itself, and says what went wrong', async () => {
  const ann = await stage.join('ann');
  const good = await stage.render(
    <OtterCall url="ws://host/otter/ws" token="bob" onLeave={() => undefined} />,
  );
  expect(good.element.textContent).toContain('Connecting');
  await stage.run(2_000);
  expect(tiles(good.element)).toEqual(['ANN, muted', 'You']);
  expect(ann.peers.size).toBe(1);

  const bad = await stage.render(<OtterCall url="nonsense" token="x" onLeave={() => undefined} />);
  await stage.run(100);
  expect(bad.element.querySelector('[role="alert"]')?.textContent).toContain('Could not join');
});
