import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { say } from '../../shared/language.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { newKey } from '../parts/once.ts';
import { Pages } from '../parts/pages.ts';
import { wear } from '../parts/wear.ts';
import style from './categories.css?text';
import { depthOf, regular, within, wordsOf, type Category } from './words.ts';

wear(style);

const deepest = 6; // levels that are set in

/** What is done with a row: which form stands in it. */
interface Deed {
  readonly id: string;
  readonly kind: 'rename' | 'below' | 'delete';
  /** The name that waits for a yes, since there is one like it. */
  readonly join?: string;
}

/** `<catalogue-categories>`: the categories as a tree. `see` shows the products of one. */
export class Categories extends Section {
  @property({ attribute: false }) see!: (path: string) => void;
  @state() private deed: Deed | undefined;
  @state() private adding = false;
  @state() private trouble = '';
  @state() private moving: { done: number; all: number } | undefined;
  private key = newKey();
  private readonly categories = new Pages<Category>(this, (cursor) => this.studio.client.GET('/api/v1/categories', { params: { query: { org: this.studio.org, limit: 100, ...(cursor ? { cursor } : {}) } } }));

  protected override render(): TemplateResult {
    const { studio, categories } = this;
    const words = wordsOf(studio.language);
    const may = studio.may('goods');
    const none = this.adding ? nothing : empty(icons.catalogue, words.noneHead, words.noneWhy, may ? html`<button type="button" class="loud" @click=${() => this.open()}>${icons.add}${words.add}</button>` : undefined);
    return html`
      <div class="head"><h1>${words.head}</h1>${may && !this.adding && categories.items.length ? html`<button type="button" class="add" @click=${() => this.open()}>${icons.add}${words.add}</button>` : nothing}<p>${words.why}</p></div>
      ${this.adding ? html`<div class="sheet">${this.nameForm(words.addLabel, '', words.addWhy, words.add, (path) => this.make(path), () => this.close())}</div>` : nothing}
      ${listed(categories, studio, (items) => html`<div class="sheet table"><table class="rows"><caption class="sr">${words.head}</caption>
        <thead><tr><th scope="col">${words.nameColumn}</th><th scope="col" class="number">${words.countColumn}</th><th scope="col"><span class="sr">${words.actsColumn}</span></th></tr></thead>
        <tbody>${repeat(items, (c) => c.id, (c) => this.row(c, may))}</tbody></table></div>`, none === nothing ? nothing : html`${none}`)}`;
  }

  private row(c: Category, may: boolean): TemplateResult {
    const { studio } = this;
    const words = wordsOf(studio.language);
    const deed = this.deed?.id === c.id ? this.deed : undefined;
    const act = (kind: Deed['kind'], label: string): TemplateResult => html`<button type="button" class=${kind === 'delete' ? 'grave' : 'quiet'} data-act=${kind} @click=${() => this.begin(c, kind)}>${label}<span class="sr">: ${c.path}</span></button>`;
    return html`<tr data-category=${c.path}>
      <td style="--depth: ${Math.min(deepest, depthOf(c))}"><span class="name"><bdi>${c.name}</bdi>${c.parent ? html`<span class="sr"> (${c.path})</span>` : nothing}</span></td>
      <td class="number">${c.products ? html`<button type="button" class="plain" @click=${() => this.see(c.path)}>${this.number(c.products)}<span class="sr">: ${say(words.see, { name: c.path })}</span></button>` : html`<span class="soft">0</span>`}</td>
      <td class="end">${deed ? this.form(c, deed) : may ? html`<div class="acts">${act('below', words.addBelow)}${act('rename', words.rename)}${act('delete', words.delete)}</div>` : nothing}</td></tr>`;
  }

  private form(c: Category, deed: Deed): TemplateResult {
    const words = wordsOf(this.studio.language);
    const leave = (): void => this.leave(c, deed.kind);
    if (this.moving) return html`<p role="status">${say(words.moving, { done: this.number(this.moving.done), all: this.number(this.moving.all) })}</p><progress max=${Math.max(1, this.moving.all)} .value=${this.moving.done} aria-label=${words.head}></progress>`;
    if (deed.join !== undefined) return this.ask(say(words.joinAsk, { to: deed.join }), words.joinYes, () => void this.rename(c, deed.join!, false), leave);
    if (deed.kind === 'below') return this.nameForm(words.addLabel, `${c.path} > `, words.addWhy, words.add, (path) => this.make(path), leave);
    if (deed.kind === 'rename') return this.nameForm(say(words.renameLabel, { name: c.path }), c.path, say(words.renameWhy, { n: this.number(c.products) }), words.renameYes, async (path) => this.wish(c, path), leave);
    const others = this.categories.items.filter((o) => !within(o.path, c.path));
    return c.products
      ? this.ask(say(words.deleteAsk, { name: c.path, n: this.number(c.products) }), words.deleteYes, () => void this.dissolve(c), leave, html`<label class="field"><span>${words.deleteTo}</span><select name="to">
          ${c.parent ? html`<option value=${c.parent} selected>${c.parent}</option>` : nothing}<option value="">${words.deleteToNone}</option>${others.filter((o) => o.path !== c.parent).map((o) => html`<option value=${o.path}>${o.path}</option>`)}</select></label>`)
      : this.ask(say(words.deleteEmpty, { name: c.path }), words.deleteYes, () => void this.dissolve(c), leave);
  }

  private ask(question: string, yes: string, act: () => void, leave: () => void, more: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<div class="ask" role="group" aria-label=${question} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') leave(); }}><p>${question}</p>${more}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="acts"><button type="button" class="keep" @click=${leave}>${this.studio.language.words.keepIt}</button><button type="button" class="danger" @click=${act}>${yes}</button></div></div>`;
  }

  private nameForm(label: string, value: string, why: string, yes: string, act: (path: string) => Promise<void>, leave: () => void): TemplateResult {
    return html`<form class="named" @submit=${(e: SubmitEvent) => { e.preventDefault(); void act(regular(String(new FormData(e.target as HTMLFormElement).get('path')))); }} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') leave(); }}>
      <label class="field"><span>${label}</span><input name="path" required maxlength="250" autocomplete="off" .value=${value} aria-invalid=${this.trouble ? 'true' : 'false'} /><small>${why}</small></label>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="acts"><button type="submit" class="loud">${yes}</button><button type="button" @click=${leave}>${this.studio.language.words.keepIt}</button></div></form>`;
  }

  private number(n: number): string {
    return new Intl.NumberFormat(this.studio.language.locale).format(n);
  }

  private open(): void {
    this.adding = true;
    this.deed = undefined;
    this.trouble = '';
    this.key = newKey();
    this.focusOn('.named input');
  }

  private close(): void {
    this.adding = false;
    this.focusOn('.head .add, .empty .loud');
  }

  private begin(c: Category, kind: Deed['kind']): void {
    this.adding = false;
    this.deed = { id: c.id, kind };
    this.trouble = '';
    this.key = newKey();
    this.focusOn('.named input, tr .keep');
  }

  private leave(c: Category, kind: Deed['kind']): void {
    if (this.moving) return;
    this.deed = undefined;
    this.trouble = '';
    this.focusOn(`[data-category="${CSS.escape(c.path)}"] [data-act=${kind}]`);
  }

  /** Reads the list anew, and goes to what was made of a category. */
  private async over(path: string): Promise<void> {
    this.deed = this.moving = undefined;
    this.adding = false;
    this.trouble = '';
    await this.categories.load();
    this.focusOn(`[data-category="${CSS.escape(path)}"] [data-act]`);
  }

  private async make(path: string): Promise<void> {
    const { client, org, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.POST('/api/v1/categories', { params: { header: { 'Idempotency-Key': this.key } }, body: { org, path } });
    this.trouble = wrong(answer);
    if (answer.response.status < 500) this.key = newKey();
    if (!answer.data) return this.focusOn('.named input');
    tell(say(words.made, { name: answer.data.path }));
    await this.over(answer.data.path);
  }

  private async wish(c: Category, to: string): Promise<void> {
    if (to === c.path || !to) return this.leave(c, 'rename');
    if (this.categories.items.some((o) => o.path === to && o.id !== c.id)) {
      this.deed = { id: c.id, kind: 'rename', join: to };
      return this.focusOn('tr .keep');
    }
    await this.rename(c, to, true);
  }

  private async rename(c: Category, to: string, undo: boolean): Promise<void> {
    if (!(await this.move(c, to))) return;
    const { tell, language } = this.studio;
    const words = wordsOf(language);
    await this.over(to);
    const now = this.categories.items.find((o) => o.path === to);
    tell(say(words.renamed, { name: c.path, to }), undo && now ? async () => {
      if (!(await this.move(now, c.path))) return;
      await this.over(c.path);
      tell(say(words.back, { name: c.path }));
    } : undefined);
  }

  private async dissolve(c: Category): Promise<void> {
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    if (c.products) {
      if (!(await this.move(c, this.querySelector<HTMLSelectElement>('[name=to]')?.value ?? ''))) return;
    } else {
      const answer = await client.DELETE('/api/v1/categories/{category}', { params: { path: { category: c.id } } });
      if (!answer.response.ok && answer.response.status !== 404) return void (this.trouble = wrong(answer));
    }
    tell(say(words.deleted, { name: c.path }));
    await this.over(c.parent ?? '');
  }

  /** Moves a category: the server takes some hundred products at a time. */
  private async move(c: Category, to: string): Promise<boolean> {
    const { client, wrong, language } = this.studio;
    const words = wordsOf(language);
    for (let done = 0; ; ) {
      this.moving = { done, all: Math.max(done, c.products) };
      const answer = await client.POST('/api/v1/categories/{category}/move', { params: { path: { category: c.id } }, body: { to } });
      if (!answer.data) {
        const why = wrong(answer);
        this.trouble = done ? say(words.stopped, { done: this.number(done), all: this.number(c.products), why }) : why;
        this.moving = undefined;
        this.focusOn('.named input, tr .keep');
        return false;
      }
      done += answer.data.moved;
      if (!answer.data.left) return true;
    }
  }
}

customElements.define('catalogue-categories', Categories);
