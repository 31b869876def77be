import { useState } from 'react';
import { Button } from '../ui/Button.js';
import { TextField } from '../ui/Field.js';
import styles from './Admin.module.css';
import { type AdminPeer, type AdminRoom, MOST_ROOMS } from './api.js';
import { words } from './words.js';

/** What an administrator is about to do; the page asks before it is done. */
export type Deed =
  | { readonly kind: 'close'; readonly room: AdminRoom }
  | { readonly kind: 'kick'; readonly room: AdminRoom; readonly peer: AdminPeer };

interface RoomsProps {
  readonly rooms: readonly AdminRoom[];
  readonly onDeed: (deed: Deed) => void;
  readonly onLock: (room: AdminRoom) => void;
}

export function peerName({ name, identity }: AdminPeer): string {
  return name === '' ? identity : name;
}

function has(room: AdminRoom, wanted: string): boolean {
  const texts = [room.room, ...room.peers.flatMap(({ name, identity }) => [name, identity])];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

function clock(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? ''
    : date.toLocaleString('en', { dateStyle: 'short', timeStyle: 'short' });
}

function Row({ room, onDeed, onLock }: Omit<RoomsProps, 'rooms'> & { readonly room: AdminRoom }) {
  return (
    <tr data-testid="admin-room" data-room={room.room}>
      <th scope="row">{room.room}</th>
      <td>
        <span className={styles.state} data-status={room.status}>
          {room.status}
        </span>
        {room.locked && <span className={styles.state}>locked</span>}
        {room.lobby && <span className={styles.state}>lobby</span>}
        {room.relay_only && <span className={styles.state}>relay only</span>}
      </td>
      <td>
        {room.peers.length} of {room.max_peers}
        <ul className={styles.members}>
          {room.peers.map((peer) => (
            <li key={peer.id} data-testid="admin-peer">
              <span>
                {peerName(peer)}
                {peer.role === 'moderator' && ` (${words.moderator})`}
              </span>
              <Button
                size="small"
                aria-label={`${words.kick}: ${peerName(peer)}`}
                onClick={() => {
                  onDeed({ kind: 'kick', room, peer });
                }}
              >
                {words.kick}
              </Button>
            </li>
          ))}
        </ul>
      </td>
      <td>{clock(room.created_at)}</td>
      <td>
        <div className={styles.deeds}>
          <Button
            size="small"
            aria-label={`${room.locked ? words.unlock : words.lock}: ${room.room}`}
            onClick={() => {
              onLock(room);
            }}
          >
            {room.locked ? words.unlock : words.lock}
          </Button>
          <Button
            size="small"
            look="danger"
            aria-label={`${words.close}: ${room.room}`}
            onClick={() => {
              onDeed({ kind: 'close', room });
            }}
          >
            {words.close}
          </Button>
        </div>
      </td>
    </tr>
  );
}

export function Rooms({ rooms, onDeed, onLock }: RoomsProps) {
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const found = wanted === '' ? rooms : rooms.filter((room) => has(room, wanted));
  const empty = rooms.length === 0 ? words.nobody : words.nothingFound;
  return (
    <section className={styles.rooms} aria-labelledby="admin-rooms">
      <header>
        <h2 id="admin-rooms">
          {words.rooms} ({rooms.length})
        </h2>
        <TextField
          label={words.filter}
          hideLabel
          placeholder={words.filter}
          type="search"
          value={filter}
          onChange={(event) => {
            setFilter(event.target.value);
          }}
        />
      </header>
      {found.length === 0 ? (
        <p>{empty}</p>
      ) : (
        <div className={styles.scroll} tabIndex={0} role="group" aria-labelledby="admin-rooms">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.room}</th>
                <th scope="col">{words.status}</th>
                <th scope="col">{words.members}</th>
                <th scope="col">{words.since}</th>
                <th scope="col">{words.actions}</th>
              </tr>
            </thead>
            <tbody>
              {found.map((room) => (
                <Row key={room.room} room={room} onDeed={onDeed} onLock={onLock} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rooms.length >= MOST_ROOMS && <p>{words.more(MOST_ROOMS)}</p>}
    </section>
  );
}
