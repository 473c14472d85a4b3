import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Client } from 'openapi-fetch';
import type { paths } from '../../generated/api.ts';

const shortest = 1000; // ms between two tries
const longest = 15_000;

/** Hears of each change of a line-up with the present line of then, and with show "" that some may have been missed. */
type Changed = (show: string, rev: number, line: string) => void;

/** Follows a room until `stop`. */
export async function follow(client: Client<paths>, room: string, stop: AbortSignal, changed: Changed): Promise<void> {
  for (let wait = shortest; !stop.aborted; wait = Math.min(longest, wait * 2)) {
    try {
      const { response } = await client.GET('/api/v1/rooms/{room}/events', { params: { path: { room } }, parseAs: 'stream', signal: stop });
      if (response.status === 401 || response.status === 404) return;
      if (response.ok && response.body) {
        wait = shortest;
        changed('', 0, '');
        await hear(response.body, changed);
      }
    } catch {
      // The line is lost, or the page has gone on.
    }
    await new Promise((ok) => setTimeout(ok, wait));
  }
}

async function hear(body: ReadableStream<Uint8Array>, changed: Changed): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).pipeThrough(new EventSourceParserStream()).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (next.value.event !== 'lineup.changed') continue;
    const { show, event } = JSON.parse(next.value.data) as { show?: string; event?: { lineup?: { rev?: number; line?: string } } };
    if (show) changed(show, event?.lineup?.rev ?? 0, event?.lineup?.line ?? '');
  }
}
