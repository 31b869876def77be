import type { PeerInfo, Room } from '@otter/client';
import {
  type ElementMessage,
  type EmbeddedPeer,
  type PageMessage,
  posted,
  readElementMessage,
} from '@otter/embed/protocol';
import { type LocalMedia, nameOf } from '@otter/react';
import { type Dispatch, useEffect, useRef } from 'react';
import type { CallEvent, CallFlow } from '../flow/useFlow.js';
import { applyTheme, theme } from '../lib/theme.js';
import { type Embedding, embedding } from './embedding.js';

function peerOf(info: PeerInfo): EmbeddedPeer {
  return { id: info.id, identity: info.identity, name: nameOf(info) };
}

function tell({ origin }: Embedding, message: PageMessage): void {
  window.parent.postMessage(posted(message), origin);
}

/** Tells the site what happens in a room, until the function it answers is called. */
function report(site: Embedding, room: Room): () => void {
  tell(site, { type: 'joined', room: room.info.room, self: peerOf(room.self) });
  for (const { info } of room.peers.values()) {
    tell(site, { type: 'peer-joined', peer: peerOf(info) });
  }
  const off = [
    room.on('peer-joined', ({ info }) => {
      tell(site, { type: 'peer-joined', peer: peerOf(info) });
    }),
    room.on('peer-left', ({ peer, reason }) => {
      tell(site, { type: 'peer-left', peer: peerOf(peer.info), reason });
    }),
    room.on('state', (state) => {
      tell(site, { type: 'state', state });
    }),
  ];
  return () => {
    for (const stop of off) {
      stop();
    }
  };
}

function reportMedia(site: Embedding, media: LocalMedia): () => void {
  let before = '';
  const changed = (): void => {
    const { microphone, camera } = media.state.get();
    const message = {
      type: 'media',
      microphone: microphone.on && microphone.track !== null,
      camera: camera.on && camera.track !== null,
    } as const;
    const now = JSON.stringify(message);
    if (now !== before) {
      before = now;
      tell(site, message);
    }
  };
  changed();
  return media.state.subscribe(changed);
}

function colour(colours: Readonly<Record<string, string>>, { style }: HTMLElement): void {
  for (const [name, value] of Object.entries(colours)) {
    if (CSS.supports('color', value)) {
      style.setProperty(`--${name}`, value);
    }
  }
}

function obey(message: ElementMessage, dispatch: Dispatch<CallEvent>, media: LocalMedia): void {
  const root = document.documentElement;
  switch (message.type) {
    case 'leave':
      dispatch({ type: 'ended', ending: 'left' });
      break;
    case 'microphone':
    case 'camera':
      void media.toggle(message.type, message.on);
      break;
    case 'theme':
      // The site's wish, and not for the person's next visit.
      theme.set(message.theme);
      applyTheme(root);
      break;
    case 'colours':
      colour(message.colours, root);
      break;
  }
}

/** In the frame of an `<otter-call>`: tells the site what happens, and does what it asks. */
export function useEmbedding(
  flow: CallFlow,
  dispatch: Dispatch<CallEvent>,
  media: LocalMedia,
): void {
  const site = embedding;
  const joined = useRef(false);
  const room = flow.at === 'call' ? flow.room : null;
  const ending = flow.at === 'ended' ? flow.ending : null;

  useEffect(() => {
    if (site === null) {
      return;
    }
    const hear = ({ source, origin, data }: MessageEvent<unknown>): void => {
      const message =
        source === window.parent && origin === site.origin ? readElementMessage(data) : null;
      if (message !== null) {
        obey(message, dispatch, media);
      }
    };
    window.addEventListener('message', hear);
    tell(site, { type: 'ready' });
    return () => {
      window.removeEventListener('message', hear);
    };
  }, [site, dispatch, media]);

  useEffect(() => {
    if (site === null || room === null) {
      return;
    }
    joined.current = true;
    const off = [report(site, room), reportMedia(site, media)];
    return () => {
      for (const stop of off) {
        stop();
      }
    };
  }, [site, room, media]);

  useEffect(() => {
    if (site === null || ending === null) {
      return;
    }
    tell(site, joined.current ? { type: 'left', reason: ending } : { type: 'error', code: ending });
    joined.current = false;
  }, [site, ending]);
}
