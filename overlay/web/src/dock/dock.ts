import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../shared/language.ts';
import { home } from '../shared/server.ts';
import { signIn, type Refusal } from '../shared/access.ts';
import { addForm, fieldIn, type Wrong } from './add.ts';
import type { Clap } from './clap/clap.ts';
import type { clapPanel } from './clap/panel.ts';
import { secondsIn } from './clap/seconds.ts';
import { Deeds, undoSeconds } from './deeds.ts';
import { Desk } from './desk.ts';
import type { EndHooks } from './end.ts';
import type { gate } from './gate.ts';
import type { help } from './help.ts';
import { found, type Item } from './item.ts';
import { actOf, hasKeys, keys, type Act } from './keys.ts';
import { list, type ListHooks } from './list.ts';
import { now } from './now.ts';
import { Obs } from './obs.ts';
import { obsPanel } from './obs-panel.ts';
import type { Editing, Seen } from './price-form.ts';
import { editable } from '../shared/price.ts';
import { readSaid } from '../shared/said.ts';
import type { Result } from './result.ts';
import { side } from './side.ts';
import { lostLine, stateWord, status } from './status.ts';
import { step } from './step.ts';
import { deedWords, troubleWords } from './strip.ts';
import { languageFor, withKey, type Language } from './words.ts';

const keysOff = 'mediad-dock-keys'; // in localStorage: somebody has switched the keys off
const lastCurrency = 'mediad-dock-currency';

/** `<mediad-dock>`: the page of who drives the show. It draws into the page itself, whose style it has. */
export class Dock extends LitElement {
  @property() room = '';
  @property() heading = '';
  @property({ attribute: 'locale' }) locale = 'en';

  @state() private search = '';
  @state() private chosen = '';
  @state() private editing: Editing | undefined;
  @state() private opened = ''; // whose deeds are shown
  @state() private adding = false;
  @state() private addWrong: Wrong | undefined;
  @state() private healthOpen = false;
  @state() private helpOpen = false;
  @state() private ending = false;
  @state() private refusal: Refusal | undefined;
  @state() private entering = false;
  @state() private clap: { readonly steps: Clap; readonly panel: typeof clapPanel } | undefined;
  @state() private keysOn = localStorage.getItem(keysOff) === null;

  private language!: Language;
  private desk!: Desk;
  private deeds!: Deeds;
  private obs!: Obs;
  // Loaded when the dock stands.
  private result: Result | undefined;
  private helpOf: typeof help | undefined;
  private gateOf: typeof gate | undefined; // loaded where somebody has to sign in
  private of = ''; // the show that was there last
  private was: Desk['state'] = 'looking';
  private ticks: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    this.language = languageFor(this.locale);
    this.desk ??= new Desk(this, this.room);
    this.deeds ??= new Deeds(this, this.desk);
    this.obs ??= new Obs(this, this.desk, this.deeds);
    super.connectedCallback();
    void readSaid(); // until then the server's own words are shown
    void import('./later.ts').catch(() => undefined);
    void import('./help.ts').then((m) => (this.helpOf = m.help), () => undefined);
    void import('./result.ts').then(({ Result }) => {
      this.result ??= new Result(this, this.desk);
      this.requestUpdate();
    }, () => undefined);
    document.addEventListener('keydown', this.pressed);
    this.ticks = setInterval(() => this.requestUpdate(), 1000); // clocks go on between two answers
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.pressed);
    this.obs.disconnect();
    this.closeClap();
    clearInterval(this.ticks);
  }

  protected override willUpdate(): void {
    const { show } = this.desk;
    if (this.of && this.of !== show) {
      this.deeds.forget();
      this.editing = undefined; // its revision is that of the other show
      this.ending = false;
    }
    this.of = show;
    this.result?.look();
    const { state } = this.desk;
    if (state !== 'looking' && !this.desk.admitted && !this.gateOf) void import('./gate.ts').then(({ gate }) => {
      this.gateOf = gate;
      this.requestUpdate();
      if (state === 'wrong') this.focusOn('#token');
    }, () => undefined);
    if (state === 'wrong' && this.was !== 'wrong') this.focusOn('#token');
    this.was = state;
  }

  protected override render(): TemplateResult {
    const { desk, deeds, language, hooks } = this;
    const { words } = language;
    if (!desk.admitted) {
      if (desk.state === 'looking' || !this.gateOf) return html`<main class="gate"><p class="soft" role="status">${words.joining}</p></main>`;
      return this.gateOf(desk.state, this.room, this.heading, language, {
        refusal: this.refusal, busy: this.entering, name: desk.access?.token === undefined ? (desk.access?.name ?? '') : '', again: () => desk.access && desk.enter(desk.access), leave: () => this.forget(), enter: (token) => desk.enter({ token }), signIn: (email, password) => void this.signIn(email, password),
      });
    }
    const { maySell } = desk;
    const watch = `${home}/watch/${encodeURIComponent(this.room)}`;
    const first = desk.state === 'sync' && desk.order.length === 0 && maySell;
    const form = first || this.adding ? this.form(first) : undefined;
    return html`<div class="dock" data-state=${desk.state} data-phase=${desk.phase} ?data-looks=${!maySell}>
      ${lostLine(desk, language)}
      ${status(desk, this.heading, language, { open: this.healthOpen, watch, toggle: () => (this.healthOpen = !this.healthOpen), help: () => this.act('help') }, this.endHooks())}
      ${this.helpOpen && this.helpOf ? this.helpOf(language, {
        keysOn: this.keysOn, switchKeys: () => this.switchKeys(), close: () => this.act('help'), forget: () => this.forget(), signedIn: desk.access?.token === undefined,
        watch,
      }) : nothing}
      <main class="columns" aria-busy=${desk.state === 'joining'}>
        <div class="first">${now(desk, this.editing, language, hooks, this.endHooks(), this.result?.panel(language) ?? nothing)}</div>
        ${list(desk, this.search, this.chosen, this.editing, form, language, hooks)}
        ${side(desk, maySell ? html`${this.clapping()}${hasKeys() ? obsPanel(this.obs, deeds, language) : nothing}` : nothing, language)}
      </main>
      ${first || !maySell ? nothing : step(desk, deeds, language, hooks)}
      <footer class="strip">
        <span class="line" data-state=${desk.state}>${stateWord(desk, language)}</span>
        <span class="deed" role="status">${deeds.last ? deedWords(deeds.last, language) : nothing}</span>
        ${deeds.unanswered() ? html`<span class="sending">${words.dockSending}</span>` : nothing}
        ${deeds.last?.undo ? html`<button type="button" class="undo" style="--for: ${undoSeconds}s" ?disabled=${desk.locked} title=${withKey(words.undoTip, keys.undo, words)} aria-keyshortcuts=${keys.undo} @click=${() => this.act('undo')}>${hasKeys() ? words.undo : words.undoAlone}</button>` : nothing}
      </footer>
    </div>`;
  }

  private endHooks(): EndHooks {
    const { deeds } = this;
    return {
      asking: this.ending,
      busy: deeds.unanswered('end') > 0,
      ask: (asking) => {
        this.ending = asking;
        this.focusOn(asking ? '.end-ask .keep' : '.end-show'); // the harmless answer has the focus
      },
      end: () => void deeds.end().then((done) => {
        if (!done) return;
        this.ending = false;
        this.focusOn('.phase-words');
      }),
    };
  }

  /** How long cards wait for the picture, and how that is measured. */
  private clapping(): TemplateResult {
    const { desk, language: { words, locale } } = this;
    const open = async (): Promise<void> => {
      const [{ Clap }, { clapPanel }] = await Promise.all([import('./clap/clap.ts'), import('./clap/panel.ts')]);
      this.clap ??= { steps: new Clap(this, desk, this.obs), panel: clapPanel };
      this.focusOn('.clap-steps');
    };
    return html`<section class="sheet clap" data-open=${this.clap !== undefined} aria-labelledby="clap"><h2 id="clap">${words.clapHead}</h2>
      ${this.clap ? this.clap.panel(this.clap.steps, desk.phase === 'live', desk.locked, this.language, () => this.leaveClap())
        : html`<p>${desk.delay.seconds ? say(words.clapWaits, { t: secondsIn(desk.delay.seconds, locale) }) : words.clapWaitsNot}</p>
          <button type="button" class="clap-open" ?disabled=${desk.locked} title=${words.clapOpenTip} @click=${() => void open()}>${words.clapOpen}</button>`}
    </section>`;
  }

  private leaveClap(): void {
    this.closeClap();
    this.focusOn('.clap-open');
  }

  private closeClap(): void {
    this.clap?.steps.close();
    this.clap = undefined;
  }

  private forget(): void {
    this.closeClap();
    this.obs.disconnect();
    this.desk.forget();
  }

  private async signIn(email: string, password: string): Promise<void> {
    this.entering = true;
    const got = await signIn(email, password);
    this.entering = false;
    this.refusal = typeof got === 'string' ? got : undefined;
    if (typeof got === 'string') this.focusOn('#password', true);
    else this.desk.enter(got);
  }

  private form(first: boolean): TemplateResult {
    const { desk, deeds, language } = this;
    return addForm(first, this.addWrong, this.addBad, this.currency, desk.locked || deeds.unanswered('add') > 0, language, {
      add: (p) => {
        this.addWrong = undefined;
        localStorage.setItem(lastCurrency, p.currency);
        void deeds.add(p).then((item) => {
          if (!item) return this.addBad ? this.focusOn(`.add-form [name=${this.addBad}]`, true) : undefined;
          this.adding = false;
          if (desk.lineup) this.find(item.sku); // it is not in the run of show, and seen only when it is looked for
          this.focusOn(`.rows [data-product="${item.id}"] .pick`);
        });
      },
      wrong: (text, field) => {
        this.addWrong = { text, field };
        this.focusOn(`.add-form [name=${field}]`, true);
      },
      close: () => {
        this.adding = false;
        this.addWrong = undefined;
        this.focusOn('.add');
      },
      trouble: this.trouble('add'),
    });
  }

  /** The field of the form that is wrong, as this page or the server says; "": none, or it is not said. */
  private get addBad(): string {
    const { trouble } = this.deeds;
    return this.addWrong?.field ?? (trouble?.where === 'add' ? fieldIn(trouble.detail) : '');
  }

  /** The money of the shop's last product, or a guess by the language. */
  private get currency(): string {
    return this.desk.order.at(-1)?.currency ?? localStorage.getItem(lastCurrency) ?? (/^zh/i.test(this.locale) ? 'CNY' : 'EUR');
  }

  private trouble(where: string): TemplateResult | typeof nothing {
    const { trouble } = this.deeds;
    return trouble?.where === where ? html`<p class="trouble wide" role="alert">${troubleWords(trouble, this.language)}</p>` : nothing;
  }

  private readonly hooks: ListHooks = {
    pin: (p) => void this.deeds.pin(p),
    unpin: (p) => void this.deeds.unpin(p),
    stock: (p, stock) => void this.deeds.stock(p, stock),
    soldOut: (p) => void this.deeds.soldOut(p),
    busy: (p) => this.deeds.unanswered(p.id),
    trouble: (where) => this.trouble(where),
    opened: (what) => this.opened === what,
    open: (what) => {
      this.opened = this.opened === what ? '' : what;
      const [place, id] = what.split(' ');
      this.focusOn(`.${place} [data-product="${id}"] .menu`); // a card is drawn anew
    },
    edit: (e) => {
      const was = this.editing;
      this.editing = e && { on: this.seen(e.id), ...e };
      if (e) this.focusOn(e.asked === undefined ? `.price-form input` : '.price-form .keep', e.asked === undefined && !e.wrong);
      else if (was) this.focusOn(this.editor(was));
    },
    save: (p, price) => {
      const was = this.editing;
      this.editing = undefined;
      void this.deeds.price(p, price, was?.on ?? this.seen(p.id)).then((done) => {
        if (!done && was && this.deeds.trouble?.item && !this.editing) this.hooks.edit({ id: was.id, place: was.place, text: editable(price, p.digits) }); // what was typed is kept
      });
      if (was) this.focusOn(this.editor(was));
    },
    search: (text) => {
      this.find(text);
      if (!text) this.focusOn('#search');
    },
    putNext: (p) => void this.deeds.putNext(p),
    place: (p, after) => void this.deeds.place(p, after),
    choose: (p) => (this.chosen = p.id),
    add: () => {
      this.adding = true;
      this.focusOn('.add-form input');
    },
  };

  private find(text: string): void {
    this.search = text;
    this.desk.finder.search(text);
  }

  /** A price as it is now: in the line-up, if the product has a line, or else in the catalogue. */
  private seen(id: string): Seen {
    const line = this.desk.order.find((p) => p.id === id && p.line);
    const p = line ?? this.desk.known.get(id);
    return { rev: (line ? this.desk.lineup?.rev : p?.rev) ?? 0, price: p?.price ?? 0 };
  }

  /** The button that began an edit. */
  private editor(e: Editing): string {
    return e.place === 'now' ? `.now [data-product="${e.id}"] .edit` : `.rows [data-product="${e.id}"] .price`;
  }

  // ---- keys

  private readonly pressed = (e: KeyboardEvent): void => {
    if (!this.desk.admitted) return;
    const field = e.target instanceof Element ? e.target.closest('input, select, textarea') : null;
    if (e.key === 'Escape') return this.escape(field);
    if (field?.id === 'search' && (e.key === 'Enter' || e.key === 'ArrowDown') && !e.isComposing) {
      e.preventDefault();
      this.querySelector<HTMLElement>('.rows .pick')?.focus();
      return;
    }
    const way = { ArrowUp: -1, ArrowDown: 1 }[e.key] as 1 | -1 | undefined;
    if (way && e.altKey && !e.ctrlKey && !e.metaKey && !field && !this.search && this.desk.lineup) {
      e.preventDefault();
      return e.repeat && this.deeds.unanswered() ? undefined : void this.shift(way);
    }
    const act = field ? undefined : actOf(e);
    if (!act || (!this.keysOn && act !== 'help')) return;
    e.preventDefault();
    if (!e.repeat || act === 'down' || act === 'up') this.act(act);
  };

  private escape(field: Element | null): void {
    if (field?.id === 'search') this.hooks.search('');
    else if (this.helpOpen) this.act('help');
    else if (this.ending) this.endHooks().ask(false);
    else if (this.clap) this.leaveClap();
  }

  private act(act: Act): void {
    const { desk, deeds } = this;
    const seen = [...found(desk.order, this.search), ...(this.search ? desk.others : [])];
    const chosen = seen.find((p) => p.id === this.chosen);
    const shown = desk.pinned.at(-1);
    switch (act) {
      case 'down':
      case 'up':
        return this.move(seen, act === 'down' ? 1 : -1);
      case 'pin':
        return chosen ? void deeds.pin(chosen) : this.move(seen, 1);
      case 'unpin': {
        const p = chosen && desk.pinned.some((q) => q.id === chosen.id) ? chosen : shown;
        return p && void deeds.unpin(p);
      }
      case 'soldOut': {
        const p = document.activeElement?.closest('.rows') && chosen ? chosen : shown;
        return p && void deeds.soldOut(p);
      }
      case 'putNext':
        return chosen && void deeds.putNext(chosen);
      case 'next':
      case 'previous':
        return void deeds.step(act);
      case 'search':
        return this.focusOn('#search', true);
      case 'undo':
        return void deeds.undo();
      case 'help':
        this.helpOpen = !this.helpOpen;
        return this.focusOn(this.helpOpen ? '.help' : '.status .key');
    }
  }

  /** Moves the chosen line, and keeps the focus on it. */
  private async shift(by: 1 | -1): Promise<void> {
    const p = this.desk.order.find((q) => q.id === this.chosen);
    if (p && (await this.deeds.move(p, by))) this.focusOn(`.rows [data-product="${p.id}"] .pick`);
  }

  /** To the row below the chosen one, or above it; at first to the first. */
  private move(seen: readonly Item[], by: number): void {
    const at = seen.findIndex((p) => p.id === this.chosen);
    const p = seen[at < 0 ? 0 : Math.min(seen.length - 1, Math.max(0, at + by))];
    if (p) this.focusOn(`.rows [data-product="${p.id}"] .pick`);
  }

  private switchKeys(): void {
    this.keysOn = !this.keysOn;
    if (this.keysOn) localStorage.removeItem(keysOff);
    else localStorage.setItem(keysOff, '1');
  }

  /** What is drawn anew loses the focus: gives it to what takes its place. */
  private focusOn(selector: string, whole = false): void {
    void this.updateComplete.then(() => {
      const e = this.querySelector<HTMLElement>(selector);
      e?.focus();
      if (whole && e instanceof HTMLInputElement) e.select();
    });
  }
}

customElements.define('mediad-dock', Dock);
