import { EventSourceParserStream } from 'eventsource-parser/stream';
import { addressOf } from '../shared/api.ts';
import { home } from '../shared/server.ts';
import { credentialsOf, headersOf, type Access } from '../shared/access.ts';

/** The room's server-sent events. The browser's own EventSource cannot send a token as a header. */

export interface Said {
  readonly kind: string;
  readonly id: string;
  readonly data: unknown;
}

/** Why a line ended: `refused` is about the token, or the sign-in; `unknown`: there is no such room, or none for who is here. */
export type Ending = 'refused' | 'unknown' | 'lost';

const silence = 40_000; // ms: the server says something every 15 s

/** Follows a room behind an event (`after`; "": from now on) until the line ends. `open` is called when it stands. */
export async function follow(room: string, access: Access, after: string, stop: AbortSignal, open: () => void, hear: (said: Said) => void): Promise<Ending> {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), silence);
  try {
    const answer = await fetch(addressOf(home, '/api/v1/rooms/{room}/events', { room }), {
      headers: { ...headersOf(access), ...(after && { 'Last-Event-ID': after }) }, credentials: credentialsOf(access), cache: 'no-store', signal: either(stop, quiet.signal),
    });
    if (!answer.ok || !answer.body) return answer.status === 401 ? 'refused' : answer.status === 403 || answer.status === 404 ? 'unknown' : 'lost';
    open();
    const heard = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, out) {
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), silence);
        out.enqueue(bytes);
      },
    });
    const events = answer.body.pipeThrough(heard).pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).pipeThrough(new EventSourceParserStream()).getReader();
    for (;;) {
      const { done, value } = await events.read();
      if (done) return 'lost';
      const data = json(value.data);
      if (data !== undefined) hear({ kind: value.event ?? '', id: value.id ?? '', data });
    }
  } catch {
    return 'lost';
  } finally {
    clearTimeout(timer);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** AbortSignal.any, which browsers of 2023 and the browser within OBS may lack. */
function either(...signals: AbortSignal[]): AbortSignal {
  const all = new AbortController();
  for (const s of signals) {
    if (s.aborted) all.abort();
    s.addEventListener('abort', () => all.abort(), { once: true, signal: all.signal });
  }
  return all.signal;
}
