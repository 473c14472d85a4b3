import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { parseHealth, type Health } from '../shared/health.ts';
import { listOf, textOf, type Schemas } from '../shared/api.ts';
import { may } from '../shared/may.ts';
import { home } from '../shared/server.ts';
import { empty, extended, type Trace } from '../shared/trace.ts';
import { clientOf, signedIn, signOut, type Access } from '../shared/access.ts';
import { Finder } from './finder.ts';
import { parseItem, parseLines, type Item } from './item.ts';
import { follow, type Said } from './line.ts';
import { whole } from './pages.ts';
import { changeOf, editsIn, lineIn, pinnedIn, showOf, told, toldOf, type Told } from './told.ts';
import { pastOf, recalled } from './past.ts';
import { forget, keep, tokenOf } from './token.ts';

export const patience = 5000; // ms for an answer
const everyHealth = 2000; // ms
const everyList = 30_000; // ms: events tell of changes; this is for those that no event tells of
const everyUnits = 4000; // ms
const pages = 5; // of the catalogue, 100 products each
const longest = 5000; // ms between two attempts to come back
const remembered = 50; // events
const fewNews = 5; // products that are read one by one
export const shownSeconds = 600; // of the charts

/** `looking`: whether somebody is signed in; `ask`: nobody is; `wrong`: the token is refused; `revoked`: it was accepted before; `over`: a sign-in is; `barred`: there is no such room for who is here; `unknown`: it is gone; `lost`: what the page shows is old. */
export type State = 'looking' | 'ask' | 'over' | 'wrong' | 'revoked' | 'barred' | 'joining' | 'unknown' | 'sync' | 'lost';

/** `before`: nothing has been on air in this show; `away`: its publisher is waited for; `paused`: its broadcast has ended, and the show has not. */
export type Phase = 'before' | 'live' | 'away' | 'paused' | 'ended';

/** What the dock knows of its room, and the line by which it knows it. What people do is in Deeds. */
export class Desk implements ReactiveController {
  /** The name that this page sends with its requests: by it the server's events tell what it did itself. */
  readonly page = crypto.getRandomValues(new Uint32Array(4)).join('-');
  state: State = 'looking';
  access: Access | undefined;
  health: Health | undefined;
  /** When the room's latest show ended; undefined: it has not. */
  ended: Date | undefined;
  /** That show. */
  former = '';
  /** The show that is planned next, however far away. */
  next: Pick<Schemas['ShowBody'], 'id' | 'title' | 'starts_at' | 'rehearsal'> | undefined;
  /** The show that is on air, or that a broadcast would take now; "": there is none. */
  show = '';
  /** It is private. */
  rehearsal = false;
  /** Its broadcast has ended; it goes on, or it ends at that time. */
  paused: { readonly until: Date | undefined } | undefined;
  /** By how much the room's cards are held back, and whether that is its own. */
  delay = { seconds: 0, own: false };
  /** The address of the picture. */
  playback = '';
  /** The order in which products come: the show's line-up, or else the catalogue's. */
  order: readonly Item[] = [];
  /** What a search finds beyond that order. */
  readonly finder = new Finder((text) => this.findAll(text), () => this.host.requestUpdate());
  /** The line-up's revision and present line; undefined: the show has none. */
  lineup: { readonly rev: number; readonly line: string } | undefined;
  /** The units of products that the show may sell. */
  units: readonly Schemas['Allocation'][] = [];
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
  /** Hears what viewers write. */
  overhear: ((said: Said) => void) | undefined;

  private skew = 0; // by how many ms the server's clock is ahead
  readonly known = new Map<string, Item>(); // the catalogue
  private priced = new Map<string, number>(); // the price of each product in this show, as it was told last
  private past = { show: '', pos: 0 }; // what the log was read up to
  private greeted = false; // the line has said what is pinned
  private lastID = '';
  private attempts = 0;
  private org = ''; // whose room it is
  private roles: Schemas['MeBody']['roles'] | undefined; // of who is here
  private been = false; // the room was there for who is here
  private stop = new AbortController(); // ends the line
  private wake: () => void = () => {};
  private readonly due = new Map<string, ReturnType<typeof setTimeout>>(); // what is read again, and when

  constructor(private readonly host: ReactiveControllerHost, readonly room: string) {
    host.addController(this);
  }

  hostConnected(): void {
    const token = tokenOf(new URL(location.href), sessionStorage, (url) => history.replaceState(null, '', url));
    this.access = token ? { token } : undefined;
    addEventListener('online', this.now);
    addEventListener('offline', this.offline);
    document.addEventListener('visibilitychange', this.seen);
    void (this.access ? this.run() : this.lookForSession());
  }

  hostDisconnected(): void {
    removeEventListener('online', this.now);
    removeEventListener('offline', this.offline);
    document.removeEventListener('visibilitychange', this.seen);
    this.access = undefined;
    this.finder.stop();
    this.end();
    this.wake();
  }

  /** Whether there is a token, or a sign-in, that the server has not refused. */
  get admitted(): boolean {
    return !['looking', 'ask', 'wrong', 'revoked', 'over', 'barred'].includes(this.state);
  }

  /** Nothing can be done now. */
  get locked(): boolean {
    return this.state !== 'sync';
  }

  get phase(): Phase {
    if (this.health?.live) return this.health.waiting ? 'away' : 'live';
    return this.paused ? 'paused' : this.ended ? 'ended' : 'before';
  }

  /** Whether who is here may end shows and change the room. The server has the last word. */
  get mayRun(): boolean {
    return may(this.roles, 'run', this.org, this.room);
  }

  /** Whether they may show products and change the run of show. What is not known yet is not forbidden. */
  get maySell(): boolean {
    return !this.roles || may(this.roles, 'sell', this.org, this.room);
  }

  /** Whether they may change a product: only its seller's people may. */
  mayChange(p: Item): boolean {
    return !this.roles || may(this.roles, 'goods', p.org || this.org);
  }

  /** Whether they may change a price: in the run of show it is the line's. */
  mayPrice(p: Item): boolean {
    return this.maySell && (this.order.some((q) => q.id === p.id && q.line) || this.mayChange(p));
  }

  /** Who sells a product, where that is not the room's own organisation; "": it is. */
  sellerOf(p: Item): string {
    return p.org === this.org ? '' : p.seller;
  }

  /** There is a show that can end, and who is here may end it. */
  get mayEnd(): boolean {
    return this.phase !== 'before' && this.phase !== 'ended' && this.mayRun;
  }

  /** The server's time, in ms since 1970. */
  serverNow(): number {
    return Date.now() + this.skew;
  }

  /** The products of a search that are not in the order. */
  get others(): readonly Item[] {
    return this.finder.found.filter((p) => !this.order.some((q) => q.id === p.id));
  }

  /** The API, as who is here. */
  client(): ReturnType<typeof clientOf> {
    return clientOf(this.access ?? { token: '' }, this.page);
  }

  /** Goes on with a token, or with a sign-in. */
  enter(access: Access): void {
    if (access.token) keep(access.token, sessionStorage);
    this.access = access;
    void this.run();
  }

  private async lookForSession(): Promise<void> {
    const access = await signedIn();
    if (this.state !== 'looking') return;
    if (access) this.enter(access);
    else this.set('ask');
  }

  /** Forgets the token, or signs out. */
  forget(): void {
    const { access } = this;
    if (access && access.token === undefined) void signOut(access);
    this.leave('ask');
  }

  /** The server refuses the token, or the sign-in. */
  refused(): void {
    this.leave(this.access?.token === undefined ? 'over' : this.state === 'joining' ? 'wrong' : 'revoked');
  }

  private leave(state: State): void {
    forget(sessionStorage);
    this.access = undefined;
    this.end();
    this.wake();
    this.finder.search('');
    Object.assign(this, { health: undefined, next: undefined, show: '', paused: undefined, roles: undefined, order: [], lineup: undefined, pinned: [], told: [], past: { show: '', pos: 0 }, lastID: '', cursor: '', viewers: empty, clicks: empty });
    this.known.clear();
    this.set(state);
  }

  /** The line is lost: what the page shows is old from now on. */
  lose(): void {
    if (!this.admitted) return;
    this.end();
    this.set('lost');
  }

  /** Reads the products again, because somebody else has changed one, and who did. A product without a line is read by itself. */
  async refresh(product = ''): Promise<void> {
    await Promise.all([this.list(), this.recall(), this.known.has(product) && !this.order.some((p) => p.id === product && p.line) && this.fetchItem(product)]);
  }

  /** Who else has done such a thing last; undefined: nobody whom the server knows. */
  whoElse(did: (t: Told) => boolean): string | undefined {
    return this.told.find((t) => t.by && t.by.page !== this.page && did(t))?.by?.name;
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

  /** Holds the line as long as somebody may. */
  private async run(): Promise<void> {
    const { access } = this;
    this.attempts = 0;
    this.been = false;
    this.set('joining');
    while (access && access === this.access) {
      const stop = (this.stop = new AbortController());
      this.greeted = false;
      const ending = await follow(this.room, access, this.lastID, stop.signal, () => void this.join(stop.signal), (said) => this.hear(said));
      if (access !== this.access) return;
      if (ending === 'refused') return this.refused();
      this.end();
      if (ending === 'unknown' && !this.been) return this.set('barred');
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
    const me = this.read(() => this.client().GET('/api/v1/me', { signal: AbortSignal.timeout(patience) }));
    const read = (await this.look()) && (await this.list()); // the room names the show whose line-up it is
    this.roles = (await me)?.roles ?? this.roles;
    if (stop.aborted) return;
    void this.recall();
    if (!read) return this.lose();
    this.settle();
  }

  private settle(): void {
    if (this.stop.signal.aborted || !this.health || this.state === 'sync' || this.health.clicks !== undefined && !this.greeted) return;
    if (!this.greeted) this.pinned = []; // there is no show, so nothing is pinned
    this.attempts = 0;
    this.been = true;
    this.set('sync');
  }

  private hear(said: Said): void {
    if (said.kind.startsWith('chat.')) return this.overhear?.(said);
    if (said.id) this.lastID = said.id;
    const of = showOf(said);
    if (of) this.belongTo(of);
    const before = this.pinned;
    const cards = pinnedIn(said);
    if (cards) {
      this.pinned = cards.map((c) => parseItem(c, home, this.known.get(textOf((c as { id?: unknown } | null)?.id)))).filter((p) => p !== undefined);
      this.cursor = this.pinned.at(-1)?.id ?? this.cursor;
      for (const p of this.pinned) if (!this.known.has(p.id)) void this.fetchItem(p.id);
    }
    const news = toldOf(said, (id) => [...before, ...this.pinned].find((p) => p.id === id) ?? this.known.get(id), this.priced);
    if (news && !(news.show === this.past.show && news.pos <= this.past.pos)) this.told = told(this.told, news).slice(0, remembered);
    if (news?.kind === 'update') void this.fetchItem(news.product);
    if (news?.kind === 'lineup') {
      const at = lineIn(said);
      if (this.lineup?.rev === at.rev) this.lineup = { rev: at.rev, line: at.line }; // a step: the order is as it was
    }
    if (said.kind === 'lineup.changed' && news) void this.list().then(() => this.order.forEach((p) => p.line && this.priced.set(p.id, p.price)));
    if (said.kind === 'products') void this.learnNews(said);
    if (said.kind === 'state') this.greeted = true;
    if (said.kind === 'health' || said.kind === 'publisher' || said.kind.startsWith('show.')) void this.look();
    this.settle();
    this.host.requestUpdate();
  }

  /** Reads what was done in the show before this page came, or while its line was lost. */
  private async recall(): Promise<void> {
    const show = this.show || this.former;
    const { signal } = this.stop;
    const got = show && await this.read(() => this.client().GET('/api/v1/shows/{show}/events', { params: { path: { show }, query: { limit: remembered } }, signal: AbortSignal.timeout(patience) }));
    if (!got || signal.aborted || show !== (this.show || this.former)) return;
    const past = pastOf(got.items, (id) => this.known.get(id));
    await Promise.all(past.unknown.slice(0, fewNews).map((id) => this.fetchItem(id)));
    this.told = recalled(this.told, pastOf(got.items, (id) => this.known.get(id)).told, show, past.pos).slice(0, remembered);
    this.past = { show, pos: past.pos };
    this.host.requestUpdate();
  }

  /** Notes a product of the catalogue; its newest revision counts. */
  learn(json: unknown): Item | undefined {
    const read = parseItem(json, home);
    const known = read && this.known.get(read.id);
    const p = known && known.rev > read.rev ? known : read && { ...read, seller: read.seller || (known?.seller ?? '') }; // an answer about one product may not name it
    if (!p) return undefined;
    this.known.set(p.id, p);
    const newer = (all: readonly Item[]): readonly Item[] => all.map((q) => (q.id === p.id && !q.line ? p : q));
    this.order = newer(this.order);
    this.finder.learn(p);
    this.pinned = this.pinned.map((q) => (q.id === p.id ? { ...q, image: p.image, org: p.org, seller: p.seller } : q));
    return p;
  }

  private async fetchItem(product: string): Promise<Item | undefined> {
    const got = await this.read(() => this.client().GET('/api/v1/products/{product}', { params: { path: { product } }, signal: AbortSignal.timeout(patience) }));
    const item = got ? this.learn(got) : undefined;
    this.host.requestUpdate();
    return item;
  }

  /** Finds a product by its SKU; undefined: there is none. */
  async bySku(sku: string): Promise<Item | undefined> {
    const has = (p: Item): boolean => p.sku === sku;
    return this.order.find(has) ?? [...this.known.values()].find(has) ?? this.fetchItem(sku);
  }

  /** Reads what changed in the catalogue, and tells of it where no other event does. */
  private async learnNews(said: Said): Promise<void> {
    const edits = editsIn(said);
    if (!edits || edits.length > fewNews || edits.some((e) => !this.known.has(e.product) || this.order.some((p) => p.id === e.product && p.line))) {
      this.finder.again();
      await this.list();
    }
    for (const e of edits?.slice(0, fewNews) ?? []) {
      const was = this.known.get(e.product);
      const now = this.pinned.some((p) => p.id === e.product) ? undefined : await this.fetchItem(e.product);
      if (now && e.by && (!was || was.rev < now.rev)) this.told = told(this.told, { ...changeOf(was, now), by: e.by, at: new Date(this.serverNow()) }).slice(0, remembered);
    }
    this.host.requestUpdate();
  }

  /** Finds products by the server's index. */
  private async findAll(q: string): Promise<readonly Item[] | undefined> {
    const got = await this.read(() => this.client().GET('/api/v1/products', { params: { query: { q, org: this.org, limit: 50 } }, signal: AbortSignal.timeout(patience) }));
    return got?.items?.flatMap((json) => this.learn(json) ?? []);
  }

  /** Reads the room; whether that worked. */
  private async look(): Promise<boolean> {
    const { signal } = this.stop;
    const client = this.client();
    const path = { room: this.room };
    const got = await this.read(() => client.GET('/api/v1/rooms/{room}', { params: { path }, signal: AbortSignal.timeout(patience) }));
    if (signal.aborted) return false;
    if (!got) {
      this.lose();
      return false;
    }
    this.health = parseHealth(got);
    this.org = got.org;
    this.paused = got.show?.state === 'paused' ? { until: got.show.until ? new Date(got.show.until) : undefined } : undefined;
    this.next = got.show?.state === 'planned' && got.show.starts_at ? got.show : got.next_show;
    this.rehearsal = got.show?.rehearsal === true;
    this.belongTo(textOf(got.show?.id));
    this.delay = { seconds: got.cue_delay, own: got.cue_delay_own };
    this.playback = textOf(got.playback);
    if (!this.health.live) {
      const shows = await this.read(() => client.GET('/api/v1/rooms/{room}/shows', { params: { path, query: { limit: 1 } }, signal: AbortSignal.timeout(patience) }));
      if (signal.aborted) return false;
      const [latest] = listOf<'StoredShow'>(shows?.items);
      const at = new Date(latest?.state === 'ended' ? textOf(latest.ended) : '');
      this.ended = this.health.clicks !== undefined || Number.isNaN(at.getTime()) ? undefined : at;
      this.former = textOf(latest?.id);
      if (this.ended) Object.assign(this, { pinned: [], cursor: '' }); // a show's end takes all down
    } else this.ended = undefined;
    const time = Date.now() / 1000;
    this.viewers = extended(this.viewers, time, this.health.live ? this.health.viewers : null, shownSeconds);
    this.clicks = extended(this.clicks, time, this.health.clicks ?? null, shownSeconds);
    this.again('look', everyHealth, () => this.look());
    this.host.requestUpdate();
    return true;
  }

  /** Notes which show it is. What belongs to another one goes: the next product of that show is not the next of this one. */
  private belongTo(show: string): void {
    if (show === this.show) return;
    this.show = show;
    this.lineup = undefined;
    this.units = [];
    this.priced = new Map();
    this.cursor = this.pinned.at(-1)?.id ?? '';
    this.clicks = empty;
    if (this.state === 'sync') void this.list().then(() => this.recall());
  }

  /** Reads the order of products; whether that worked. */
  private async list(): Promise<boolean> {
    const { signal } = this.stop;
    const lines = await this.lines();
    const order = lines?.length ? lines : lines && await this.catalogue(signal);
    if (signal.aborted || !order) return false;
    this.order = order;
    void this.count();
    this.again('list', everyList, async () => (await this.list()) || this.lose());
    this.host.requestUpdate();
    return true;
  }

  /** Reads how many units are left: while there are some, buyers take them all the time. */
  private async count(): Promise<void> {
    const { show, stop: { signal } } = this;
    const got = show && await whole((query) => this.read(() => this.client().GET('/api/v1/shows/{show}/allocations', { params: { path: { show }, query }, signal: AbortSignal.timeout(patience) })));
    if (signal.aborted || show !== this.show) return;
    if (got) this.units = got;
    if (this.units.length) this.again('units', everyUnits, () => this.count());
    this.host.requestUpdate();
  }

  /** Reads the first products of the catalogue, which are the order where a show has no other. A search finds them all. */
  private async catalogue(stop: AbortSignal): Promise<Item[] | undefined> {
    const items: Item[] = [];
    for (let cursor: string | undefined, n = 0; n < pages && (n === 0 || cursor); n++) {
      const query = { org: this.org, limit: 100, ...(cursor ? { cursor } : {}) };
      const got = await this.read(() => this.client().GET('/api/v1/products', { params: { query }, signal: AbortSignal.timeout(patience) }));
      if (stop.aborted || !got) return undefined;
      items.push(...(got.items ?? []).flatMap((json) => this.learn(json) ?? []));
      cursor = got.next;
    }
    return items;
  }

  /** Reads the show's line-up; empty: it has none; undefined: that is not known. */
  private async lines(): Promise<Item[] | undefined> {
    const { show } = this;
    const got = show && await this.read(() => this.client().GET('/api/v1/shows/{show}/lineup', { params: { path: { show } }, signal: AbortSignal.timeout(patience) }));
    if (show && !got) return undefined; // what stood there stays: next must not go on in the catalogue
    const lines = got ? parseLines(got.items, home) : [];
    for (const { line, ...p } of lines) if (line.rev >= (this.known.get(p.id)?.rev ?? 0)) this.known.set(p.id, { ...p, rev: line.rev });
    for (const p of lines) if (!this.priced.has(p.id)) this.priced.set(p.id, p.price);
    this.lineup = got && lines.length ? { rev: got.rev, line: textOf(got.line) } : undefined;
    return lines;
  }

  /** Does something again later, while the line stands; a page that nobody sees waits. */
  private again(what: string, after: number, act: () => Promise<unknown>): void {
    clearTimeout(this.due.get(what));
    const timer = setTimeout(() => (document.hidden ? this.again(what, after, act) : void act()), after);
    this.due.set(what, timer);
  }

  /** What an answer says; undefined: there is none. One that refuses who is here closes the dock. */
  private async read<T>(ask: () => Promise<{ data?: T; response: Response }>): Promise<T | undefined> {
    const { access } = this;
    try {
      const { data, response } = await ask();
      if (access === this.access && response.status === 401) this.refused();
      const skew = Date.parse(response.headers.get('date') ?? '') - Date.now();
      if (Math.abs(skew - this.skew) > 1500) this.skew = skew; // the header has whole seconds: what is less is no difference
      return data;
    } catch {
      return undefined;
    }
  }
}
