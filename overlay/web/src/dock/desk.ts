import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { clientWith } from '../shared/client.ts';
import { parseHealth, type Health } from '../shared/health.ts';
import { listOf, textOf } from '../shared/api.ts';
import { home } from '../shared/server.ts';
import { empty, extended, type Trace } from '../shared/trace.ts';
import { parseItem, parseLines, type Item } from './item.ts';
import { follow, type Said } from './line.ts';
import { pinnedIn, told, toldOf, type Told } from './told.ts';
import { forget, keep, tokenOf } from './token.ts';

export const patience = 5000; // ms for an answer
const everyHealth = 2000; // ms
const everyList = 5000; // ms: a change of a product that is not pinned makes no event
const pages = 5; // of the catalogue, 100 products each
const longest = 5000; // ms between two attempts to come back
const remembered = 50; // events
export const shownSeconds = 600; // of the charts

/** `ask`: without a token; `wrong`: it is refused; `revoked`: it was accepted before; `unknown`: there is no such room; `lost`: what the page shows is old. */
export type State = 'ask' | 'wrong' | 'revoked' | 'joining' | 'unknown' | 'sync' | 'lost';

/** `before`: nothing has been on air in this show. */
export type Phase = 'before' | 'live' | 'away' | 'ended';

/** What the dock knows of its room, and the line by which it knows it. What people do is in Deeds. */
export class Desk implements ReactiveController {
  /** The name that this page sends with its requests: by it the server's events tell what it did itself. */
  readonly page = crypto.getRandomValues(new Uint32Array(4)).join('-');
  state: State = 'ask';
  token = '';
  health: Health | undefined;
  /** When the room's latest show ended; undefined: it has not. */
  ended: Date | undefined;
  /** The show that is on air, or the next; "": there is none. */
  show = '';
  /** The order in which products come: the show's line-up, or else the catalogue's. */
  order: readonly Item[] = [];
  /** The products of the catalogue that are not in that order. */
  others: readonly Item[] = [];
  /** The line-up's revision and present line; undefined: the show has none. */
  lineup: { readonly rev: number; readonly line: string } | undefined;
  /** Oldest first, as in the stream. */
  pinned: readonly Item[] = [];
  /** Newest first. */
  told: readonly Told[] = [];
  viewers: Trace = empty;
  clicks: Trace = empty;
  /** The product that is shown, or was shown last. */
  cursor = '';
  /** When the next attempt to come back is made, in ms since 1970. */
  retryAt = 0;

  private skew = 0; // by how many ms the server's clock is ahead
  readonly known = new Map<string, Item>(); // the catalogue
  private greeted = false; // the line has said what is pinned
  private lastID = '';
  private attempts = 0;
  private stop = new AbortController(); // ends the line
  private wake: () => void = () => {};
  private readonly due = new Map<string, ReturnType<typeof setTimeout>>(); // what is read again, and when

  constructor(private readonly host: ReactiveControllerHost, readonly room: string) {
    host.addController(this);
  }

  hostConnected(): void {
    this.token = tokenOf(new URL(location.href), sessionStorage, (url) => history.replaceState(null, '', url));
    addEventListener('online', this.now);
    addEventListener('offline', this.offline);
    document.addEventListener('visibilitychange', this.seen);
    if (this.token) void this.run();
  }

  hostDisconnected(): void {
    removeEventListener('online', this.now);
    removeEventListener('offline', this.offline);
    document.removeEventListener('visibilitychange', this.seen);
    this.token = '';
    this.end();
    this.wake();
  }

  /** Whether there is a token that the server has not refused. */
  get admitted(): boolean {
    return this.state !== 'ask' && this.state !== 'wrong' && this.state !== 'revoked';
  }

  /** Nothing can be done now. */
  get locked(): boolean {
    return this.state !== 'sync';
  }

  get phase(): Phase {
    if (this.health?.live) return this.health.waiting ? 'away' : 'live';
    return this.ended ? 'ended' : 'before';
  }

  /** The server's time, in ms since 1970. */
  serverNow(): number {
    return Date.now() + this.skew;
  }

  enter(token: string): void {
    keep(token, sessionStorage);
    this.token = token;
    void this.run();
  }

  /** Forgets the token. */
  leave(state: 'ask' | 'wrong' | 'revoked'): void {
    forget(sessionStorage);
    this.token = '';
    this.end();
    this.wake();
    Object.assign(this, { health: undefined, show: '', order: [], others: [], lineup: undefined, pinned: [], told: [], lastID: '', cursor: '', viewers: empty, clicks: empty });
    this.known.clear();
    this.set(state);
  }

  /** The line is lost: what the page shows is old from now on. */
  lose(): void {
    if (!this.admitted) return;
    this.end();
    this.set('lost');
  }

  /** Reads the products again, because somebody else has changed one. */
  refresh(): void {
    void this.list();
  }

  /** Does not wait for the next attempt. */
  readonly now = (): void => this.wake();

  private readonly offline = (): void => this.lose();

  private readonly seen = (): void => {
    if (!document.hidden && this.state === 'sync') void this.look();
  };

  private set(state: State): void {
    this.state = state;
    this.host.requestUpdate();
  }

  private end(): void {
    this.stop.abort();
    this.due.forEach((timer) => clearTimeout(timer));
    this.due.clear();
  }

  /** Holds the line as long as there is a token. */
  private async run(): Promise<void> {
    const token = this.token;
    this.attempts = 0;
    this.set('joining');
    while (token && token === this.token) {
      const stop = (this.stop = new AbortController());
      this.greeted = false;
      const ending = await follow(this.room, token, this.lastID, stop.signal, () => void this.join(stop.signal), (said) => this.hear(said));
      if (token !== this.token) return;
      if (ending === 'refused') return this.leave(this.state === 'joining' ? 'wrong' : 'revoked');
      this.end();
      this.set(ending === 'unknown' ? 'unknown' : 'lost');
      const wait = Math.min(longest, 500 * 2 ** this.attempts++);
      this.retryAt = Date.now() + wait;
      await new Promise<void>((ok) => {
        this.wake = ok;
        setTimeout(ok, wait);
      });
    }
  }

  /** Reads all that the line does not say. */
  private async join(stop: AbortSignal): Promise<void> {
    const read = (await this.look()) && (await this.list()); // the room names the show whose line-up it is
    if (stop.aborted) return;
    if (!read) return this.lose();
    this.settle();
  }

  private settle(): void {
    if (this.stop.signal.aborted || !this.health || this.state === 'sync' || this.health.clicks !== undefined && !this.greeted) return;
    if (!this.greeted) this.pinned = []; // there is no show, so nothing is pinned
    this.attempts = 0;
    this.set('sync');
  }

  private hear(said: Said): void {
    if (said.id) this.lastID = said.id;
    const cards = pinnedIn(said);
    if (cards) {
      this.pinned = cards.map((c) => parseItem(c, home, this.known.get(textOf((c as { id?: unknown } | null)?.id)))).filter((p) => p !== undefined);
      this.cursor = this.pinned.at(-1)?.id ?? this.cursor;
      for (const p of this.pinned) if (!this.known.has(p.id)) void this.fetchItem(p.id);
    }
    const news = toldOf(said, (id) => this.pinned.find((p) => p.id === id) ?? this.known.get(id));
    if (news) this.told = told(this.told, news).slice(0, remembered);
    if (news?.kind === 'update') void this.fetchItem(news.product);
    if (news?.kind === 'lineup') void this.list();
    if (said.kind === 'state') this.greeted = true;
    if (said.kind === 'health' || said.kind === 'publisher' || said.kind.startsWith('show.')) void this.look();
    this.settle();
    this.host.requestUpdate();
  }

  /** Notes a product of the catalogue; its newest revision counts. */
  learn(json: unknown): Item | undefined {
    const read = parseItem(json, home);
    const known = read && this.known.get(read.id);
    const p = known && known.rev > read.rev ? known : read;
    if (!p) return undefined;
    this.known.set(p.id, p);
    const newer = (all: readonly Item[]): readonly Item[] => all.map((q) => (q.id === p.id && !q.line ? p : q));
    this.order = newer(this.order);
    this.others = newer(this.others);
    this.pinned = this.pinned.map((q) => (q.id === p.id ? { ...q, image: p.image } : q));
    return p;
  }

  private async fetchItem(product: string): Promise<void> {
    const got = await this.read(() => clientWith(this.token).GET('/api/v1/products/{product}', { params: { path: { product } }, signal: AbortSignal.timeout(patience) }));
    if (got) this.learn(got);
    this.host.requestUpdate();
  }

  /** Reads the room; whether that worked. */
  private async look(): Promise<boolean> {
    const { signal } = this.stop;
    const client = clientWith(this.token);
    const path = { room: this.room };
    const got = await this.read(() => client.GET('/api/v1/rooms/{room}', { params: { path }, signal: AbortSignal.timeout(patience) }));
    if (signal.aborted) return false;
    if (!got) {
      this.lose();
      return false;
    }
    this.health = parseHealth(got);
    this.show = textOf(got.show?.id);
    if (!this.health.live) {
      const shows = await this.read(() => client.GET('/api/v1/rooms/{room}/shows', { params: { path, query: { limit: 1 } }, signal: AbortSignal.timeout(patience) }));
      if (signal.aborted) return false;
      const [latest] = listOf<'StoredShow'>(shows?.items);
      const at = new Date(latest?.state === 'ended' ? textOf(latest.ended) : '');
      this.ended = this.health.clicks !== undefined || Number.isNaN(at.getTime()) ? undefined : at;
      if (this.ended) this.pinned = []; // a show's end takes all down
    } else this.ended = undefined;
    const time = Date.now() / 1000;
    this.viewers = extended(this.viewers, time, this.health.live ? this.health.viewers : null, shownSeconds);
    this.clicks = extended(this.clicks, time, this.health.clicks ?? null, shownSeconds);
    this.again('look', everyHealth, () => this.look());
    this.host.requestUpdate();
    return true;
  }

  /** Reads the order of products; whether that worked. */
  private async list(): Promise<boolean> {
    const { signal } = this.stop;
    const items: Item[] = [];
    for (let cursor: string | undefined, n = 0; n < pages && (n === 0 || cursor); n++) {
      const query = { limit: 100, ...(cursor ? { cursor } : {}) };
      const got = await this.read(() => clientWith(this.token).GET('/api/v1/products', { params: { query }, signal: AbortSignal.timeout(patience) }));
      if (signal.aborted || !got) return false;
      for (const json of got.items ?? []) {
        const p = this.learn(json);
        if (p) items.push(p);
      }
      cursor = got.next;
    }
    const lines = await this.lines();
    if (signal.aborted || !lines) return false;
    this.order = lines.length ? lines : items;
    this.others = lines.length ? items.filter((p) => !lines.some((l) => l.id === p.id)) : [];
    this.again('list', everyList, async () => (await this.list()) || this.lose());
    this.host.requestUpdate();
    return true;
  }

  /** Reads the show's line-up; empty: it has none; undefined: that is not known. */
  private async lines(): Promise<Item[] | undefined> {
    const { show } = this;
    const got = show && await this.read(() => clientWith(this.token).GET('/api/v1/shows/{show}/lineup', { params: { path: { show } }, signal: AbortSignal.timeout(patience) }));
    if (show && !got) return undefined; // what stood there stays: next must not go on in the catalogue
    const lines = got ? parseLines(got.items, home) : [];
    this.lineup = got && lines.length ? { rev: got.rev, line: textOf(got.line) } : undefined;
    return lines;
  }

  /** Does something again later, while the line stands; a page that nobody sees waits. */
  private again(what: string, after: number, act: () => Promise<unknown>): void {
    clearTimeout(this.due.get(what));
    const timer = setTimeout(() => (document.hidden ? this.again(what, after, act) : void act()), after);
    this.due.set(what, timer);
  }

  /** What an answer says; undefined: there is none. A refusal of the token ends the session. */
  private async read<T>(ask: () => Promise<{ data?: T; response: Response }>): Promise<T | undefined> {
    const { token } = this;
    try {
      const { data, response } = await ask();
      if (token === this.token && response.status === 401) this.leave(this.state === 'joining' ? 'wrong' : 'revoked');
      const skew = Date.parse(response.headers.get('date') ?? '') - Date.now();
      if (Math.abs(skew - this.skew) > 1500) this.skew = skew; // the header has whole seconds: what is less is no difference
      return data;
    } catch {
      return undefined;
    }
  }
}
