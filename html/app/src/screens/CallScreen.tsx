import type { Room } from '@otter/client';
import { canShareScreen, type LocalMedia, useSpeaking, useStore, useStreamOf } from '@otter/react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Banner } from '../call/Banner.js';
import { ChatPanel } from '../call/ChatPanel.js';
import { Clock } from '../call/Clock.js';
import { Controls } from '../call/Controls.js';
import { EndAllDialog } from '../call/EndAllDialog.js';
import { DropTarget } from '../call/DropTarget.js';
import { Invitation } from '../call/Invitation.js';
import { menuItems } from '../call/menu.js';
import { MiniCall } from '../call/MiniCall.js';
import { PeoplePanel } from '../call/PeoplePanel.js';
import { Reactions } from '../call/Reactions.js';
import { SettingsDialog } from '../call/SettingsDialog.js';
import { ShortcutsDialog } from '../call/ShortcutsDialog.js';
import { Sound } from '@otter/react';
import { Stage } from '../call/Stage.js';
import { staged, tilesOf } from '../call/tiles.js';
import { useCommands } from '../call/useCommands.js';
import { usePip } from '../call/usePip.js';
import { VerifyDialog } from '../call/VerifyDialog.js';
import { talkSetting } from '../lib/settings.js';
import { useDelayed } from '../lib/useDelayed.js';
import { NARROW, useMedia } from '../lib/useMedia.js';
import { usePushToTalk } from '../lib/usePushToTalk.js';
import { useWakeLock } from '../lib/useWakeLock.js';
import { useRecording } from '../record/useRecording.js';
import { readMarks } from '../room/conversation.js';
import { useActiveSpeaker } from '../room/useActiveSpeaker.js';
import { useCall } from '../room/useCall.js';
import { t } from '../strings.js';
import { classes } from '../ui/classes.js';
import { Mark } from '../ui/Logo.js';
import { ThemeToggle } from '../ui/ThemeToggle.js';
import { Toasts } from '../ui/Toasts.js';
import styles from './CallScreen.module.css';

const DetailsDialog = lazy(async () => ({
  default: (await import('../call/DetailsDialog.js')).DetailsDialog,
}));
const InviteDialog = lazy(async () => ({
  default: (await import('../call/InviteDialog.js')).InviteDialog,
}));

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
  /** Where the network can be checked. */
  readonly checkLink: string;
  /** For moderators: closes the room. Rejects when it could not be closed. */
  readonly onEndAll: () => Promise<void>;
}

/** So long a connection is tried again before the person is told that it may never come about. */
const UNREACHABLE_MS = 8000;

export function CallScreen(props: CallScreenProps) {
  const { room, media, since, inviteLink, onLeave } = props;
  const call = useCall(room, media);
  const { store, share, health } = call;
  const { notify, announce } = store;
  const main = useRef<HTMLElement>(null);
  const commands = useCommands(call, media, inviteLink);
  const { run, panel, setPanel, dialog, setDialog, copied, copyLink } = commands;
  const view = useStore(store.view);
  const screen = useStore(share.stream);
  const healths = useStore(health.all);
  const talks = useStore(talkSetting.value);
  const lost = useStore(media.lost);
  const { microphone, camera, speakerId } = useStore(media.state);
  const narrow = useMedia(NARROW);
  const [pinned, setPinned] = useState<string | null>(null);
  const [silenced, setSilenced] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [volumes, setVolumes] = useState<ReadonlyMap<string, number>>(new Map());
  const [motion, setMotion] = useState(false);
  const [verifying, setVerifying] = useState<string | null>(null);

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

  useWakeLock();
  const talking = useRef(false);
  usePushToTalk(talks, {
    start: () => {
      if (!microphoneOn) {
        talking.current = true;
        void media.toggle('microphone', true);
      }
    },
    stop: () => {
      if (talking.current) {
        talking.current = false;
        void media.toggle('microphone', false);
      }
    },
  });

  // What was lost before this call is no news.
  const known = useRef(lost);
  useEffect(() => {
    if (lost !== null && lost !== known.current) {
      known.current = lost;
      notify('trouble', lost.kind === 'microphone' ? t.call.microphoneLost : t.call.cameraLost);
    }
  }, [lost, notify]);

  const tiles = tilesOf(view, { camera: cameraStream, screen, microphoneOn }, speaking, healths);
  const present = useMemo(() => view.people.map((person) => person.key), [view.people]);
  const speaker = useActiveSpeaker(speaking, present);
  const large = staged(tiles, pinned, commands.layout === 'speaker' ? speaker : null);
  const pip = usePip(
    useCallback(() => {
      notify('trouble', t.call.pipFailed);
    }, [notify]),
  );
  const pipTile = tiles.find(({ key }) => key === (large ?? speaker)) ?? tiles.at(-1);
  const voices = [
    ...view.people.flatMap(({ microphone: voice, screenAudio }) => [voice, screenAudio]),
    useStreamOf(microphone.track),
  ].filter((stream) => stream !== null);
  const recording = useRecording(
    view.info.room,
    tiles.map(({ key, label, stream, kind }) => ({
      key,
      label,
      stream,
      screen: kind === 'screen',
    })),
    voices,
    {
      begun: () => {
        announce(t.call.recording);
        store.setRecording(true);
      },
      ended: () => {
        store.setRecording(false);
      },
      saved: () => {
        notify('file', t.call.recorded);
      },
      failed: () => {
        notify('trouble', t.call.recordFailed);
      },
    },
  );
  const readBy = readMarks(
    view.conversation.entries,
    view.readUpTo,
    (key) => view.people.find((person) => person.key === key)?.name ?? null,
  );
  const verified = view.people.find(({ key }) => key === verifying);
  if (screen === null && motion) {
    setMotion(false);
  }
  const failing = view.people.find(({ connection }) => connection === 'failed')?.name ?? null;
  const unreachable = useDelayed(failing !== null, UNREACHABLE_MS) ? failing : null;
  const { setReacting } = commands;
  const closeReactions = useCallback(() => {
    setReacting(false);
  }, [setReacting]);
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
            muteAsked={microphoneOn ? view.muteAsked : null}
            onMute={(mute) => {
              store.answerMute();
              if (mute) {
                run.microphone();
              }
            }}
            unreachable={unreachable}
            checkLink={props.checkLink}
            motion={motion}
            onMotion={(on) => {
              setMotion(on);
              for (const track of screen?.getVideoTracks() ?? []) {
                track.contentHint = on ? 'motion' : 'detail';
              }
            }}
            recording={recording.on}
            onStopRecording={recording.toggle}
          />
          <Stage
            tiles={tiles}
            large={large}
            pinned={pinned}
            onPin={setPinned}
            invitation={
              view.people.length === 0 ? (
                <Invitation link={inviteLink} copied={copied} onCopy={copyLink} />
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
          {commands.reacting && <Reactions onReact={store.react} onClose={closeReactions} />}
        </main>
        {panel === 'chat' && (
          <ChatPanel
            conversation={view.conversation}
            readBy={readBy}
            onSend={sendText}
            onFiles={store.sendFiles}
            onClose={closePanel}
          />
        )}
        {panel === 'people' && (
          <PeoplePanel
            room={room}
            view={view}
            own={{ microphoneOn, cameraOn }}
            link={inviteLink}
            health={healths}
            volumes={volumes}
            onVolume={(key, volume) => {
              setVolumes(new Map(volumes).set(key, volume));
            }}
            onAskMute={store.askToMute}
            onVerify={({ key }) => {
              setVerifying(key);
            }}
            onInvite={run.invite}
            onClose={closePanel}
          />
        )}
        <Controls
          microphoneOn={microphoneOn}
          cameraOn={cameraOn}
          sharing={screen !== null}
          canShare={canShareScreen()}
          handUp={view.handUp}
          reacting={commands.reacting}
          panel={panel}
          unread={view.conversation.unread}
          people={view.people.length + 1}
          narrow={narrow}
          start={about}
          menu={menuItems(commands, {
            canInvite: inviteLink !== null,
            narrow,
            handUp: view.handUp,
            speakerView: commands.layout === 'speaker',
            pipOpen: pip.open,
            onPip: pip.toggle,
            recording: recording.on,
            onRecord: recording.toggle,
            moderates: view.self.role === 'moderator',
          })}
          run={run}
          onLeave={onLeave}
        />
        <Sound
          people={view.people}
          volumes={volumes}
          speakerId={speakerId}
          attempt={attempt}
          onBlocked={onBlocked}
        />
        {pip.window !== null && pipTile !== undefined && (
          <MiniCall
            window={pip.window}
            tile={pipTile}
            microphoneOn={microphoneOn}
            cameraOn={cameraOn}
            onMicrophone={run.microphone}
            onCamera={run.camera}
            onLeave={onLeave}
          />
        )}
        <div className="unseen" aria-live="polite" data-testid="announcer">
          <span key={view.announcement?.id}>{view.announcement?.text}</span>
        </div>
        {dialog === 'settings' && <SettingsDialog media={media} onClose={closeDialog} />}
        {dialog === 'shortcuts' && <ShortcutsDialog onClose={closeDialog} />}
        {dialog === 'end-all' && (
          <EndAllDialog
            onClose={closeDialog}
            onEnd={() => {
              closeDialog();
              props.onEndAll().catch(() => {
                notify('trouble', t.call.endAllFailed);
              });
            }}
          />
        )}
        {verified !== undefined && (
          <VerifyDialog
            person={verified}
            onClose={() => {
              setVerifying(null);
            }}
          />
        )}
        <Suspense>
          {dialog === 'details' && (
            <DetailsDialog people={view.people} health={health} onClose={closeDialog} />
          )}
          {dialog === 'invite' && inviteLink !== null && (
            <InviteDialog
              link={inviteLink}
              copied={copied}
              onCopy={copyLink}
              onClose={closeDialog}
            />
          )}
        </Suspense>
      </div>
    </DropTarget>
  );
}
