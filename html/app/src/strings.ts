import { en } from './i18n/en.js';
import { Writer } from './i18n/fill.js';
import type { Words } from './i18n/words.js';
import { formatBytes, formatList } from './lib/format.js';

/** The words of one language, with functions where something is filled in or counted. */
function phrasesOf(words: Words, language: string, rtl: boolean) {
  const writer = new Writer(language, rtl);
  const fill = writer.fill.bind(writer);
  const { landing, call, people, chat, files, details } = words;
  const named = (text: string) => (name: string) => fill(text, { name });
  const about = (text: string) => (file: string) => fill(text, { file });
  return {
    ...words,
    /** The language of these words. */
    language,
    brand: 'otter',
    title: (room: string | null): string => (room === null ? 'Otter' : `${room} · Otter`),
    withYou: named(words.withYou),
    landing: {
      ...landing,
      elsewhere: (host: string) => fill(landing.elsewhere, { host }),
    },
    controls: {
      ...words.controls,
      /** Spoken name of a button, with its key. */
      withKey: (label: string, key: string): string => `${label} (${key.toUpperCase()})`,
    },
    call: {
      ...call,
      entered: (room: string) => fill(call.entered, { room }),
      joined: named(call.joined),
      left: named(call.left),
      lost: named(call.lost),
      screenOf: named(call.screenOf),
      pin: named(call.pin),
      recordsNow: named(call.recordsNow),
      recordsNoMore: named(call.recordsNoMore),
      raised: named(call.raised),
      lowered: named(call.lowered),
      muteAsked: named(call.muteAsked),
      unreachable: named(call.unreachable),
      dropTo: (names: readonly string[]) =>
        fill(call.dropTo, { names: formatList(names, language) }),
    },
    people: {
      ...people,
      count: (here: number, most: number) => fill(people.count, { here, most }),
      knocked: named(people.knocked),
      admitWho: named(people.admitWho),
      denyWho: named(people.denyWho),
      remove: named(people.remove),
      askMute: named(people.askMute),
      askedMute: named(people.askedMute),
      volume: named(people.volume),
      verify: named(people.verify),
    },
    chat: {
      ...chat,
      unread: (count: number) => writer.count(chat.unread, count),
      readBy: (names: readonly string[]) =>
        fill(chat.readBy, { names: formatList(names, language) }),
      announced: (name: string, text: string): string => `${name}: ${text}`,
    },
    details: {
      ...details,
      plot: (name: string, value: string) => fill(details.plot, { name, value }),
    },
    files: {
      ...files,
      offered: (name: string, file: string) => fill(files.offered, { name, file }),
      progress: (done: number, total: number) =>
        fill(files.progress, {
          done: formatBytes(done, language),
          total: formatBytes(total, language),
        }),
      verifiedHint: (hash: string) => fill(files.verifiedHint, { hash }),
      to: named(files.to),
      card: about(files.card),
      progressOf: about(files.progressOf),
      pausedBy: named(files.pausedBy),
      left: (time: string) => fill(files.left, { time }),
      saved: about(files.saved),
      large: (limit: number) => fill(files.large, { limit: formatBytes(limit, language) }),
      gone: named(files.gone),
      arrived: about(files.arrived),
      delivered: about(files.delivered),
      notArrived: (file: string, reason: string) => fill(files.notArrived, { file, reason }),
    },
  };
}

export type Phrases = ReturnType<typeof phrasesOf>;

/**
 * What the page says. Importers see the language that is spoken now: texts are looked up when they
 * are shown, and never kept.
 */
export let t: Phrases = phrasesOf(en, 'en', false);

export function speak(words: Words, language: string, rtl: boolean): void {
  t = phrasesOf(words, language, rtl);
}
