import { LocalMedia, useStore } from '@otter/react';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { AppConfig } from './config.js';
import { useEmbedding } from './embedding/useEmbedding.js';
import { closeRoom } from './flow/access.js';
import { loadCall } from './flow/load-call.js';
import { useInviteCheck } from './flow/useInviteCheck.js';
import type { Invite } from './flow/machine.js';
import { useFlow } from './flow/useFlow.js';
import { language } from './i18n/language.js';
import { checkPath, inviteUrl } from './lib/links.js';
import { remembered } from './lib/storage.js';
import { Effects } from './media/effects.js';
import { Ended } from './screens/Ended.js';
import { Landing } from './screens/Landing.js';
import { PreJoin } from './screens/PreJoin.js';
import { t } from './strings.js';

const Check = lazy(async () => ({ default: (await import('./screens/Check.js')).Check }));
const CallScreen = lazy(async () => ({ default: (await loadCall()).CallScreen }));

interface AppProps {
  readonly config: AppConfig;
}

function tokenPart(invite: Invite | null): string {
  const token = invite?.token ?? null;
  return token === null ? '' : `#token=${token}`;
}

/** The address of this page with the token that was taken out of it. */
function linkBack(invite: Invite | null): string {
  const { origin, pathname } = window.location;
  return origin + pathname + tokenPart(invite);
}

/** One screen for each state of the call flow. */
export function App({ config }: AppProps) {
  const { flow, waiting, dispatch, openRoom, goHome, goCheck, join } = useFlow(config);
  // Every text is looked up anew when the language changes.
  const spoken = useStore(language);
  const [media] = useState(() => new LocalMedia(remembered));
  const [effects] = useState(() => new Effects(media));
  const room = flow.at === 'landing' || flow.at === 'check' ? null : (flow.invite?.room ?? null);
  const usesMedia = flow.at === 'prejoin' || flow.at === 'joining' || flow.at === 'call';

  useInviteCheck(config, flow, dispatch);
  useEmbedding(flow, dispatch, media);

  useEffect(() => {
    document.title = t.title(room);
  }, [room, spoken]);

  useEffect(() => effects.start(), [effects]);

  // Camera and microphone are let go of as soon as there is no call they could be for.
  useEffect(() => {
    if (!usesMedia) {
      media.close();
    }
  }, [usesMedia, media]);

  switch (flow.at) {
    case 'landing':
      return <Landing config={config} onOpen={openRoom} onCheck={goCheck} />;
    case 'check':
      return (
        <Suspense>
          <Check config={config} token={flow.token} onHome={goHome} />
        </Suspense>
      );
    case 'prejoin':
    case 'joining':
      return (
        <PreJoin
          invite={flow.invite}
          media={media}
          joining={flow.at === 'joining'}
          waiting={waiting}
          onJoin={join}
          onBack={
            flow.at === 'joining'
              ? () => {
                  dispatch({ type: 'cancel' });
                }
              : goHome
          }
        />
      );
    case 'call':
      return (
        <Suspense>
          <CallScreen
            room={flow.room}
            media={media}
            since={flow.since}
            inviteLink={
              config.guests
                ? inviteUrl(window.location.origin, config.prefix, flow.invite.room)
                : null
            }
            checkLink={checkPath(config.prefix) + tokenPart(flow.invite)}
            onEndAll={() => closeRoom(config, flow.invite)}
            onLeave={() => {
              dispatch({ type: 'ended', ending: 'left' });
            }}
          />
        </Suspense>
      );
    case 'ended':
      return (
        <Ended
          ending={flow.ending}
          hasRoom={flow.invite !== null}
          link={linkBack(flow.invite)}
          onRetry={() => {
            dispatch({ type: 'retry' });
          }}
          onHome={goHome}
        />
      );
  }
}
