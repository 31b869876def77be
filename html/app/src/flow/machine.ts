import type { Route } from '../lib/links.js';
import { readClaims } from '../lib/token.js';
import type { Ending } from './ending.js';

/** A room someone is about to enter, and the token of the link, if it had one. */
export interface Invite {
  readonly room: string;
  readonly token: string | null;
}

/**
 * The way through the page:
 *
 *     landing → prejoin → joining → call → ended
 *     check
 *
 * with ways back from every state. `R` is the handle of a joined room.
 */
export type Flow<R> =
  | { readonly at: 'landing' }
  | { readonly at: 'check'; readonly token: string | null }
  | { readonly at: 'prejoin'; readonly invite: Invite }
  | { readonly at: 'joining'; readonly invite: Invite }
  | { readonly at: 'call'; readonly invite: Invite; readonly room: R; readonly since: number }
  | { readonly at: 'ended'; readonly invite: Invite | null; readonly ending: Ending };

export type FlowEvent<R> =
  /** The address has changed, by a click, a link or the Back button. */
  | { readonly type: 'navigated'; readonly route: Route; readonly token: string | null }
  | { readonly type: 'join' }
  | { readonly type: 'cancel' }
  | { readonly type: 'joined'; readonly room: R; readonly at: number }
  | { readonly type: 'ended'; readonly ending: Ending }
  | { readonly type: 'retry' };

/** What nginx said about this server, as far as the way through the page depends on it. */
export interface FlowRules {
  readonly guests: boolean;
  readonly supported: boolean;
}

/** The state that an address leads to. `token` is the one of this tab, kept over a reload. */
export function enter<R>(route: Route, token: string | null, rules: FlowRules): Flow<R> {
  const invite: Invite | null = route.at === 'room' ? { room: route.room, token } : null;
  if (!rules.supported) {
    return { at: 'ended', invite, ending: 'too-old' };
  }
  if (route.at === 'invalid') {
    return { at: 'ended', invite: null, ending: 'invalid-link' };
  }
  if (route.at === 'check') {
    return { at: 'check', token };
  }
  if (invite === null) {
    return { at: 'landing' };
  }
  if (invite.token === null && !rules.guests) {
    return { at: 'ended', invite, ending: 'invitation-needed' };
  }
  // The server goes by the token, so the person would be in another room than the address says.
  const room = invite.token === null ? null : readClaims(invite.token).room;
  if (room !== null && room !== invite.room) {
    return { at: 'ended', invite, ending: 'invalid-token' };
  }
  return { at: 'prejoin', invite };
}

/** An event that a state does not expect changes nothing: a late answer finds the person gone. */
export function step<R>(flow: Flow<R>, event: FlowEvent<R>, rules: FlowRules): Flow<R> {
  switch (event.type) {
    case 'navigated':
      return enter(event.route, event.token, rules);
    case 'join':
      return flow.at === 'prejoin' ? { at: 'joining', invite: flow.invite } : flow;
    case 'cancel':
      return flow.at === 'joining' ? { at: 'prejoin', invite: flow.invite } : flow;
    case 'joined':
      return flow.at === 'joining'
        ? { at: 'call', invite: flow.invite, room: event.room, since: event.at }
        : flow;
    case 'ended':
      return flow.at === 'landing' || flow.at === 'check' || flow.at === 'ended'
        ? flow
        : { at: 'ended', invite: flow.invite, ending: event.ending };
    case 'retry':
      return flow.at === 'ended' && flow.invite !== null
        ? { at: 'prejoin', invite: flow.invite }
        : flow;
  }
}
