import { useEffect, useState } from 'react';
import type { AppConfig } from './config.js';
import { useInviteCheck } from './flow/useInviteCheck.js';
import type { Invite } from './flow/machine.js';
import { useFlow } from './flow/useFlow.js';
import { inviteUrl } from './lib/links.js';
import { LocalMedia } from './media/local-media.js';
import { CallScreen } from './screens/CallScreen.js';
import { Ended } from './screens/Ended.js';
import { Landing } from './screens/Landing.js';
import { PreJoin } from './screens/PreJoin.js';
import { t } from './strings.js';

interface AppProps {
  readonly config: AppConfig;
}

/** The address of this page with the token that was taken out of it. */
function linkBack(invite: Invite | null): string {
  const { origin, pathname } = window.location;
  const token = invite?.token ?? null;
  return origin + pathname + (token === null ? '' : `#token=${token}`);
}

/** One screen for each state of the call flow. */
export function App({ config }: AppProps) {
  const { flow, dispatch, openRoom, goHome, join } = useFlow(config);
  const [media] = useState(() => new LocalMedia());
  const room = flow.at === 'landing' ? null : (flow.invite?.room ?? null);
  const usesMedia = flow.at === 'prejoin' || flow.at === 'joining' || flow.at === 'call';

  useInviteCheck(config, flow, dispatch);

  useEffect(() => {
    document.title = t.title(room);
  }, [room]);

  // Camera and microphone are let go of as soon as there is no call they could be for.
  useEffect(() => {
    if (!usesMedia) {
      media.close();
    }
  }, [usesMedia, media]);

  switch (flow.at) {
    case 'landing':
      return <Landing config={config} onOpen={openRoom} />;
    case 'prejoin':
    case 'joining':
      return (
        <PreJoin
          invite={flow.invite}
          media={media}
          joining={flow.at === 'joining'}
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
        <CallScreen
          room={flow.room}
          media={media}
          since={flow.since}
          inviteLink={
            config.guests
              ? inviteUrl(window.location.origin, config.prefix, flow.invite.room)
              : null
          }
          onLeave={() => {
            dispatch({ type: 'ended', ending: 'left' });
          }}
        />
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
