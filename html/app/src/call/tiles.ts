import type { CallView } from '../room/call-store.js';
import { nameOf, type Person, troubleOf } from '../room/people.js';
import { SELF } from '../room/useSpeaking.js';
import { t } from '../strings.js';
import type { TileContent } from './Tile.js';

/** What this side shows of itself. */
export interface Own {
  readonly camera: MediaStream | null;
  readonly screen: MediaStream | null;
  readonly microphoneOn: boolean;
}

function screenTile(person: Person, stream: MediaStream): TileContent {
  return {
    key: `${person.key}/screen`,
    kind: 'screen',
    self: false,
    identity: person.key,
    name: person.name,
    label: t.call.screenOf(person.name),
    stream,
    muted: false,
    speaking: false,
    trouble: null,
  };
}

function personTile(person: Person, speaking: boolean): TileContent {
  return {
    key: person.key,
    kind: 'person',
    self: false,
    identity: person.key,
    name: person.name,
    label: person.name,
    stream: person.camera,
    muted: !person.microphoneOn,
    speaking,
    trouble: troubleOf(person),
  };
}

function ownTiles({ self }: CallView, own: Own, speaking: boolean): readonly TileContent[] {
  const name = nameOf(self);
  const base = { self: true, identity: self.identity, name, trouble: null } as const;
  const person: TileContent = {
    ...base,
    key: SELF,
    kind: 'person',
    label: t.withYou(name),
    stream: own.camera,
    muted: !own.microphoneOn,
    speaking,
  };
  if (own.screen === null) {
    return [person];
  }
  const screen: TileContent = {
    ...base,
    key: `${SELF}/screen`,
    kind: 'screen',
    label: t.call.yourScreen,
    stream: own.screen,
    muted: false,
    speaking: false,
  };
  return [screen, person];
}

/** All tiles of the call: the others in the order in which they came, this person last. */
export function tilesOf(
  view: CallView,
  own: Own,
  speaking: ReadonlySet<string>,
): readonly TileContent[] {
  return [
    ...view.people.flatMap((person) => [
      ...(person.screen === null ? [] : [screenTile(person, person.screen)]),
      personTile(person, speaking.has(person.key)),
    ]),
    ...ownTiles(view, own, speaking.has(SELF)),
  ];
}

/** The tile to show large: the one that was pinned while it lasts, else a screen of another. */
export function staged(tiles: readonly TileContent[], pinned: string | null): string | null {
  const chosen = tiles.find((tile) => tile.key === pinned);
  const screen = tiles.find((tile) => tile.kind === 'screen' && !tile.self);
  return (chosen ?? screen)?.key ?? null;
}
