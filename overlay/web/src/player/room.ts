import { playbackAddress } from '../shared/addresses.ts';
import { addressOf, fieldsOf, textOf } from '../shared/api.ts';
import { webURL } from '../shared/web-url.ts';

/** Asks the server for the state of a room: /c/room/ROOM.json. */

/** A latency class; `low` if the server does not say it. */
export type Latency = 'low' | 'balanced' | 'mass';

export interface Room {
  readonly live: boolean;
  /** Live, but its publisher is away and may be back. */
  readonly waiting: boolean;
  /** If waiting: for how many more seconds, at the time of the answer. */
  readonly awaySeconds: number | undefined;
  /** Not live, but its show has not ended and may go on. */
  readonly paused: boolean;
  /** Its media needs a signed address. */
  readonly guarded: boolean;
  readonly title: string;
  /** Id of the present or next show of the room; "": there is none. */
  readonly showId: string;
  /** How far behind live its viewers should play. */
  readonly latency: Latency;
  /** The rewind playlist; "": there is none. */
  readonly rewind: string;
  /** How far the rewind playlist reaches at most, in seconds. */
  readonly reach: number;
  /** When the broadcast began, in ms since 1970; 0: not known. */
  readonly since: number;
  /** The show that is planned next; undefined: there is none. */
  readonly next: { readonly show: string; readonly title: string; readonly date: number; readonly seconds: number } | undefined;
  /** Address of the recording of the last show, if there is one. */
  readonly replay: string;
}

/** Reads the answer; fields that are missing or have another type count as unknown. */
export function parseRoom(json: unknown, base: string): Room {
  const j = fieldsOf<'PublicRoom'>(json);
  const show = fieldsOf<'ShowBody'>(j.show); // from an older server, which described the show here
  const { seconds: away } = fieldsOf<'PublicAway'>(j.away);
  const { latency, rewind_seconds: reach } = j;
  const { show: planned, title, starts_at: starts, seconds } = fieldsOf<'PublicNext'>(j.next);
  const date = Date.parse(textOf(starts));
  return {
    live: j.live === true,
    waiting: j.waiting === true,
    awaySeconds: typeof away === 'number' && away >= 0 ? away : undefined,
    paused: j.paused === true,
    guarded: j.protected === true,
    title: textOf(j.show_title) || textOf(show.title) || textOf(j.title),
    showId: textOf(j.show),
    latency: latency === 'balanced' || latency === 'mass' ? latency : 'low',
    rewind: webURL(j.rewind, base),
    reach: typeof reach === 'number' && reach > 0 ? reach : 0,
    since: Date.parse(textOf(j.since)) || 0,
    next: date && typeof seconds === 'number' ? { show: textOf(planned), title: textOf(title), date, seconds } : undefined,
    replay: webURL(j.replay, base),
  };
}

/** A request that waits for five seconds at most, where the browser can say so. */
const ask = (url: string, signal: AbortSignal): Promise<Response> =>
  fetch(url, { credentials: 'omit', signal: AbortSignal.any?.([signal, AbortSignal.timeout(5000)]) ?? signal });

/** `undefined`: the server did not answer; `missing`: it answered that it has no such room. */
export async function askRoom(origin: string, room: string, signal: AbortSignal): Promise<Room | 'missing' | undefined> {
  const url = addressOf(origin, '/c/room/{file}', { file: `${room}.json` });
  try {
    const answer = await ask(url, signal);
    if (answer.status === 404) return 'missing';
    return answer.ok ? parseRoom(await answer.json(), url) : undefined;
  } catch {
    return undefined;
  }
}

/** A signed address of the room's stream, for our own pages: other sites may not read the answer. "": there is none. */
export async function askPlayback(origin: string, room: string, signal: AbortSignal): Promise<string> {
  const url = playbackAddress(origin, room);
  try {
    const answer = await ask(url, signal);
    return answer.ok ? webURL(((await answer.json()) as { url?: unknown }).url, url) : '';
  } catch {
    return '';
  }
}

/** Address of the first playlist that a multivariant playlist names; "": there is none. */
export function firstURI(text: string, base: string): string {
  const line = text.split(/\r?\n/).find((l) => l && !l.startsWith('#'));
  return text.startsWith('#EXTM3U') && line ? webURL(line, base) : '';
}

/** Requests the stream itself; "": there is none. */
export async function askStream(url: string, signal: AbortSignal): Promise<string> {
  try {
    const answer = await ask(url, signal);
    return answer.ok ? firstURI(await answer.text(), answer.url) : '';
  } catch {
    return '';
  }
}
