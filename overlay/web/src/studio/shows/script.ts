import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import { home } from '../../shared/server.ts';
import type { Studio } from '../context.ts';
import { placeOf } from '../air/next.ts';
import { nowNext, readPins } from '../air/now.ts';
import '../air/screen.ts';
import { shownAt } from '../rooms/code.ts';
import { icons } from '../parts/icons.ts';
import { changed, newLine, stepped, type Goods, type Line } from './change.ts';
import { Drag } from './drag.ts';
import { finder, nothingFound, type Found } from './finder.ts';
import { falls, fieldsOf, type Typed } from './line-form.ts';
import { formerName } from './plan-form.ts';
import { moments, preview, type Preview } from './preview.ts';
import { Run } from './run.ts';
import { runList } from './run-list.ts';
import { Poll } from '../parts/poll.ts';
import '../results/brief.ts';
import { readUnits, type Units } from './units.ts';
import { didWords, isOn, wordsOf, zoneOf, type Show } from './words.ts';

const pause = 250; // ms between the last letter and the search
const page = 30;
const offered = 50; // former shows
const oneGo = 8000; // ms between two steps of a line: as long as the way back is offered

/** `<studio-script>`: the line-up of a show, with the catalogue and what viewers see beside it. */
export class Script extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) of!: Show;
  @state() private typed: Typed | undefined;
  private readonly begun = new Map<string, Typed>(); // what was typed in other lines, by product
  @state() private saving = false;
  @state() private found: Found = nothingFound;
  @state() private beside: 'goods' | 'viewers' = 'goods';
  @state() private unfolded = false; // on phones, where what is beside a line-up stands below it
  @state() private seen: Preview | undefined;
  @state() private at = '';
  @state() private former: readonly Show[] | undefined;
  @state() private said = '';
  @state() private trouble = '';
  private run: Run | undefined;
  private roomOrg: { room: string; org: string } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  @state() private units: readonly Units[] = [];
  @state() private pins: readonly Goods[] = [];
  private present = ''; // the line for which the pins were read
  protected readonly poll = new Poll(this, () => (isOn(this.of) ? 3000 : 30_000), () => this.count());
  private moved: { product: string; back: string; at: number } | undefined; // the line that was moved last, and in front of what it stood
  private readonly goods = new Map<string, Goods>(); // by id: those that were found
  private readonly drag = new Drag({
    list: () => this.querySelector<HTMLElement>('.run'),
    news: () => this.requestUpdate(),
    drop: (product, before) => this.drop(product, before),
    leave: () => this.tell(this.words.dragLeft),
  });

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('focus', this.again);
  }

  /** A line that was lost in silence is noticed at the latest when one comes back to the window. */
  private readonly again = (): void => void this.run?.refresh('none');

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('focus', this.again);
    this.run?.end();
    this.run = undefined;
    clearTimeout(this.timer);
  }

  protected override willUpdate(changes: PropertyValues): void {
    const before = changes.get('of') as Show | undefined;
    if (this.run?.show !== this.of.id) {
      this.run?.end();
      this.run = new Run(this.studio, this.of.id, this.of.room, () => this.news());
      void this.run.begin();
      if (this.order) void this.search('', 0);
    } else if (before && before !== this.of) void this.look();
  }

  private get words(): ReturnType<typeof wordsOf> {
    return wordsOf(this.studio.language);
  }

  /** Whether one may change the order, and whether a line. */
  private get order(): boolean {
    return this.of.state !== 'ended' && this.studio.may('run', this.studio.org, this.of.room);
  }

  private get may(): boolean {
    return this.of.state !== 'ended' && this.studio.may('sell', this.studio.org, this.of.room);
  }

  private news(): void {
    this.requestUpdate();
    if (this.run && this.run.present !== this.present) {
      this.present = this.run.present;
      this.poll.now(); // the picture shows something else
    }
    if (this.beside === 'viewers' || !this.order) void this.look();
  }

  protected override render(): TemplateResult {
    const { run, words, studio: { language } } = this;
    const lines = run?.now ?? [];
    if (!run?.read) return run?.trouble ? html`<p class="sheet trouble" role="alert">${run.trouble}</p>` : html`<p class="soft" role="status">${language.words.loadingPart}</p>`;
    const beside = this.order ? this.beside : 'viewers';
    if (this.of.state === 'ended' && !lines.length) return html`<details class="sheet never"><summary>${words.tabViewers}</summary><p class="soft">${words.lineupNever}</p>${this.viewers(lines)}</details>`;
    const tab = (which: 'goods' | 'viewers', name: string): TemplateResult => html`<button type="button" aria-pressed=${beside === which} @click=${() => this.turn(which)}>${name}</button>`;
    const jump = (which: 'goods' | 'viewers', name: TemplateResult): TemplateResult => html`<button type="button" class="jump" aria-expanded=${this.unfolded && beside === which} @click=${() => this.unfold(which)}>${name}</button>`;
    return html`${isOn(this.of) ? this.onAir(lines) : nothing}<div class="script" data-folded=${isOn(this.of) && this.order && lines.length > 0 && !this.unfolded}>
      <section class="sheet" aria-labelledby="lineup-head">
        <div class="head"><h2 id="lineup-head">${words.lineupHead} <span class="soft">${lines.length || nothing}</span></h2>${this.order && lines.length ? html`<div class="acts">${jump('goods', html`${icons.add}${words.tabGoods}`)}${jump('viewers', html`${words.tabViewers}`)}${this.copies()}</div>` : nothing}</div>
        ${this.others()}
        ${run.refused ? html`<p class="trouble" role="alert">${run.refused}</p>` : nothing}
        <p class="sr" role="status" id="lineup-said">${this.said}</p>
        ${this.order && lines.length ? html`<p class="soft small" id="grip-how"><span class="keys">${words.gripHow} ${words.gripKeys}</span><span class="thumbs">${words.stepHow}</span></p>` : nothing}
        ${lines.length && this.of.state !== 'ended' ? html`<p class="soft small">${this.words.hiddenUntil}</p>` : nothing}
        ${lines.length ? this.lines(lines) : this.empty()}
      </section>
      <section class="sheet beside" aria-label=${beside === 'goods' ? words.tabGoods : words.tabViewers}>
        ${this.order ? html`<div class="tabs" role="group" aria-label=${words.besideHead}>${tab('goods', words.tabGoods)}${tab('viewers', words.tabViewers)}</div>` : html`<h2>${words.tabViewers}</h2>`}
        ${beside === 'goods' ? this.catalogue() : this.viewers(lines)}
      </section>
    </div>`;
  }

  /** What is on now and comes next, with the numbers beside it. */
  private onAir(lines: readonly Line[]): TemplateResult {
    const { studio, of } = this;
    return html`<div class="on-air">${of.state === 'live' ? html`<studio-screen src=${shownAt(`${home}/embed/${encodeURIComponent(of.room)}`, studio.language.locale)} what=${this.words.screenHead}></studio-screen>` : nothing}
      ${nowNext({ room: of.room, pins: this.pins, lines, present: this.run?.present ?? '' }, studio, () => this.poll.now())}
      ${studio.may('figures', undefined, of.room) ? html`<studio-brief .studio=${studio} .of=${of}></studio-brief>` : nothing}</div>`;
  }

  private lines(lines: readonly Line[]): TemplateResult {
    return runList(lines, this.words, this.studio.language.locale, {
      base: home, order: this.order, may: this.may, typed: this.typed, zone: zoneOf(this.of), busy: this.saving, place: (product) => (isOn(this.of) ? placeOf(this.pins, product) : ''),
      dragged: this.drag.product, before: this.drag.before, units: this.units,
      unitsForm: (l) => (this.order ? html`<studio-units .studio=${this.studio} .line=${l} .all=${this.units} show=${this.of.id} .changed=${() => this.count()}></studio-units>` : nothing),
      press: (e, l) => this.drag.press(e, l.product, l.goods.title),
      step: (l, by, button) => this.step(l, by, button),
      remove: (l) => this.takeOut(l),
      edit: (t) => this.edit(t),
      save: (t) => void this.save(t),
    });
  }

  /** How many units are left, and what is on the picture, as the server has it now. */
  private async count(): Promise<void> {
    if (!this.of) return;
    const { id, room } = this.of;
    if (isOn(this.of) && this.run && !this.run.busy) void this.run.refresh('none'); // what sells out is no change of the line-up
    const [units, pins] = await Promise.all([readUnits(this.studio, id), isOn(this.of) ? readPins(this.studio, room) : undefined]);
    if (id !== this.of.id) return;
    if (units) this.units = units;
    if (pins) this.pins = pins;
  }

  private empty(): TemplateResult {
    const { words } = this;
    return html`<div class="run none" data-end=${this.drag.product !== '' && this.drag.before !== undefined}><p><b>${words.lineupEmpty}</b></p><p class="soft">${this.order ? words.lineupEmptyWhy : words.lineupEmptyRead}</p>${this.order ? this.copies() : nothing}</div>`;
  }

  private others(): TemplateResult | typeof nothing {
    const { run, words } = this;
    if (!run?.others) return nothing;
    const { by, did, own } = run.others;
    const { person, token } = this.studio.me;
    const mine = by.id !== undefined && by.id === (person || token);
    return html`<div class="others" role="alert"><div><p><b>${mine ? words.othersSelf : say(words.othersDid, { who: by.name || words.somebody })}</b>${own === 'kept' ? ` ${words.ownKept}` : own === 'lost' ? ` ${words.ownLost}` : ''}</p>
      <ul>${didWords(did, words, this.studio.language.locale).map((d) => html`<li>${d}</li>`)}</ul></div>
      <button type="button" @click=${() => { run.others = undefined; this.requestUpdate(); }}>${words.othersSeen}</button></div>`;
  }

  // ---- the order

  private tell(text: string): void {
    this.said = this.said === text ? `${text}\u00a0` : text; // the same words are said again
  }

  private titled(product: string): string {
    return this.run?.line(product)?.goods.title ?? this.goods.get(product)?.title ?? '';
  }

  /** Moves a line, and says where it is now. One undo takes back all that was done to it in one go. */
  private move(product: string, before: string): void {
    const { run } = this; // also of a show that was left meanwhile
    const was = run?.now ?? [];
    const now = Date.now();
    const same = this.moved?.product === product && now - this.moved.at < oneGo;
    const back = same ? this.moved!.back : was[was.findIndex((l) => l.product === product) + 1]?.product ?? '';
    this.moved = { product, back, at: now };
    void run?.change({ kind: 'move', product, before });
    const lines = run?.now ?? [];
    this.studio.tell(say(this.words.movedTo, { what: this.titled(product), n: lines.findIndex((l) => l.product === product) + 1, of: lines.length }), async () => {
      this.moved = undefined;
      await run?.change({ kind: 'move', product, before: back });
    });
  }

  private step(l: Line, by: 'up' | 'down' | 'first' | 'last', button = false): void {
    const before = stepped(this.run?.now ?? [], l.product, by);
    if (before === undefined) return this.tell(by === 'up' || by === 'first' ? this.words.atTop : this.words.atEnd);
    const line = (): HTMLElement | null => this.querySelector(`.run [data-product="${l.product}"]`);
    const top = line()?.getBoundingClientRect().top ?? 0;
    this.move(l.product, before);
    void this.updateComplete.then(() => {
      // What is drawn in another place loses the focus. The others go past the line: its button stays under the finger.
      line()?.querySelector<HTMLElement>(button ? `.${by}` : '.grip')?.focus({ preventScroll: button });
      if (button) scrollBy({ top: (line()?.getBoundingClientRect().top ?? top) - top, behavior: 'instant' });
    });
  }

  private drop(product: string, before: string): void {
    const lines = this.run?.now ?? [];
    if (!lines.some((l) => l.product === product)) {
      const goods = this.goods.get(product);
      if (goods) this.add(goods, before);
      return;
    }
    const after = changed(lines, { kind: 'move', product, before });
    if (!after || after.every((l, i) => l.product === lines[i]?.product)) return;
    this.move(product, before);
  }

  private add(goods: Goods, before = ''): void {
    this.unfolded = true; // with the first line nothing closes under the hand
    void this.run?.change({ kind: 'add', lines: [newLine(goods)], before });
    this.tell(say(this.words.added, { what: goods.title, n: (this.run?.now ?? []).findIndex((l) => l.product === goods.id) + 1 }));
  }

  private takeOut(l: Line): void {
    const { run } = this; // also of a show that was left meanwhile
    const lines = run?.now ?? [];
    const at = lines.findIndex((x) => x.product === l.product);
    const before = lines[at + 1]?.product ?? '';
    const next = lines[at + 1] ?? lines[at - 1];
    if (this.typed?.base.product === l.product) this.typed = undefined;
    void this.run?.change({ kind: 'remove', product: l.product });
    this.studio.tell(say(this.words.takenOut, { what: l.goods.title }), async () => run?.change({ kind: 'add', lines: [l], before }));
    this.focusOn(next ? `[data-product="${next.product}"] .grip` : '[name=q]');
  }

  private focusOn(selector: string): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(selector)?.focus());
  }

  // ---- one line

  private edit(next: Typed | undefined): void {
    const before = this.typed;
    const other = next && before?.base.product !== next.base.product;
    if (other && before) this.begun.set(before.base.product, before);
    const t = (other && this.begun.get(next.base.product)) || next;
    if (before && !t) this.begun.delete(before.base.product);
    if (t) this.begun.delete(t.base.product);
    this.typed = t;
    if (t && before?.base.product !== t.base.product) this.focusOn(`[data-product="${t.base.product}"] [name=price]`);
    if (!t && before) this.focusOn(`[data-product="${before.base.product}"] .details`);
  }

  private async save(t: Typed): Promise<void> {
    const run = this.run;
    const zone = zoneOf(this.of);
    const fields = fieldsOf(t, zone);
    if (typeof fields === 'string') {
      this.typed = { ...t, wrong: fields };
      return;
    }
    if (falls(t) && !t.asked) {
      this.typed = { ...t, asked: true };
      return;
    }
    if (!run || !Object.keys(fields).length && !t.clash) return this.edit(undefined);
    this.saving = true;
    // What somebody else has made of the line has been seen: the next try is on top of it.
    if (t.clash === 'gone') await run.change({ kind: 'add', lines: [t.base], before: '' });
    const base = t.clash && t.clash !== 'gone' ? t.clash : run.line(t.base.product) && t.clash === 'gone' ? run.line(t.base.product)! : t.base;
    const { wrong, clash } = await run.set(base, fields);
    this.saving = false;
    if (wrong || clash) this.typed = { ...t, trouble: wrong, clash: clash ?? t.clash, asked: false };
    else {
      this.edit(undefined);
      this.tell(say(this.words.lineSaved, { what: t.base.goods.title }));
    }
  }

  // ---- beside it

  /** On phones what is beside the line-up stands below it, and on air is folded away until somebody wants it: the results follow. */
  private unfold(which: 'goods' | 'viewers'): void {
    this.unfolded = !(isOn(this.of) && this.unfolded && this.beside === which);
    if (!this.unfolded) return;
    this.turn(which);
    void this.updateComplete.then(() => this.querySelector('.beside')?.scrollIntoView({ block: 'start' }));
    if (which === 'goods') this.focusOn('[name=q]');
  }

  private turn(to: 'goods' | 'viewers'): void {
    this.beside = to;
    if (to === 'viewers') void this.look();
  }

  private catalogue(): TemplateResult {
    return finder(this.found, this.words, this.studio.language.locale, {
      base: home, may: this.order,
      has: (product) => this.run?.line(product) !== undefined,
      search: (q) => void this.search(q, pause),
      more: () => void this.search(this.found.q, 0, this.found.next),
      add: (p) => this.add(p),
      press: (e, p) => this.drag.press(e, p.id, p.title),
    });
  }

  /** The organisation of the show's room: what it may show is found, also what others grant to it. */
  private async seller(): Promise<string> {
    const { client, org } = this.studio;
    const { room } = this.of;
    if (this.roomOrg?.room !== room) {
      const answer = await client.GET('/api/v1/rooms/{room}', { params: { path: { room } } });
      this.roomOrg = { room, org: answer.data?.org ?? org };
    }
    return this.roomOrg.org;
  }

  private async search(q: string, wait: number, cursor?: string): Promise<void> {
    clearTimeout(this.timer);
    this.found = { ...this.found, q, state: 'reading' };
    if (wait) await new Promise((ok) => (this.timer = setTimeout(ok, wait)));
    const answer = await this.studio.client.GET('/api/v1/products', { params: { query: { limit: page, org: await this.seller(), ...(q.trim() ? { q: q.trim() } : {}), ...(cursor ? { cursor } : {}) } } });
    if (this.found.q !== q) return; // one has typed on
    for (const p of answer.data?.items ?? []) this.goods.set(p.id, p);
    this.found = answer.data
      ? { q, items: [...(cursor ? this.found.items : []), ...(answer.data.items ?? [])], next: answer.data.next, state: 'read', trouble: '' }
      : { ...this.found, state: 'failed', trouble: this.studio.wrong(answer) };
  }

  private viewers(lines: readonly Line[]): TemplateResult {
    if (!this.seen) {
      void this.look();
      return html`<p class="soft" role="status">${this.trouble || this.studio.language.words.loadingPart}</p>`;
    }
    const picture = (this.of.state === 'ended' && this.of.poster) || this.seen.picture; // of the replay, once there is one
    return preview({ ...this.seen, ...(picture ? { picture } : {}), ...(this.of.started ? { starts_at: this.of.started } : {}) }, this.at, moments(lines, this.of.starts_at, Date.now()), home, (at) => { this.at = at; void this.look(); }, this.words, this.studio.language.locale);
  }

  private looking = false;

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const answer = await this.studio.client.GET('/api/v1/shows/{show}/preview', { params: { path: { show: this.of.id }, query: this.at ? { at: this.at } : {} } });
    this.looking = false;
    this.trouble = this.studio.wrong(answer);
    if (answer.data) this.seen = answer.data;
  }

  /** Former line-ups, to take over. */
  private copies(): TemplateResult {
    const { words, former } = this;
    if (!former) return html`<button type="button" @click=${() => void this.readFormer()}>${words.copyFormer}</button>`;
    if (!former.length) return html`<p class="soft">${words.noFormer}</p>`;
    return html`<form class="copy with-button" @submit=${(e: Event) => void this.copy(e)}><select name="former" aria-label=${words.copyFormer}>${former.map((s) => html`<option value=${s.id}>${formerName(s, this.studio.language.locale)}</option>`)}</select>
      <button type="submit">${this.run?.now.length ? words.copyBehind : words.copyNow}</button></form>`;
  }

  private async readFormer(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/shows', { params: { query: { org: this.studio.org, limit: offered } } });
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return;
    this.former = (answer.data.items ?? []).filter((s) => s.lineup_rev > 0 && s.id !== this.of.id);
    this.focusOn('[name=former]');
  }

  /** Adds the lines of another show that this one does not have: nothing that stands here is lost. */
  private async copy(e: Event): Promise<void> {
    e.preventDefault();
    const from = (e.target as HTMLFormElement).querySelector('select')?.value ?? '';
    const answer = await this.studio.client.GET('/api/v1/shows/{show}/lineup', { params: { path: { show: from } } });
    if (!answer.data) {
      this.studio.tell(this.studio.wrong(answer));
      return;
    }
    const has = this.run?.now.length ?? 0;
    const lines = (answer.data.items ?? []).map(({ reveal_at: _, ...l }) => l);
    await this.run?.change({ kind: 'add', lines, before: '' });
    this.former = undefined;
    const said = say(this.words.copied, { n: (this.run?.now.length ?? 0) - has });
    this.tell(said);
    this.studio.tell(said);
  }
}

customElements.define('studio-script', Script);
