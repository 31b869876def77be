import type { Room } from '@otter/client';
import { act, type ReactNode, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { vi } from 'vitest';
import { FakeTrack, installMedia } from '../../client/test/fakes/media.js';
import { installFetch } from '../../client/test/fakes/page.js';
import { installRtc } from '../../client/test/fakes/rtc.js';
import { FakeServer } from '../../client/test/fakes/server.js';
import { installWebSocket } from '../../client/test/fakes/websocket.js';
import { connect } from '../../client/src/index.js';
import { RoomProvider } from '../src/index.js';

declare const globalThis: { IS_REACT_ACT_ENVIRONMENT?: boolean };

/** A track of a device, as far as LocalMedia looks at one. */
export class DeviceTrack extends FakeTrack {
  override getSettings(): MediaTrackSettings {
    return { deviceId: `${this.kind}-1` };
  }
}

/** A document, and the client library itself over a fake server and network, under a fake clock. */
export class Stage {
  readonly server = new FakeServer();
  readonly #roots: Root[] = [];

  constructor() {
    globalThis.IS_REACT_ACT_ENVIRONMENT = true;
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    });
    installWebSocket(this.server);
    installFetch(() => (this.server.down ? new TypeError('failed') : new Response('{}')));
    installMedia();
    installRtc();
    // The streams are fake, and nothing is played.
    vi.spyOn(HTMLMediaElement.prototype, 'srcObject', 'set').mockImplementation(() => undefined);
  }

  async join(identity: string): Promise<Room> {
    const joining = connect({ url: 'ws://host/otter/ws', token: identity });
    joining.catch(() => undefined);
    await this.run(20);
    return joining;
  }

  /** Two rooms whose connection is up. */
  async pair(): Promise<[Room, Room]> {
    this.server.ids = ['a', 'b'];
    const ann = await this.join('ann');
    const bob = await this.join('bob');
    await this.run(2_000);
    return [ann, bob];
  }

  run(ms: number): Promise<void> {
    return act(async () => {
      await vi.advanceTimersByTimeAsync(ms);
    });
  }

  /** Renders; the functions it answers render anew and take it away. */
  async render(node: ReactNode): Promise<{
    readonly element: HTMLElement;
    readonly again: (next: ReactNode) => Promise<void>;
    readonly unmount: () => Promise<void>;
  }> {
    const element = document.createElement('div');
    document.body.append(element);
    const root = createRoot(element);
    this.#roots.push(root);
    const again = (next: ReactNode): Promise<void> =>
      act(async () => {
        root.render(<StrictMode>{next}</StrictMode>);
        await vi.advanceTimersByTimeAsync(0);
      });
    await again(node);
    return {
      element,
      again,
      unmount: () =>
        act(async () => {
          root.unmount();
          await vi.advanceTimersByTimeAsync(0);
        }),
    };
  }

  /** What a hook answers, in the room if there is one. */
  async hook<T>(
    use: () => T,
    room?: Room,
  ): Promise<{ readonly now: () => T; readonly unmount: () => Promise<void> }> {
    let value: { readonly is: T } | null = null;
    function Probe() {
      value = { is: use() };
      return null;
    }
    const { unmount } = await this.render(
      room === undefined ? (
        <Probe />
      ) : (
        <RoomProvider room={room}>
          <Probe />
        </RoomProvider>
      ),
    );
    return {
      now: () => {
        if (value === null) {
          throw new Error('the hook was not called');
        }
        return value.is;
      },
      unmount,
    };
  }

  async end(): Promise<void> {
    await act(async () => {
      for (const root of this.#roots) {
        root.unmount();
      }
      await vi.advanceTimersByTimeAsync(0);
    });
    document.body.replaceChildren();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  }
}

/** Devices of a browser that says yes. Answers the tracks it has handed out. */
export function installDevices(): DeviceTrack[] {
  const given: DeviceTrack[] = [];
  const media = Object.assign(new EventTarget(), {
    getUserMedia: ({ audio, video }: MediaStreamConstraints) => {
      const tracks = [
        ...(audio === undefined ? [] : [new DeviceTrack('audio')]),
        ...(video === undefined ? [] : [new DeviceTrack('video')]),
      ];
      given.push(...tracks);
      return Promise.resolve({
        getTracks: () => tracks,
        getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'),
        getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
      });
    },
    enumerateDevices: () =>
      Promise.resolve([{ kind: 'audioinput', deviceId: 'audio-1', label: 'Desk' }]),
  });
  Object.defineProperty(navigator, 'mediaDevices', { value: media, configurable: true });
  return given;
}
