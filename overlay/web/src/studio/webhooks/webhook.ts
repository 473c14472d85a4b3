import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { say } from '../../shared/language.ts';
import '../parts/ask.ts';
import { Section } from '../parts/light.ts';
import { newKey } from '../parts/once.ts';
import { Poll } from '../parts/poll.ts';
import '../parts/secret.ts';
import { ago, moment } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import { trouble, webhookFields, webhookIn } from './form.ts';
import './log.ts';
import { called, problemWord, standing, wordsOf, type Webhook } from './words.ts';

const looks = 40; // at a test, for its answer
const between = 500; // ms

/** `<studio-webhook>`: one webhook: how it does, a test, its secret, what it was told, and what it knows. */
export class WebhookPage extends Section {
  @property() webhook = '';
  /** The secret that was made just now, which is shown this once. */
  @property() secret = '';
  @state() private at: Webhook | undefined;
  @state() private missing = '';
  @state() private trouble = '';
  @state() private conflict = false;
  @state() private busy = false;
  @state() private tested: { readonly good: boolean; readonly text: string } | undefined;
  @state() private wrongTurn = '';
  @state() private news = 0;
  private rev = 0; // what the form was filled from
  private filled = 0; // how often it was

  constructor() {
    super();
    new Poll(this, () => 10_000, () => this.look());
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('webhook') && this.webhook) void this.load();
  }

  protected override render(): TemplateResult {
    const { studio, at } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const back = html`<a class="back" href=${hashOf('webhooks')}>${words.all}</a>`;
    if (this.missing) return html`${back}<div class="empty" role="alert"><p>${this.missing}</p></div>`;
    if (!at) return html`${back}<p class="soft" role="status">${language.words.loadingPart}</p>`;
    return html`${back}<div class="head"><h1><bdi>${called(at)}</bdi></h1><p><bdi dir="ltr">${at.url}</bdi></p></div>
      ${this.standing(at)}
      <div class="parts"><webhook-log .studio=${studio} .webhook=${at.id} .news=${this.news} ?on=${at.on}></webhook-log>
        <div class="stack"><section class="sheet stack" aria-labelledby="secret-head"><h2 id="secret-head">${words.secretHead}</h2>${this.keys(at)}</section>
          <section class="sheet stack" aria-labelledby="settings-head"><h2 id="settings-head">${words.settings}</h2>${keyed(this.filled, this.form(at))}</section>
          <div class="acts"><studio-ask .words=${language.words} label=${words.remove} question=${say(words.removeAsk, { name: called(at) })} yes=${words.removeYes} .act=${() => this.dismiss(at)}></studio-ask></div></div></div>`;
  }

  private standing(at: Webhook): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    const { how, head, why } = standing(at, words, (when) => ago(when, language.locale));
    return html`<section class="sheet standing" data-how=${how}><p class="lamp" role="status">${head}</p>
      ${why ? html`<p>${why}</p>` : nothing}
      ${at.waiting ? html`<p class="soft">${say(words.waiting, { n: at.waiting })}</p>` : nothing}
      ${this.tested ? html`<p class=${this.tested.good ? 'good' : 'trouble'} role="status">${this.tested.text}</p>` : nothing}
      ${this.wrongTurn ? html`<p class="trouble" role="alert">${this.wrongTurn}</p>` : nothing}
      <div class="acts">${at.on ? html`<button type="button" class=${at.taken_at ? '' : 'loud'} ?disabled=${this.busy} @click=${() => void this.test()}>${this.busy ? words.testing : words.test}</button>` : nothing}
        ${at.off_because === 'secret' ? nothing : html`<button type="button" class=${at.on ? '' : 'loud'} @click=${() => void this.turn(!at.on)}>${at.on ? words.switchOff : words.switchOn}</button>`}</div></section>`;
  }

  private keys(at: Webhook): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    if (this.secret) return html`<p class="good" role="status">${words.secretOnce}</p>
      <studio-secret .words=${language.words} .value=${this.secret} what=${words.secretName}></studio-secret>
      ${at.former_secret_until ? html`<p class="warn small">${say(words.secretFormer, { at: moment(at.former_secret_until, language.locale) })}</p>` : nothing}
      <div class="acts"><button type="button" @click=${() => { this.secret = ''; }}>${words.secretKept}</button></div>`;
    return html`<p>${words.secretWhy}</p>
      ${at.former_secret_until ? html`<p class="warn small">${say(words.secretFormer, { at: moment(at.former_secret_until, language.locale) })}</p>` : nothing}
      <div class="acts"><studio-ask .words=${language.words} label=${words.renew} question=${words.renewAsk} yes=${words.renewYes} .act=${() => this.renew(at)}></studio-ask></div>`;
  }

  private form(at: Webhook): TemplateResult {
    const words = wordsOf(this.studio.language);
    return html`<form class="fields" @submit=${(e: SubmitEvent) => void this.save(e, at)}>
      ${webhookFields({ url: at.url, name: at.name ?? '', types: at.types ?? [] }, words)}
      ${trouble(this.conflict ? words.changedMeanwhile : this.trouble)}
      <div class="acts wide">${this.conflict ? html`<button type="button" class="loud" @click=${() => void this.load()}>${words.loadAnew}</button>` : html`<button type="submit">${words.save}</button>`}</div></form>`;
  }

  private get path() {
    return { path: { webhook: this.webhook } };
  }

  private async load(): Promise<void> {
    const { client, wrong, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.GET('/api/v1/webhooks/{webhook}', { params: this.path });
    if (answer.data) this.take(answer.data);
    else this.missing = answer.response.status === 404 ? words.gone : wrong(answer);
  }

  /** Fills the form anew. */
  private take(at: Webhook): void {
    this.at = at;
    this.rev = at.rev;
    this.filled++;
    this.conflict = false;
    this.trouble = '';
  }

  /** How it does now; what somebody types stays. */
  private async look(): Promise<void> {
    if (!this.at) return;
    const answer = await this.studio.client.GET('/api/v1/webhooks/{webhook}', { params: this.path });
    if (answer.data) this.at = answer.data;
  }

  private async test(): Promise<void> {
    const { client, wrong, language } = this.studio;
    const words = wordsOf(language);
    this.busy = true;
    this.tested = undefined;
    const asked = await client.POST('/api/v1/webhooks/{webhook}/test', { params: { ...this.path, header: { 'Idempotency-Key': newKey() } } });
    this.wrongTurn = wrong(asked);
    let last = asked.data;
    for (let n = 0; last && !last.last && n < looks && this.isConnected; n++) {
      await new Promise((done) => setTimeout(done, between));
      last = (await client.GET('/api/v1/webhooks/{webhook}/deliveries/{delivery}', { params: { path: { webhook: this.webhook, delivery: last.id } } })).data ?? last;
    }
    this.busy = false;
    if (!last) return;
    const went = last.last;
    this.tested = !went ? { good: false, text: words.testLate } : went.problem ? { good: false, text: say(words.testBad, { problem: problemWord(went.problem, words) }) } : { good: true, text: say(words.testGood, { status: went.status ?? '', n: went.took_ms }) };
    this.news++;
    await this.look();
  }

  private async turn(on: boolean): Promise<void> {
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.PATCH('/api/v1/webhooks/{webhook}', { params: this.path, body: { on } });
    this.wrongTurn = wrong(answer);
    if (!answer.data) return;
    this.tested = undefined;
    if (answer.data.rev === this.rev + 1) this.rev = answer.data.rev;
    this.at = answer.data;
    tell(on ? words.switchedOn : words.switchedOff);
  }

  private async renew(at: Webhook): Promise<string> {
    const { client, wrong } = this.studio;
    const answer = await client.POST('/api/v1/webhooks/{webhook}/secret', { params: { ...this.path, header: { 'Idempotency-Key': newKey() } } });
    if (!answer.data) return wrong(answer);
    this.secret = answer.data.secret;
    if (answer.data.rev === this.rev + 1) this.rev = answer.data.rev;
    this.at = { ...at, ...answer.data };
    return '';
  }

  private async save(e: SubmitEvent, at: Webhook): Promise<void> {
    e.preventDefault();
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const said = webhookIn(new FormData(e.target as HTMLFormElement));
    if (!said.types.length) return void (this.trouble = words.noTypes);
    const answer = await client.PATCH('/api/v1/webhooks/{webhook}', { params: { path: { webhook: at.id } }, body: { rev: this.rev, ...said } });
    this.conflict = answer.response.status === 409;
    this.trouble = wrong(answer);
    if (!answer.data) return;
    this.take(answer.data);
    tell(words.saved);
  }

  private async dismiss(at: Webhook): Promise<string> {
    const { client, wrong, tell, go, language } = this.studio;
    const answer = await client.DELETE('/api/v1/webhooks/{webhook}', { params: this.path });
    if (!answer.response.ok && answer.response.status !== 404) return wrong(answer);
    const words = wordsOf(language);
    tell(say(words.removed, { name: called(at) }));
    go('webhooks');
    return '';
  }
}

customElements.define('studio-webhook', WebhookPage);
