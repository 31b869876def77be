import { type SyntheticEvent, useEffect, useMemo, useState } from 'react';
import type { AppConfig } from '../config.js';
import { tab } from '../lib/storage.js';
import { Button } from '../ui/Button.js';
import { Dialog } from '../ui/Dialog.js';
import { TextField } from '../ui/Field.js';
import { Wordmark } from '../ui/Logo.js';
import { ThemeToggle } from '../ui/ThemeToggle.js';
import styles from './Admin.module.css';
import type { Refusal } from './api.js';
import { AdminApi, type AdminRoom } from './api.js';
import { Numbers } from './Numbers.js';
import { type Deed, peerName, Rooms } from './Rooms.js';
import { useServer } from './useServer.js';
import { words } from './words.js';

/** In this tab alone, and gone with it. */
const KEY = 'admin.key';

interface KeyFormProps {
  readonly problem: string | null;
  readonly onKey: (key: string) => void;
}

function KeyForm({ problem, onKey }: KeyFormProps) {
  const [text, setText] = useState('');
  const enter = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (text.trim() !== '') {
      onKey(text.trim());
    }
  };
  return (
    <form className={styles.door} data-testid="admin-door" onSubmit={enter}>
      <h1>{words.title}</h1>
      <TextField
        label={words.key}
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={text}
        error={problem}
        data-testid="admin-key"
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <p className={styles.help}>{words.keyHelp}</p>
      <Button type="submit" look="primary" data-testid="admin-enter">
        {words.enter}
      </Button>
    </form>
  );
}

interface ConfirmProps {
  readonly deed: Deed;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

function Confirm({ deed, onCancel, onConfirm }: ConfirmProps) {
  const closing = deed.kind === 'close';
  return (
    <Dialog
      title={closing ? words.closeTitle(deed.room.room) : words.kickTitle(peerName(deed.peer))}
      onClose={onCancel}
    >
      <p>{closing ? words.closeText(deed.room.peers.length) : words.kickText}</p>
      <div className={styles.deeds}>
        <Button onClick={onCancel}>{words.cancel}</Button>
        <Button look="danger" data-testid="admin-confirm" onClick={onConfirm}>
          {closing ? words.close : words.kick}
        </Button>
      </div>
    </Dialog>
  );
}

interface DashboardProps {
  readonly api: AdminApi;
  /** The server does not take the key. */
  readonly onRefused: (problem: string) => void;
  readonly onLeave: () => void;
}

function refusedWith({ status, code }: Refusal): string | null {
  if (status === 401) {
    return words.wrongKey;
  }
  return code === 'key-scope' ? words.noRooms : null;
}

function troubleOf({ status, message }: Refusal): string {
  return status === null ? words.unreachable : words.failed(message);
}

function Dashboard({ api, onRefused, onLeave }: DashboardProps) {
  const { view, look } = useServer(api);
  const [deed, setDeed] = useState<Deed | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const { refusal, rooms, history, blind } = view;
  const refused = refusal === null ? null : refusedWith(refusal);

  useEffect(() => {
    if (refused !== null) {
      onRefused(refused);
    }
  }, [refused, onRefused]);

  const run = (act: Promise<void>): void => {
    setFailure(null);
    act.then(look, (error: unknown) => {
      setFailure(words.failed(error instanceof Error ? error.message : String(error)));
      look();
    });
  };

  const confirm = (): void => {
    if (deed === null) {
      return;
    }
    const { room } = deed.room;
    run(deed.kind === 'close' ? api.close(room) : api.kick(room, deed.peer.id));
    setDeed(null);
  };

  return (
    <div className={styles.dashboard} data-testid="admin">
      <header className={styles.head}>
        <h1>{words.title}</h1>
        <Button data-testid="admin-leave" onClick={onLeave}>
          {words.leave}
        </Button>
      </header>
      <p role="status" className={styles.trouble}>
        {refusal === null ? '' : troubleOf(refusal)}
      </p>
      {failure !== null && (
        <p role="alert" className={styles.trouble}>
          {failure}
        </p>
      )}
      {blind ? <p>{words.noMetrics}</p> : <Numbers history={history} />}
      {rooms !== null && (
        <Rooms
          rooms={rooms}
          onDeed={setDeed}
          onLock={(room: AdminRoom) => {
            run(api.lock(room.room, !room.locked));
          }}
        />
      )}
      {deed !== null && (
        <Confirm
          deed={deed}
          onCancel={() => {
            setDeed(null);
          }}
          onConfirm={confirm}
        />
      )}
    </div>
  );
}

/** The administrator's page: what the server does, for whoever has an API key. */
export function Admin({ config }: { readonly config: AppConfig }) {
  const [key, setKey] = useState(() => tab.get(KEY));
  const [problem, setProblem] = useState<string | null>(null);
  const api = useMemo(
    () => (key === null ? null : new AdminApi(config.prefix, key)),
    [config.prefix, key],
  );
  const forget = useMemo(
    () => (why: string | null) => {
      tab.remove(KEY);
      setProblem(why);
      setKey(null);
    },
    [],
  );

  useEffect(() => {
    document.title = `${words.title} · Otter`;
  }, []);

  return (
    <div className={styles.page} lang="en" dir="ltr">
      <div className={styles.bar}>
        <Wordmark />
        <ThemeToggle />
      </div>
      <main>
        {api === null ? (
          <KeyForm
            problem={problem}
            onKey={(given) => {
              tab.set(KEY, given);
              setProblem(null);
              setKey(given);
            }}
          />
        ) : (
          <Dashboard
            api={api}
            onRefused={forget}
            onLeave={() => {
              forget(null);
            }}
          />
        )}
      </main>
    </div>
  );
}
