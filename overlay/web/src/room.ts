/** Asks the server how a room stands: /c/room/ROOM.json. */

export interface Room {
  readonly live: boolean;
  /** Live, but its publisher is away and may be back. */
  readonly waiting: boolean;
  readonly title: string;
  /** Id of the show that the room is in or comes to; "" where there is none. */
  readonly showId: string;
  /** The playlist to go back in; "" where there is none. */
  readonly rewind: string;
  /** How far it reaches at most, in seconds. */
  readonly reach: number;
  /** When the broadcast began, in ms since 1970; 0 while not known. */
  readonly since: number;
  /** Address of the recording of the last show, if there is one. */
  readonly replay: string;
}

/** Reads the answer; what is missing or of another type counts as not said. */
export function parseRoom(json: unknown, base: string): Room {
  const j = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const text = (v: unknown): string => (typeof v === 'string' ? v : '');
  const show = (typeof j['show'] === 'object' && j['show'] !== null ? j['show'] : {}) as Record<string, unknown>;
  const reach = j['rewind_seconds'];
  return {
    live: j['live'] === true, waiting: j['waiting'] === true, title: text(show['title']) || text(j['title']), replay: webURL(j['replay'], base),
    showId: text(j['show']), rewind: webURL(j['rewind'], base), reach: typeof reach === 'number' && reach > 0 ? reach : 0, since: Date.parse(text(j['since'])) || 0,
  };
}

/** An http(s) address made absolute, or "". Nothing else may become a link, a picture or a source. */
export function webURL(value: unknown, base: string): string {
  if (typeof value !== 'string' || !value) return '';
  try {
    const url = new URL(value, base);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : '';
  } catch {
    return '';
  }
}

/** `undefined`: the server did not answer; `missing`: it answered that it has no such room. */
export async function askRoom(origin: string, room: string, signal: AbortSignal): Promise<Room | 'missing' | undefined> {
  const url = `${origin}/c/room/${encodeURIComponent(room)}.json`;
  try {
    const answer = await fetch(url, { credentials: 'omit', signal: AbortSignal.any?.([signal, AbortSignal.timeout(5000)]) ?? signal });
    if (answer.status === 404) return 'missing';
    return answer.ok ? parseRoom(await answer.json(), url) : undefined;
  } catch {
    return undefined;
  }
}

/** Address of the first playlist that a multivariant playlist names; "" when there is none. */
export function firstURI(text: string, base: string): string {
  const line = text.split(/\r?\n/).find((l) => l && !l.startsWith('#'));
  return text.startsWith('#EXTM3U') && line ? webURL(line, base) : '';
}

/** Asks the stream itself; "" while there is none. */
export async function askStream(url: string, signal: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(url, { credentials: 'omit', signal: AbortSignal.any?.([signal, AbortSignal.timeout(5000)]) ?? signal });
    return answer.ok ? firstURI(await answer.text(), answer.url) : '';
  } catch {
    return '';
  }
}
