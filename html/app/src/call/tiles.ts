import { nameOf, type Person, SELF, troubleOf } from '@otter/react';
import type { CallView, Member } from '../room/call-store.js';
import type { Health, HealthMap } from '../room/health.js';
import { REACTIONS } from '../room/shouts.js';
import { t } from '../strings.js';
import type { TileContent } from './Tile.js';

/** What this side shows of itself. */
export interface Own {
  readonly camera: MediaStream | null;
  readonly screen: MediaStream | null;
  readonly microphoneOn: boolean;
}

const NOTHING_MORE = { handUp: false, reaction: null, link: null } as const;

function reactionOf({ reactions }: CallView, key: string): TileContent['reaction'] {
  const reacted = reactions.get(key);
  return reacted === undefined ? null : { id: reacted.id, emoji: REACTIONS[reacted.reaction] };
}

function linkOf(health: Health | undefined): TileContent['link'] {
  if (health?.quality == null) {
    return null;
  }
  const { relayed, protocol } = health.stats;
  return { quality: health.quality, relayed: relayed === true, protocol };
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
    ...NOTHING_MORE,
  };
}

function personTile(
  person: Member,
  speaking: boolean,
  reaction: TileContent['reaction'],
  health: Health | undefined,
): TileContent {
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
    handUp: person.handUp,
    reaction,
    link: linkOf(health),
  };
}

function ownTiles(view: CallView, own: Own, speaking: boolean): readonly TileContent[] {
  const { self, handUp } = view;
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
    handUp,
    reaction: reactionOf(view, SELF),
    link: null,
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
    ...NOTHING_MORE,
  };
  return [screen, person];
}

/** All tiles of the call: the others in the order in which they came, this person last. */
export function tilesOf(
  view: CallView,
  own: Own,
  speaking: ReadonlySet<string>,
  health: HealthMap,
): readonly TileContent[] {
  return [
    ...view.people.flatMap((person) => [
      ...(person.screen === null ? [] : [screenTile(person, person.screen)]),
      personTile(
        person,
        speaking.has(person.key),
        reactionOf(view, person.key),
        health.get(person.id),
      ),
    ]),
    ...ownTiles(view, own, speaking.has(SELF)),
  ];
}

/**
 * The tile to show large: the one that was pinned while it lasts, else a screen of another, else,
 * in the layout for it, whoever speaks.
 */
export function staged(
  tiles: readonly TileContent[],
  pinned: string | null,
  speaker: string | null,
): string | null {
  const chosen = tiles.find((tile) => tile.key === pinned);
  const screen = tiles.find((tile) => tile.kind === 'screen' && !tile.self);
  const speaking = tiles.find((tile) => tile.key === speaker);
  return (chosen ?? screen ?? speaking)?.key ?? null;
}
