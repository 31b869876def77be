import type { Room } from '@otter/client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Banner } from '../call/Banner.js';
import { ChatPanel } from '../call/ChatPanel.js';
import { Clock } from '../call/Clock.js';
import { Controls } from '../call/Controls.js';
import { DropTarget } from '../call/DropTarget.js';
import { Invitation } from '../call/Invitation.js';
import { menuItems } from '../call/menu.js';
import { PeoplePanel } from '../call/PeoplePanel.js';
import { SettingsDialog } from '../call/SettingsDialog.js';
import { ShortcutsDialog } from '../call/ShortcutsDialog.js';
import { Sound } from '../call/Sound.js';
import { Stage } from '../call/Stage.js';
import { staged, tilesOf } from '../call/tiles.js';
import { useCommands } from '../call/useCommands.js';
import { NARROW, useMedia } from '../lib/useMedia.js';
import { useStore } from '../lib/useStore.js';
import type { LocalMedia } from '../media/local-media.js';
import { useStreamOf } from '../media/useStreamOf.js';
import { canShareScreen } from '../room/screen-share.js';
import { useCall } from '../room/useCall.js';
import { useSpeaking } from '../room/useSpeaking.js';
import { t } from '../strings.js';
import { classes } from '../ui/classes.js';
import { Mark } from '../ui/Logo.js';
import { ThemeToggle } from '../ui/ThemeToggle.js';
import { Toasts } from '../ui/Toasts.js';
import styles from './CallScreen.module.css';

interface AboutProps {
  readonly room: string;
  readonly since: number;
}

function About({ room, since }: AboutProps) {
  return (
    <div className={styles.about}>
      <Mark size={30} />
      <h1 title={room}>{room}</h1>
      <Clock since={since} />
      <ThemeToggle />
    </div>
  );
}

interface CallScreenProps {
  readonly room: Room;
  readonly media: LocalMedia;
  readonly since: number;
  /** The link to give to others, null where everyone needs one of their own. */
  readonly inviteLink: string | null;
  readonly onLeave: () => void;
}

export function CallScreen({ room, media, since, inviteLink, onLeave }: CallScreenProps) {
  const call = useCall(room, media);
  const { store, share } = call;
  const { notify, announce } = store;
  const main = useRef<HTMLElement>(null);
  const commands = useCommands(call, media, inviteLink);
  const { run, panel, setPanel, dialog, setDialog, copied } = commands;
  const view = useStore(store.view);
  const screen = useStore(share.stream);
  const { microphone, camera, speakerId } = useStore(media.state);
  const narrow = useMedia(NARROW);
  const [pinned, setPinned] = useState<string | null>(null);
  const [silenced, setSilenced] = useState(false);
  const [attempt, setAttempt] = useState(0);

  const microphoneOn = microphone.on && microphone.track !== null;
  const cameraOn = camera.on && camera.track !== null;
  const cameraStream = useStreamOf(cameraOn ? camera.track : null);
  const onUnheard = useCallback(() => {
    notify('trouble', t.call.speakingMuted);
  }, [notify]);
  const speaking = useSpeaking(
    view.people,
    { track: microphone.track, on: microphoneOn },
    onUnheard,
  );
  const onBlocked = useCallback(() => {
    setSilenced(true);
  }, []);
  const closePanel = (): void => {
    setPanel(null);
  };
  const closeDialog = (): void => {
    setDialog(null);
  };

  // The form that had the focus is gone.
  useEffect(() => {
    main.current?.focus();
    announce(t.call.entered(room.info.room));
  }, [announce, room]);

  useEffect(() => {
    store.setConversationOpen(panel === 'chat');
  }, [store, panel]);

  const tiles = tilesOf(view, { camera: cameraStream, screen, microphoneOn }, speaking);
  const names = useMemo(() => view.people.map((person) => person.name), [view.people]);
  const about = <About room={view.info.room} since={since} />;
  const sendText = (text: string): boolean => {
    try {
      store.sendText(text);
      return true;
    } catch {
      notify('trouble', t.chat.failed);
      return false;
    }
  };

  return (
    <DropTarget
      names={names}
      onFiles={(files) => {
        store.sendFiles(files);
        if (names.length > 0) {
          setPanel('chat');
        }
      }}
    >
      <div className={classes(styles.call, panel !== null && styles.withPanel)} data-testid="call">
        {narrow && <header className={styles.top}>{about}</header>}
        <main ref={main} className={styles.main} tabIndex={-1}>
          <Banner
            reconnecting={view.state === 'reconnecting'}
            silenced={silenced}
            sharing={screen !== null}
            onHear={() => {
              setSilenced(false);
              setAttempt(attempt + 1);
            }}
            onStopSharing={share.stop}
          />
          <Stage
            tiles={tiles}
            large={staged(tiles, pinned)}
            pinned={pinned}
            onPin={setPinned}
            invitation={
              view.people.length === 0 ? (
                <Invitation link={inviteLink} copied={copied} onCopy={run.invite} />
              ) : null
            }
          />
          <Toasts
            notices={view.notices}
            onDismiss={store.dismiss}
            onOpen={() => {
              setPanel('chat');
            }}
          />
        </main>
        {panel === 'chat' && (
          <ChatPanel
            conversation={view.conversation}
            onSend={sendText}
            onFiles={store.sendFiles}
            onClose={closePanel}
          />
        )}
        {panel === 'people' && (
          <PeoplePanel
            view={view}
            own={{ microphoneOn, cameraOn }}
            link={inviteLink}
            copied={copied}
            onCopy={run.invite}
            onClose={closePanel}
          />
        )}
        <Controls
          microphoneOn={microphoneOn}
          cameraOn={cameraOn}
          sharing={screen !== null}
          canShare={canShareScreen()}
          panel={panel}
          unread={view.conversation.unread}
          people={view.people.length + 1}
          narrow={narrow}
          start={about}
          menu={menuItems(commands, inviteLink !== null)}
          run={run}
          onLeave={onLeave}
        />
        <Sound people={view.people} speakerId={speakerId} attempt={attempt} onBlocked={onBlocked} />
        <div className="unseen" aria-live="polite" data-testid="announcer">
          <span key={view.announcement?.id}>{view.announcement?.text}</span>
        </div>
        {dialog === 'settings' && <SettingsDialog media={media} onClose={closeDialog} />}
        {dialog === 'shortcuts' && <ShortcutsDialog onClose={closeDialog} />}
      </div>
    </DropTarget>
  );
}
