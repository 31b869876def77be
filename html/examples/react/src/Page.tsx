import {
  CallView,
  RoomProvider,
  useConnection,
  useLocalMedia,
  usePeers,
  useRoomInfo,
  useStats,
  type Person,
} from '@otter/react';
import { type SyntheticEvent, useState } from 'react';
import { askForEntry, type Entry } from './entry.js';

function Stats({ peer }: { readonly peer: Person }) {
  const stats = useStats(peer.peer);
  const rates = stats?.rates ?? null;
  return (
    <li>
      {peer.name}: {stats?.relayed === true ? 'relayed' : 'direct'}
      {rates !== null && `, ${Math.round(rates.bitsIn / 1000)} kbit/s in`}
    </li>
  );
}

function Header() {
  const { room, max_peers: most } = useRoomInfo();
  const peers = usePeers();
  return (
    <header>
      <h1>
        {room} ({peers.length + 1} of {most})
      </h1>
      <ul>
        {peers.map((peer) => (
          <Stats key={peer.key} peer={peer} />
        ))}
      </ul>
    </header>
  );
}

function Call({ entry, onLeave }: { readonly entry: Entry; readonly onLeave: () => void }) {
  const connection = useConnection(entry);
  const local = useLocalMedia();
  switch (connection.at) {
    case 'connected':
      return (
        <RoomProvider room={connection.room}>
          <Header />
          <CallView local={local} onLeave={onLeave} />
        </RoomProvider>
      );
    case 'failed':
      return <p role="alert">{connection.error.message}</p>;
    case 'closed':
      return <p role="status">The call is over: {connection.reason}.</p>;
    case 'idle':
    case 'connecting':
    case 'waiting':
      return <p role="status">One moment…</p>;
  }
}

export function Page() {
  const [entry, setEntry] = useState<Entry | null>(null);
  const [problem, setProblem] = useState('');

  const enter = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    askForEntry('studio', typeof name === 'string' ? name : '').then(setEntry, (error: unknown) => {
      setProblem(error instanceof Error ? error.message : String(error));
    });
  };

  return (
    <main>
      {entry === null ? (
        <form onSubmit={enter}>
          <h1>The studio</h1>
          <label>
            Your name <input name="name" required maxLength={64} />
          </label>
          <button type="submit">Come in</button>
          {problem !== '' && <p role="alert">{problem}</p>}
        </form>
      ) : (
        <Call
          entry={entry}
          onLeave={() => {
            setEntry(null);
          }}
        />
      )}
    </main>
  );
}
