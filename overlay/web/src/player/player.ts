import { LitElement, html, nothing, unsafeCSS, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { board, NoticeBoard, type Posted } from './board.ts';
import { Broadcast } from './broadcast.ts';
import { controls } from './controls.ts';
import { Corner } from './corner.ts';
import { CueClock } from './cue-clock.ts';
import { CueQueue, cueIn, parseCue, type Cue, type Product, type Reached, type Shop } from '../shared/cue.ts';
import { details, type Details } from '../shared/details.ts';
import type { CueDetail, ProductDetail, Programme } from './events.ts';
import { shelf, top } from './face.ts';
import { fills } from './fills.ts';
import { glow } from './glow.ts';
import { pieces } from './load.ts';
import type { Hydrate, Hydration, Wish } from './hydration.ts';
import { icons } from '../shared/icons.ts';
import { pressed } from './keyboard.ts';
import { notice } from './notice.ts';
import { announced, changes, deal, type Card } from './pins.ts';
import type { Pointed, Thumb } from './preview.ts';
import { languageOf } from '../shared/language.ts';
import { titleOf } from '../shared/product.ts';
import { serverAt } from '../shared/server.ts';
import { webURL } from '../shared/web-url.ts';
import { canPop, fullscreen, pop, popped } from './screen.ts';
import { atEdge, rangeOf } from './seek.ts';
import type { Cause, Phase } from './phase.ts';
import type { PocketActions } from './pocket.ts';
import type { Next } from './upcoming.ts';
import styles from './player.css?text';
import { wordsFor, type PlayerWords } from './words.ts';

export type { Cue, Product };
export type { CueDetail, ProductDetail, Programme } from './events.ts';

const fade = 260; // ms; the animation of a card that leaves
const extras = (): Promise<typeof import('./extras.ts')> => import(new URL(EXTRAS_FILE, import.meta.url).href);
const rest = 3000; // ms without a movement before the controls fade

/** `<mediad-player room="…">`: the live picture of a room, with the products that the host shows. */
export class MediadPlayer extends LitElement {
  static override styles = unsafeCSS(styles);

  /** The room's slug. */
  @property() room = '';
  /** The id of a former show: its recording plays, and the room itself does not. */
  @property() show = '';
  /** Where the recording of `show` begins to play, in seconds. */
  @property({ type: Number }) start = 0;
  /** Address of the mediad server; empty: where this module came from. */
  @property() origin = '';
  /** A signed address of the room's stream, made by the API. Without one, the server's own pages get theirs by themselves. */
  @property() playback = '';
  @property() override lang = '';
  /** Where the shop opens: in a new tab, or in this one (`self`); `event`: the page around the player has a checkout of its own. */
  @property() checkout: '' | 'tab' | 'self' | 'event' = '';
  /** `muted="false"` tries to start with sound, and is muted if the browser does not allow that. */
  @property({ converter: { fromAttribute: (v: string | null) => v !== 'false' } }) muted = true;
  /** Where the picture goes on while the page is read: in a corner, when the viewer scrolls on (empty), never (`off`), or now (`on`). */
  @property() mini: '' | 'on' | 'off' = '';
  /** The currency of the page around the player, which `hydrate` is told. */
  @property() currency = '';
  /** A picture to show before the show begins. */
  @property() poster = '';
  /** Shows the title of the show on the stage, for pages that have it nowhere else. */
  @property({ type: Boolean }) titled = false;
  @property() heading = '';
  /** A host's own look at the room: it counts as no viewer. */
  @property({ type: Boolean }) preview = false;

  @state() private phase: Phase = 'connecting';
  @state() private cards: Card[] = [];
  @state() private facts = new Map<string, Details>(); // by product id, of the newest revision that could be loaded
  @state() private paused = false;
  @state() private silent = true;
  @state() private volume = 1;
  @state() private full = false;
  @state() private latency: number | undefined;
  @state() private behind = false;
  @state() private cause: Cause = 'host';
  @state() private replayable = false;
  /** The show may go on when it is off air: as the server said last, unless the stream has said since that it ends. */
  @state() private resumable = false;
  @state() private planned = false; // the room has a show to come, with a time or without
  /** Some of the show was played. */
  @state() private seen = false;
  @state() private away = false; // the room waits for the host
  /** How many products the show has, if the page around the player knows it. */
  @property({ attribute: false }) goods: number | undefined;
  @state() private posted: Posted | undefined;
  @state() private fill = fills();
  @state() private fits = true;
  @state() private tall = false;
  @state() private roomTitle = '';
  private deals = false; // the picture has told of a price for some minutes, or of a coupon
  @state() private showTitle = ''; // of the show that is on, or whose recording is offered
  @state() private viewers: number | undefined;
  @state() private said = '';
  @state() private pocket = false; // the list of products is open
  @state() private next: Next | undefined;
  @state() private left = ''; // until then
  @state() private ahead: Awaited<ReturnType<typeof extras>> | undefined; // loaded where a show is planned
  // Of a recording, or of the rewind range of a live show; in seconds.
  @state() private at = 0;
  @state() private duration = 0;
  @state() private held: number | undefined; // where the viewer holds the thumb
  @state() private pointed: Pointed | undefined;
  @state() private thumbs: readonly Thumb[] = [];

  @query('video') private video!: HTMLVideoElement;
  @query('.stage') private scene!: HTMLElement;
  @query('.glow') private glow!: HTMLCanvasElement;

  private readonly queue = new CueQueue((r) => this.reached(r), (s) => this.shopped(s));
  private readonly sayings = new NoticeBoard();
  private broadcast: Broadcast | undefined;
  private clock: CueClock | undefined;
  private pinned: readonly Product[] = [];
  private pinnedShow = '';
  private own: Hydration | undefined;
  declare more?: () => object; // a piece tells it with the next beacon
  @state() private today = new Map<string, Partial<Product> | undefined>(); // what of the products of a recording holds today
  private ticker = 0;
  private idleTimer = 0;
  private ticks = 0;
  private readonly sizes = new ResizeObserver(() => this.shaped());
  private readonly corner = new Corner(() => this.requestUpdate());

  // ---- life

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasAttribute('tabindex')) this.tabIndex = 0;
    if (!this.hasAttribute('role')) this.setAttribute('role', 'region');
    this.addEventListener('keydown', this.key);
    document.addEventListener('fullscreenchange', this.fullscreened);
    if (this.hasUpdated) this.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.key);
    document.removeEventListener('fullscreenchange', this.fullscreened);
    this.close();
    this.corner.stop();
  }

  protected override firstUpdated(): void {
    this.video.muted = this.muted;
    this.silent = this.muted;
    this.sizes.observe(this);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (['room', 'origin', 'show', 'playback', 'preview'].some((p) => changed.has(p as keyof MediadPlayer))) this.open();
    if (this.duration) this.scene.style.setProperty('--done', String((this.held ?? this.at) / this.duration));
    if (!this.hasAttribute('aria-label') || changed.has('lang')) this.setAttribute('aria-label', this.words().text.liveShow);
  }

  private open(): void {
    this.close();
    if (!this.isConnected) return;
    this.corner.watch(this);
    if (!this.room) return this.entered('missing');
    this.clock = new CueClock(this.video, this.queue);
    this.broadcast = new Broadcast(this.video, this.base(), this.room, {
      phase: (p) => this.entered(p),
      room: (r) => {
        this.roomTitle = r.title;
        if (r.live || r.paused || (r.replay && !r.showId)) this.showTitle = r.title; // else it is that of the next one
        if (r.replay && !this.replayable && this.phase === 'ended') void this.recalled();
        this.replayable = r.replay !== '';
        [this.resumable, this.planned] = [r.live || r.paused, r.showId !== ''];
        this.next = r.next && { ...r.next, due: performance.now() + r.next.seconds * 1000 };
        if (r.next) void extras().then((m) => (this.ahead = m));
      },
      tag: (bytes, time) => this.cue(cueIn(bytes), time),
      text: (text, time) => this.cue(parseCue(text), time),
      cards: () => this.cards.filter((c) => !c.leaving).map((c) => c.product.id),
      viewers: (n) => (this.viewers ??= n), more: () => this.more?.(),
      timeline: () => (this.queue.restart(), this.sayings.clear()),
    }, this.show, this.playback && webURL(this.playback, this.base()), this.start, this.preview);
    this.entered(this.broadcast.phase);
    this.ticker = window.setInterval(() => this.look(), 500);
  }

  private close(): void {
    this.pocket = false;
    clearInterval(this.ticker);
    clearTimeout(this.idleTimer);
    this.broadcast?.destroy();
    this.clock?.destroy();
    this.broadcast = this.clock = undefined;
    this.queue.reset();
    this.sayings.clear();
    [this.seen, this.showTitle] = [false, ''];
  }

  private base(): string {
    return serverAt(this.origin);
  }

  private words(): PlayerWords {
    const words = wordsFor(this.origin, this.lang);
    return this.checkout === 'self' ? { ...words, target: '_top' } : words;
  }

  // ---- the show

  private entered(phase: Phase): void {
    const was = this.phase;
    this.phase = phase;
    this.dataset['state'] = phase;
    if (phase === 'interrupted') this.cause = this.broadcast?.cause() ?? 'network';
    if (!/ing|failed/.test(phase)) void pieces().then((m) => m.attend(this));
    if (phase !== 'replay' && phase !== 'live' && phase !== 'interrupted') {
      this.at = this.duration = 0;
      this.held = this.pointed = undefined;
    }
    if (phase !== was && (phase === 'replay' || (phase === 'ended' && (this.show ? this.seen : this.replayable)))) void this.recalled();
    if (phase === 'ended') {
      this.queue.reset();
      this.sayings.clear();
      this.viewers = this.posted = undefined;
      if (was === 'live' || was === 'interrupted' || was === 'replay') this.dispatchEvent(new Event('ended'));
    }
  }

  private cue(cue: Cue | null, time: number): void {
    if (!cue || !this.queue.add(cue, time)) return;
    this.sayings.add(cue, time);
    this.clock?.wake();
  }

  private reached({ cue, time, repeat, late }: Reached): void {
    if (cue.kind === 'pulse' && typeof cue.viewers === 'number') this.viewers = cue.viewers;
    if (cue.kind === 'notice') this.post();
    if (this.phase !== 'replay' && (this.deals ||= !!(cue.offer || cue.coupon || cue.coupons || (cue.offers as [] | undefined)?.length))) void extras().then((e) => e.told(cue, this.renderRoot));
    if (cue.kind === 'show.end') this.resumable = false;
    const detail: CueDetail = { cue, mediaTime: time, firedAt: this.video.currentTime, repeat, late };
    this.dispatchEvent(new CustomEvent('mediad:cue', { detail, bubbles: true, composed: true }));
  }

  private shopped(shop: Shop): void {
    // A list that a reset made empty has no show: the leaving products belong to the show before.
    const was = this.pinned;
    const left = this.pinnedShow;
    this.pinned = this.phase === 'replay' ? shop.pinned.map((p) => ({ ...p, ...this.today.get(p.id) })) : shop.pinned;
    this.pinnedShow = shop.show || left;
    this.cards = deal(this.cards, shop.show, this.pinned);
    if (this.cards.some((c) => c.leaving)) setTimeout(() => (this.cards = this.cards.filter((c) => !c.leaving)), fade);
    for (const { kind, product } of changes(was, this.pinned)) {
      this.said = announced({ kind, product }, titleOf(product, this.facts.get(product.id), this.words()), this.words()) || this.said;
      const detail: ProductDetail = { product, show: kind === 'product-unpin' ? left : shop.show };
      this.dispatchEvent(new CustomEvent(kind, { detail, bubbles: true, composed: true }));
    }
    for (const product of this.pinned) void this.enrich(shop.show, product);
  }

  /** Shows the host's notice for this moment of the picture. */
  private post(): void {
    this.posted = this.sayings.at(this.video.currentTime);
  }

  private async enrich(show: string, product: Product): Promise<void> {
    const d = await details(this.base(), show, product);
    const shown = this.pinned.find((p) => p.id === product.id);
    if (d && shown?.rev === product.rev && this.facts.get(product.id) !== d) this.facts = new Map(this.facts).set(product.id, d);
  }

  /** The page around the player knows titles, prices or stock better: docs/embed.md. */
  async hydrate(ask: Hydrate): Promise<void> {
    const { Hydration } = await extras();
    const wish = (): Wish => ({ show: this.programme.show, lang: this.words().locale, currency: this.currency });
    this.own = new Hydration(ask, wish, () => (this.requestUpdate(), this.renderRoot.querySelector('mediad-pocket')?.requestUpdate()));
    this.requestUpdate();
  }

  // ---- the viewer

  private readonly key = (e: KeyboardEvent): void => {
    const act = pressed(e, { at: this.phase === 'replay' ? this.video.currentTime : this.at, duration: this.duration }, {
      toggle: () => this.toggle(), mute: () => this.mute(), fullscreen: () => fullscreen(this, this.video), shift: (by) => this.shift(by),
      loudness: (by) => this.loudness(this.video.volume + by), seek: (to) => this.seek(to),
    });
    if (!act) return;
    e.preventDefault();
    this.stir();
    act();
  };

  private toggle(): void {
    if (this.video.paused) this.broadcast?.play();
    else this.broadcast?.pause();
  }

  private mute(): void {
    this.video.muted = !this.video.muted;
    if (!this.video.muted && this.video.volume === 0) this.video.volume = 1;
  }

  private loudness(value: number): void {
    this.video.volume = Math.min(1, Math.max(0, value));
    this.video.muted = this.video.volume === 0;
  }

  /** Moves within a recording, at most to a little before its end, so that a slip there does not end it at once. In a live show it rewinds, or goes to live. */
  private seek(to: number): void {
    this.held = undefined;
    const span = this.phase === 'replay' ? undefined : this.broadcast?.span();
    if (span) {
      this.at = Math.min(to, this.duration);
      if (atEdge(to, this.duration)) return this.broadcast?.goLive();
      return this.broadcast?.seekDate(Math.max(span.from, span.to - (this.duration - to) * 1000));
    }
    if (this.phase !== 'replay') return;
    this.video.currentTime = Math.max(0, Math.min(to, this.duration - 0.5));
  }

  /** What plays: the show, and the picture's place in its recording (seconds) or its date (ms since 1970). */
  get programme(): Programme {
    const replay = this.phase === 'replay';
    return { show: this.broadcast?.showing() ?? '', title: this.showTitle, at: replay ? this.video.currentTime : undefined, date: replay ? undefined : this.broadcast?.span()?.at, moment: this.broadcast?.moment, next: this.next?.show, paused: this.phase === 'ended' && this.resumable, missing: this.phase === 'ended' ? this.show !== '' && !this.seen : this.phase === 'before' && !this.next && !this.planned };
  }

  /** Goes to a moment of the show: to a place in its recording, or, during a live show, to a date. */
  goTo({ at, date }: { at?: number | undefined; date?: number | undefined }): void {
    if (this.phase === 'replay' && at !== undefined) this.video.currentTime = at;
    else if (['live', 'interrupted'].includes(this.phase) && date !== undefined) this.broadcast?.seekDate(date);
    else if (this.phase === 'ended' && at !== undefined) this.broadcast?.playReplay(at);
    else return;
    this.broadcast?.play();
  }

  private readonly timed = (): void => {
    this.post();
    if (this.phase !== 'replay') return;
    const { duration, currentTime } = this.video;
    this.duration = Number.isFinite(duration) ? duration : 0;
    this.at = currentTime;
  };

  private spanned(): void {
    const span = this.broadcast?.span(); // none while the playlist is being changed
    if (span) ({ duration: this.duration, at: this.at } = rangeOf(span, this.broadcast?.following ?? false));
  }

  private shift(seconds: number): void {
    const { video, broadcast } = this;
    if (this.phase === 'replay') return this.seek(video.currentTime + seconds);
    if (this.phase === 'live' && this.duration) return this.seek(this.at + seconds);
    const { seekable } = video;
    if (!seekable.length || !broadcast) return;
    const to = video.currentTime + seconds;
    const edge = video.duration === Infinity ? video.currentTime + (broadcast.latency() ?? 0) - 1 : video.duration;
    if (seconds > 0 && to > edge) return this.phase === 'live' || this.phase === 'interrupted' ? broadcast.goLive() : undefined;
    broadcast.following = false;
    video.currentTime = Math.max(seekable.start(0), to);
  }

  private readonly fullscreened = (): void => void (this.full = document.fullscreenElement === this);

  /** The controls are visible while the viewer moves, and fade after that. */
  private stir(): void {
    this.scene.toggleAttribute('data-idle', false);
    clearTimeout(this.idleTimer);
    this.idleTimer = window.setTimeout(() => this.scene.toggleAttribute('data-idle', !this.video.paused), rest);
  }

  private readonly tap = (e: PointerEvent): void => {
    if (e.pointerType === 'mouse') this.toggle();
    else if (this.scene.hasAttribute('data-idle')) this.stir();
    else this.scene.toggleAttribute('data-idle', true);
  };

  /** Tells the page around the player; false: it takes the order from here, and the shop's page does not open. */
  private order(kind: 'checkout' | 'add-to-cart', detail: ProductDetail): boolean {
    const go = this.dispatchEvent(new CustomEvent(kind, { detail, bubbles: true, composed: true, cancelable: true }));
    return go && (kind !== 'checkout' || this.checkout !== 'event');
  }

  /** Opens or closes the list of products, whose code comes with its first use. */
  private async carry(): Promise<void> {
    await extras().catch(() => undefined); // the network may work at the next press
    this.pocket = !this.pocket && !!customElements.get('mediad-pocket');
    if (!this.pocket) this.renderRoot.querySelector<HTMLElement>('.bag')?.focus({ preventScroll: true });
  }

  /** Opens the list of products at the variants of one. */
  async choose(id: string): Promise<void> {
    this.corner.close(); // the small picture has no list, and nothing in it takes the focus
    if (!this.pocket) await this.carry();
    await this.updateComplete;
    this.renderRoot.querySelector('mediad-pocket')?.unfold(id);
  }

  /** A recording begins: its prices are today's, and its bar has pictures. Or a show has ended, and can be bought from. */
  private async recalled(): Promise<void> {
    const { broadcast, phase } = this;
    [this.thumbs, this.today] = [[], new Map()];
    const { askThumbs, askToday } = await extras();
    const [thumbs, today] = await Promise.all([phase === 'replay' ? askThumbs(broadcast?.recording ?? '') : [], askToday(this.base(), broadcast?.showing() ?? '')]);
    if (broadcast !== this.broadcast || phase !== this.phase) return;
    [this.thumbs, this.today] = [thumbs, today];
    if (this.pinned.length) this.shopped({ show: this.pinnedShow, seq: 0, pinned: this.pinned });
  }

  private readonly pocketActs: PocketActions = { close: () => void this.carry(), order: (kind, detail) => this.order(kind, detail), own: (p) => this.own?.of(p) ?? p };

  // ---- the looks

  private look(): void {
    const { video, broadcast } = this;
    const latency = this.phase === 'live' ? broadcast?.latency() : undefined;
    this.latency = latency === undefined ? undefined : Math.round(latency * 10) / 10;
    this.behind = latency !== undefined && latency > 6 && (!broadcast?.following || latency > 12);
    if (this.latency === undefined) delete this.dataset['latency'];
    else this.dataset['latency'] = this.latency.toFixed(1);
    if (this.phase === 'interrupted') this.cause = broadcast?.cause() ?? 'network';
    if (this.phase === 'live') this.spanned();
    this.post();
    const away = broadcast?.away() ?? false;
    if (away && !this.away) this.said = `${this.words().text.away} ${this.words().text.hostBackMore}`;
    this.away = away;
    this.left = this.next && this.ahead ? this.ahead.countdown((this.next.due - performance.now()) / 1000, this.words().locale) : '';
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    // Reading a frame costs a few milliseconds: only while there is something beside the picture to light.
    const bare = !this.fits && !this.fill && !document.hidden && !video.paused && video.videoWidth > 0;
    if (bare && this.ticks++ % (calm ? 20 : 3) === 0) glow(this.glow, video, calm);
  }

  private shaped(): void {
    const { videoWidth: w, videoHeight: h } = this.video;
    if (this.video.readyState > 0) this.seen = true;
    if (!w || !h) return;
    this.tall = h >= w;
    for (const e of [this, this.scene]) e.dataset['shape'] = this.tall ? 'tall' : 'wide';
    this.style.setProperty('--shape', String(w / h));
    // Hosts put prices and hands at the edges: nothing of the picture is cut off unless the viewer wants it so.
    const misfit = w / h / (this.video.clientWidth / this.video.clientHeight);
    this.fits = misfit > 0.99 && misfit < 1.01;
  }

  /** The whole picture, or one that fills the stage. */
  private reshape(): void {
    fills((this.fill = !this.fill));
  }

  private volumed(): void {
    [this.silent, this.volume] = [this.video.muted, this.video.volume];
  }

  protected override render(): TemplateResult {
    const w = this.words();
    const { text: t } = w;
    const live = this.phase === 'live' || (this.phase === 'interrupted' && this.seen); // nothing goes from under a finger where the picture stands for a moment
    const watching = live || this.phase === 'replay';
    const goods = this.phase === 'ended' && this.today.size > 0 && this.programme.show !== '';
    const open = this.pocket && (watching || goods);
    const title = this.showTitle || this.heading || this.roomTitle;
    const place = this.duration && watching ? { at: this.held ?? this.at, duration: this.duration, live } : undefined;
    this.corner.decide(this.mini, watching, this.paused, this.full || (this.hasUpdated && popped(this.video)));
    const small = this.corner.on && this.ahead;
    if (this.corner.on && !small) void extras().then((m) => (this.ahead = m));
    for (const [name, on] of [['data-mini', !!small], ['data-pocket', open]] as const) this.toggleAttribute(name, on);
    return html`<div class="frame" data-mini=${small ? (this.tall ? 'tall' : 'wide') : nothing}>
      <div class="stage" part="stage" lang=${languageOf(w.locale)} data-phase=${this.phase} data-fit=${this.fill ? 'cover' : 'contain'} ?data-away=${this.away} ?data-paused=${this.paused} ?data-bar=${place !== undefined} ?data-cards=${this.cards.length > 0} ?data-pocket=${open}
        @pointermove=${this.stir} @focusin=${this.stir}>
        <canvas class="glow" width="20" height="20" aria-hidden="true"></canvas>
        <video part="video" playsinline webkit-playsinline crossorigin="anonymous" .disableRemotePlayback=${true}
          @resize=${this.shaped} @loadedmetadata=${this.shaped} @volumechange=${this.volumed}
          @play=${() => (this.paused = false)} @pause=${() => (this.paused = true)}
          @timeupdate=${this.timed} @seeking=${this.timed} @durationchange=${this.timed}></video>
        ${this.poster && !watching ? html`<img class="poster" part="poster" src=${this.poster} alt="" />` : nothing}
        <div class="shade"></div>
        <div class="tap" @click=${this.tap}></div>
        ${watching && this.paused && this.phase !== 'interrupted' ? html`<button class="play" part="play" aria-label=${t.play} @click=${this.toggle}>${icons.play}</button>` : nothing}
        ${notice({ phase: this.phase, cause: this.cause, title, replayable: this.replayable, paused: this.resumable, planned: this.next !== undefined || this.planned, unseen: this.show !== '' && !this.seen, former: this.show !== '', goods, named: this.room !== '', next: this.ahead?.upcoming(this.next, this.left, this.room, w, this.phase === 'before') ?? nothing }, t, { replay: () => this.broadcast?.playReplay(), pocket: () => void this.carry() })}
        <div class="top" part="top">${top({ phase: this.phase, behind: this.behind, away: this.away, latency: this.latency, host: this.preview, viewers: this.viewers, title: this.titled ? title : '' }, w)}</div>
        ${board(watching && this.phase !== 'interrupted' ? this.posted : undefined, this.phase === 'live' && this.away, t)}
        ${watching && this.silent ? html`<button class="unmute" part="unmute" @click=${this.mute}>${icons.silent}<span>${t.unmute}</span></button>` : nothing}
        ${shelf(this.own ? this.cards.map((c) => ({ ...c, product: this.pocketActs.own(c.product) })) : this.cards, this.facts, w, (e, { product, show }) => this.order('checkout', { product, show }) || e.preventDefault(), (id) => void this.choose(id))}
        ${watching
          ? controls(
              { live, paused: this.paused, muted: this.silent, volume: this.volume, full: this.full, latency: this.latency, behind: this.behind, place,
                pointed: this.pointed, thumbs: this.thumbs, fill: this.fits ? undefined : this.fill, pop: canPop(), goods: this.goods },
              t,
              { toggle: () => this.toggle(), mute: () => this.mute(), volume: (v) => this.loudness(v), full: () => fullscreen(this, this.video), pop: () => pop(this.video), fill: () => this.reshape(), goLive: () => this.broadcast?.goLive(), pocket: () => void this.carry(),
                seek: (to) => this.seek(to), hold: (at) => (this.held = at), point: (p) => (this.pointed = p) },
            )
          : nothing}
        ${open ? html`<mediad-pocket .words=${w} .show=${this.programme.show} .live=${live} .pinned=${this.pinned} .cart=${this.checkout === 'event'} .until=${() => this.programme.date}
          .act=${this.pocketActs}></mediad-pocket>` : nothing}
        ${small ? small.mini(this.renderRoot as ShadowRoot, this.paused, t, { back: () => (this.corner.close(), this.scrollIntoView({ block: 'center' }), this.focus({ preventScroll: true })), toggle: () => this.toggle(), close: () => this.corner.close() }) : nothing}
        <div class="sr" role="status" aria-live="polite">${this.said}</div>
      </div></div>`;
  }
}

if (!customElements.get('mediad-player')) customElements.define('mediad-player', MediadPlayer);
