import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { newKey } from '../parts/once.ts';
import { Pages } from '../parts/pages.ts';
import { Poll } from '../parts/poll.ts';
import { ago, moment, precise } from '../parts/when.ts';
import { problemWord, typeWord, wordsOf, type Delivery } from './words.ts';

type State = Delivery['state'];

const week = 7 * 24 * 3600_000; // ms: what has ended is kept so long

/** `<webhook-log>`: what a webhook was told, and how that went. `news` counts up when there is something new. */
export class WebhookLog extends Section {
  @property() webhook = '';
  @property({ attribute: false }) news = 0;
  @property({ type: Boolean }) on = false;
  @state() private only: State | '' = '';
  @state() private open: Schemas['DeliveryStory'] | undefined;
  @state() private trouble = '';
  private readonly rows = new Pages<Delivery>(this, (cursor) => this.studio.client.GET('/api/v1/webhooks/{webhook}/deliveries', { params: { path: { webhook: this.webhook }, query: { limit: 20, ...(this.only ? { state: this.only } : {}), ...(cursor ? { cursor } : {}) } } }));

  constructor() {
    super();
    // What waits may be taken at any moment; nobody's place in a long list is lost for it.
    new Poll(this, () => (this.rows.items.some((d) => d.state === 'waiting') ? 3000 : 15_000), async () => {
      if (this.webhook && this.rows.items.length <= 20) await this.rows.load();
    });
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('news') && this.news) void this.rows.load();
  }

  protected override render(): TemplateResult {
    const { studio, rows } = this;
    const words = wordsOf(studio.language);
    const none = this.only ? words.logNoneSuch : words.logNone;
    return html`<section class="sheet stack" aria-labelledby="log-head"><h2 id="log-head">${words.logHead}</h2><p class="soft small">${words.logWhy}</p>
      ${rows.items.length || this.only ? html`<div class="filters"><label class="field"><span>${words.stateLabel}</span><select name="state" @change=${(e: Event) => { this.only = (e.target as HTMLSelectElement).value as State | ''; void rows.load(); }}>
        <option value="">${words.stateAll}</option><option value="taken">${words.stateTaken}</option><option value="waiting">${words.stateWaiting}</option><option value="failed">${words.stateFailed}</option></select></label>
        ${this.on ? html`<button type="button" @click=${() => void this.replayFailed()}>${words.replayFailed}</button>` : nothing}</div>` : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${listed(rows, studio, (items) => html`<ol class="log">${items.map((d) => this.row(d))}</ol>`, html`<p class="soft">${none}</p>`)}</section>`;
  }

  private row(d: Delivery): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    const { locale } = language;
    const open = this.open?.id === d.id ? this.open : undefined;
    const name = `${typeWord(d.type, words)}, ${moment(d.created, locale)}`;
    return html`<li data-delivery=${d.id}><div class="line"><div><strong>${typeWord(d.type, words)}</strong><br /><time datetime=${d.created} title=${precise(d.created, locale)}>${moment(d.created, locale)}</time></div>
        <div><span class="badge" data-state=${d.state}>${d.state === 'taken' ? words.stateTaken : d.state === 'failed' ? words.stateFailed : d.last && d.next ? say(words.stateAgain, { when: ago(d.next, locale) }) : words.stateWaiting}</span>
          ${d.last?.problem ? html`<br /><span class="soft small">${problemWord(d.last.problem, words)}</span>` : nothing}</div>
        <button type="button" aria-expanded=${open ? 'true' : 'false'} @click=${() => void this.turn(d)}>${open ? words.close : words.details}<span class="sr">: ${name}</span></button></div>
      ${open ? this.story(open) : nothing}</li>`;
  }

  private story(d: Schemas['DeliveryStory']): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    const { locale } = language;
    return html`<div class="story">
      <div class="stack"><h3>${words.triesHead}</h3>${d.attempts?.length ? html`<ol class="tries">${d.attempts.map((a) => html`<li><time datetime=${a.at} title=${precise(a.at, locale)}>${precise(a.at, locale)}</time> · ${a.problem ? problemWord(a.problem, words) : say(words.tryTaken, { status: a.status ?? '', n: a.took_ms })}
        ${a.answer ? html`<br /><span class="soft small">${words.answered}: <bdi><code>${a.answer}</code></bdi></span>` : nothing}</li>`)}</ol>` : html`<p class="soft">${words.noTries}</p>`}</div>
      <div class="stack"><h3>${words.bodyHead}</h3><p class="soft small">${words.messageId}: <code dir="ltr">${d.message}</code></p>
        <pre dir="ltr" tabindex="0" aria-label=${words.bodyHead}><code>${JSON.stringify(d.body, undefined, 2)}</code></pre></div>
      ${this.on ? html`<div class="acts"><button type="button" @click=${() => void this.replay(d)}>${words.replay}</button></div>` : nothing}</div>`;
  }

  private async turn(d: Delivery): Promise<void> {
    if (this.open?.id === d.id) return void (this.open = undefined);
    const answer = await this.studio.client.GET('/api/v1/webhooks/{webhook}/deliveries/{delivery}', { params: { path: { webhook: this.webhook, delivery: d.id } } });
    this.trouble = this.studio.wrong(answer);
    this.open = answer.data;
  }

  private async replay(d: Delivery): Promise<void> {
    const { client, wrong, tell, language } = this.studio;
    const answer = await client.POST('/api/v1/webhooks/{webhook}/deliveries/{delivery}/replay', { params: { path: { webhook: this.webhook, delivery: d.id }, header: { 'Idempotency-Key': newKey() } } });
    this.trouble = wrong(answer);
    if (!answer.data) return;
    const words = wordsOf(language);
    tell(words.replayed);
    this.open = undefined;
    await this.rows.load();
  }

  private async replayFailed(): Promise<void> {
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.POST('/api/v1/webhooks/{webhook}/replay', { params: { path: { webhook: this.webhook }, header: { 'Idempotency-Key': newKey() } }, body: { since: new Date(Date.now() - week).toISOString() } });
    this.trouble = wrong(answer);
    if (!answer.data) return;
    tell(answer.data.queued ? say(words.replayedMany, { n: answer.data.queued }) : words.replayedNone);
    await this.rows.load();
  }
}

customElements.define('webhook-log', WebhookLog);
