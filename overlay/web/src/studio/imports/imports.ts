import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Answer } from '../context.ts';
import { currencies, currencyThere, remember, usualCurrency, whence } from '../parts/currencies.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { newKey } from '../parts/once.ts';
import { Poll } from '../parts/poll.ts';
import { wear } from '../parts/wear.ts';
import { feedCard } from './feed.ts';
import style from './imports.css?text';
import { importList } from './list.ts';
import { Recent } from './recent.ts';
import { busy, everyWord, offered, wordsOf, type Feed, type ImportHead } from './words.ts';

wear(style);

const [soon, later] = [1500, 20_000]; // ms between two looks: while the server works, and otherwise

/** `<catalogue-imports>`: files that are fetched on a schedule, and what came in. */
export class Imports extends Section {
  @state() private adding = false;
  @state() private sending = false;
  @state() private wrong = '';
  @state() private trouble: { id: string; text: string } | undefined;
  private first = ''; // the currency that the form begins with
  @state() private there = ''; // the currency of the products
  private chosen = false; // a currency, in the form
  private key = newKey();
  private readonly feeds = new Recent<Feed>(this, (cursor) => this.studio.client.GET('/api/v1/feeds', { params: { query: { org: this.studio.org, ...(cursor ? { cursor } : {}) } } }), false);
  private readonly imports = new Recent<ImportHead>(this, (cursor) => this.studio.client.GET('/api/v1/imports', { params: { query: { org: this.studio.org, limit: 20, ...(cursor ? { cursor } : {}) } } }), true);
  private readonly poll = new Poll(this, () => (this.works ? soon : later), async () => void (await Promise.all([this.feeds.look(), this.imports.look()])));

  private get works(): boolean {
    return this.imports.items.some(busy) || this.feeds.items.some((f) => busy(f.last) || (f.next !== undefined && new Date(f.next).getTime() < Date.now() + 2 * soon));
  }

  protected override render(): TemplateResult {
    const { studio, feeds, imports } = this;
    const words = wordsOf(studio.language);
    return html`
      <div class="head"><h1>${words.head}</h1><div class="acts"><a class="button" href="#/catalogue/import">${words.bring}</a></div></div>
      <section class="sheet feeds" aria-labelledby="feeds-head">
        <div class="head"><h2 id="feeds-head">${words.feedsHead}</h2>${this.adding ? nothing : html`<button type="button" class="add" @click=${() => this.open()}>${icons.add}${words.feedAdd}</button>`}
          <p>${feeds.read && !feeds.items.length ? words.feedNone : words.feedsWhy}</p></div>
        ${this.adding ? this.form() : nothing}
        ${feeds.items.length ? html`<ul>${feeds.items.map((f) => feedCard(f, studio, { change: (of, c, said) => void this.change(of, c, said), remove: (of) => this.dismiss(of), trouble: this.trouble }))}</ul>` : nothing}
        ${this.around(feeds)}
      </section>
      <section class="came" aria-labelledby="came-head"><h2 id="came-head">${words.listHead}</h2>
        ${imports.items.length ? importList(imports.items, studio, (i) => this.drop(i)) : imports.read ? empty(icons.catalogue, words.listNone, words.listNoneWhy, html`<a class="button loud" href="#/catalogue/import">${words.bring}</a>`) : nothing}
        ${this.around(imports)}
        ${imports.next ? html`<div class="acts"><button type="button" @click=${() => void imports.more()}>${studio.language.words.showMore}</button></div>` : nothing}
      </section>`;
  }

  private around(list: { read: boolean; failed: Answer | undefined }): TemplateResult | typeof nothing {
    const { words } = this.studio.language;
    if (list.failed) return html`<div class="acts"><p class="trouble" role="alert">${this.studio.wrong(list.failed)}</p><button type="button" @click=${() => this.poll.now()}>${words.tryOnceMore}</button></div>`;
    return list.read ? nothing : html`<p class="soft" role="status">${words.loadingPart}</p>`;
  }

  private form(): TemplateResult {
    const { studio, wrong } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const usual = this.first;
    return html`<form class="fields" @submit=${(e: SubmitEvent) => void this.add(e)} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') this.close(); }}>
      <label class="field wide"><span>${words.urlLabel}</span><input type="url" name="url" required dir="ltr" maxlength="2048" placeholder="https://" autocomplete="off" aria-invalid=${wrong ? 'true' : 'false'} aria-describedby="feed-url-why" />
        ${wrong ? html`<small id="feed-url-why" class="trouble" role="alert">${wrong}</small>` : html`<small id="feed-url-why">${words.urlWhy}</small>`}</label>
      <label class="field"><span>${words.everyLabel}</span><select name="every">${offered.map((h) => html`<option value=${h} ?selected=${h === 24}>${everyWord(h, words)}</option>`)}</select></label>
      <label class="field"><span>${words.currencyLabel}</span><select name="currency" @change=${() => (this.chosen = true)}>${currencies(usual, language.locale).map((c) => html`<option value=${c.code} ?selected=${c.code === usual}>${c.name}</option>`)}</select><small>${words.currencyWhy} ${whence(studio, this.there)}</small></label>
      <div class="acts wide"><button type="submit" class="loud" ?disabled=${this.sending}>${words.feedMake}</button><button type="button" @click=${() => this.close()}>${language.words.keepIt}</button></div></form>`;
  }

  private open(): void {
    this.adding = true;
    this.wrong = '';
    this.key = newKey();
    this.chosen = false;
    this.first = usualCurrency(this.studio, this.there);
    void this.look();
    this.focusOn('[name=url]');
  }

  private async look(): Promise<void> {
    const there = await currencyThere(this.studio);
    if (this.chosen || this.sending) return;
    this.first = usualCurrency(this.studio, there);
    this.there = there;
  }

  private close(): void {
    this.adding = false;
    this.focusOn('.feeds .add');
  }

  private async add(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    if (this.sending) return;
    const { client, org, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const data = new FormData(e.target as HTMLFormElement);
    const currency = String(data.get('currency'));
    remember(currency);
    this.sending = true;
    const answer = await client.POST('/api/v1/feeds', { params: { header: { 'Idempotency-Key': this.key } }, body: { org, url: String(data.get('url')).trim(), every_hours: Number(data.get('every')), currency } });
    this.sending = false;
    this.wrong = wrong(answer);
    if (answer.response.status < 500) this.key = newKey();
    if (!answer.data) return this.focusOn('[name=url]');
    this.feeds.take(answer.data);
    tell(words.feedMade);
    this.close();
    this.poll.now();
  }

  private async change(f: Feed, change: { now?: boolean; paused?: boolean; every_hours?: number }, said: string): Promise<void> {
    const { client, wrong, tell } = this.studio;
    const answer = await client.PATCH('/api/v1/feeds/{feed}', { params: { path: { feed: f.id } }, body: change });
    this.trouble = answer.data ? undefined : { id: f.id, text: wrong(answer) };
    if (!answer.data) return;
    this.feeds.take(answer.data);
    tell(said, change.now ? undefined : async () => void (await this.back(f, change)));
    this.poll.now();
  }

  private async back(f: Feed, change: { paused?: boolean; every_hours?: number }): Promise<void> {
    const { client, wrong } = this.studio;
    const answer = await client.PATCH('/api/v1/feeds/{feed}', { params: { path: { feed: f.id } }, body: change.paused === undefined ? { every_hours: f.every_hours } : { paused: !change.paused } });
    this.trouble = answer.data ? undefined : { id: f.id, text: wrong(answer) };
    if (answer.data) this.feeds.take(answer.data);
  }

  private async dismiss(f: Feed): Promise<string> {
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.DELETE('/api/v1/feeds/{feed}', { params: { path: { feed: f.id } } });
    if (answer.response.ok || answer.response.status === 404) {
      this.feeds.drop(f.id);
      tell(say(words.feedDeleted, { name: new URL(f.url).hostname }));
      this.focusOn('.feeds .add');
      return '';
    }
    return wrong(answer);
  }

  private async drop(i: ImportHead): Promise<string> {
    const { client, wrong } = this.studio;
    const answer = await client.DELETE('/api/v1/imports/{import}', { params: { path: { import: i.id } } });
    if (answer.response.ok) {
      await this.imports.look();
      this.focusOn(`[data-import="${i.id}"] a`);
    }
    return wrong(answer);
  }
}

customElements.define('catalogue-imports', Imports);
