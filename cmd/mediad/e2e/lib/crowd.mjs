// Many low-latency viewers in one process. Each asks as hls.js does: the next
// part by _HLS_msn and _HLS_part, then the parts that it has not had, on
// connections of its own that are kept.
import { Agent, get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { sleep } from './mediad.mjs';

/** One answer as it came over the wire. */
export function ask(url, { agent, headers = {} } = {}) {
  return new Promise((ok, fail) => {
    const r = get(url, { agent, headers }, (res) => {
      const chunks = [];
      res.on('data', (c) => chunks.push(c));
      res.on('end', () => ok({ status: res.statusCode, headers: res.headers, body: Buffer.concat(chunks) }));
      res.on('error', fail);
    });
    r.on('error', fail);
  });
}

/** The text of a playlist's answer, whatever its encoding. */
export function text({ headers, body }) {
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
}

/** Where a media playlist ends: the next part to ask for, and the numbers of its parts with their durations. */
export function read(playlist) {
  let msn = 0, listed = 0, part = 0;
  const parts = [];
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) msn = Number(line.split(':')[1]);
    else if (line.startsWith('#EXT-X-PART:')) {
      part++;
      parts.push({ number: Number(line.match(/URI="p(\d+)\.ts"/)[1]), seconds: Number(line.match(/DURATION=([\d.]+)/)[1]) });
    } else if (line && !line.startsWith('#')) {
      listed++;
      part = 0;
    }
  }
  return { msn: msn + listed, part, parts };
}

class Viewer {
  constructor(playlist, n) {
    this.playlist = playlist;
    this.headers = n % 3 === 2 ? {} : { 'accept-encoding': ['gzip, deflate, br, zstd', 'gzip, deflate'][n % 3] };
    this.agent = new Agent({ keepAlive: true, maxSockets: 2 });
    this.got = [];
    this.seconds = 0; // of media
    this.statuses = {};
    this.stalls = 0;
  }

  async fetch(url) {
    const r = await ask(url, this);
    this.statuses[r.status] = (this.statuses[r.status] ?? 0) + 1;
    return r;
  }

  async watch(end) {
    let at = read(text(await this.fetch(this.playlist)));
    let next = at.parts.at(-4)?.number ?? at.parts[0].number; // PART-HOLD-BACK behind the end
    let began = 0; // when the first picture would have been, for it to be where it is now
    while (Date.now() < end) {
      for (const p of at.parts.filter((p) => p.number >= next)) {
        const r = await this.fetch(new URL(`p${p.number}.ts`, this.playlist).href);
        if (r.status !== 200 || r.body[0] !== 0x47 || r.body.length % 188) throw new Error(`part ${p.number}: ${r.status}, ${r.body.length} bytes`);
        this.got.push(p.number);
        this.seconds += p.seconds;
        next = p.number + 1;
        // With three parts the picture begins to move. One that has used up what was loaded stands still.
        if (this.got.length === 3) began = Date.now();
        else if (began && (Date.now() - began) / 1000 > this.seconds) {
          this.stalls++;
          began = Date.now() - this.seconds * 1000;
        }
      }
      const r = await this.fetch(`${this.playlist}?_HLS_msn=${at.msn}&_HLS_part=${at.part}`);
      if (r.status !== 200) throw new Error(`playlist ${at.msn}.${at.part}: ${r.status} ${r.body}`);
      at = read(text(r));
    }
    this.agent.destroy();
    return this;
  }
}

/** Lets n viewers watch for so many seconds, and tells what each of them saw. */
export async function crowd(playlist, n, seconds) {
  const end = Date.now() + seconds * 1000;
  return Promise.all(Array.from({ length: n }, async (_, i) => {
    await sleep(((i * 997) % 1000) / 1000); // they do not come all at once
    return new Viewer(playlist, i).watch(end);
  }));
}
