import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import phrases from '../../generated/strings/dock-numbers.ts';
import { addressOf, fieldsOf, read, type Schemas } from '../../shared/api.ts';
import { inLanguage, say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import { timeOfDay } from '../../shared/times.ts';
import { home } from '../../shared/server.ts';
import { fromZero, isGathering, summary, type Trace } from '../../shared/trace.ts';
import { chatBefore } from '../chat/panel.ts';
import { pushAfter } from '../push/panel.ts';
import { patience, shownSeconds, type Desk } from '../desk.ts';
import type { Language } from '../words.ts';
import { bars } from './bars.ts';

const every = 5000; // ms
const stale = 30_000; // ms: beyond that the numbers say of when they are
const few = 6; // products that stand there at once

type Sums = Schemas['ShowSales'];

/** `<mediad-numbers>`: who watches, and what the show has sold so far. It is loaded when the dock stands, and draws into the page. */
export class Numbers extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) language!: Language;
  /** The server's time: the dock moves it on each second, and so this looks at the desk again. */
  @property({ attribute: false }) now = 0;

  @state() private sums: Sums | undefined;
  @state() private likes: number | undefined;
  @state() private barred = false; // who is here may not see money
  @state() private all = false;

  private of = '';
  private ticks: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ticks = setInterval(() => void this.read(), every);
  }

  protected override updated(): void {
    chatBefore(this, this.desk, this.language);
    pushAfter(this, this.desk, this.language);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticks);
  }

  /** The show that is on, or else the one that was. */
  private get show(): string {
    return this.desk.show || (this.desk.phase === 'ended' ? this.desk.former : '');
  }

  protected override willUpdate(): void {
    if (this.show === this.of) return;
    this.of = this.show;
    this.sums = this.likes = undefined;
    this.barred = false;
    this.all = false;
    void this.read();
  }

  private async read(): Promise<void> {
    const { of, desk } = this;
    if (of && !document.hidden) void this.liked(of);
    if (!of || this.barred || document.hidden || desk.state !== 'sync' && this.sums) return;
    try {
      const { data, response } = await desk.client().GET('/api/v1/shows/{show}/sales', { params: { path: { show: of } }, signal: AbortSignal.timeout(patience) });
      if (of !== this.of) return;
      if (data) this.sums = data;
      else if (response.status === 403 || response.status === 404) this.barred = true;
    } catch {
      // what stands there says of when it is
    }
  }

  /** What viewers are told, too. */
  private async liked(of: string): Promise<void> {
    const { likes } = fieldsOf<'Pulse'>(fieldsOf<'LiveBody'>(await read(addressOf(home, '/c/{show}/{file}', { show: of, file: 'live.json' }))).pulse);
    if (of === this.of && typeof likes === 'number') this.likes = likes;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { sums, desk, language: { locale } } = this;
    const words = inLanguage(phrases, locale);
    const number = (n: number): string => new Intl.NumberFormat(locale).format(n);
    if (!sums && [desk.viewers, desk.clicks].every((t) => typeof t.values.at(-1) !== 'number')) return nothing; // there is no show
    return html`<section class="sheet numbers" aria-labelledby="numbers"><h2 id="numbers">${words.numbers}</h2>
      ${this.traced(words.viewersNow, desk.viewers, words, number)}
      ${this.likes ? html`<figure class="liked"><figcaption>${words.likes} <strong>${number(this.likes)}</strong></figcaption></figure>` : nothing}
      ${sums ? this.sold(sums, words, number) : this.traced(words.salesClicks, desk.clicks, words, number)}
    </section>`;
  }

  /** A number of the last minutes, as this page has seen it. */
  private traced(name: string, trace: Trace, words: Words, number: (n: number) => string): TemplateResult {
    const s = summary(trace);
    const last = trace.values.at(-1); // null off air: what was known before is not now
    const now = typeof last === 'number' ? number(last) : '–';
    return html`<figure><figcaption>${name} <strong>${now}</strong></figcaption>
      ${isGathering(trace) ? nothing : html`<mediad-chart role="img" aria-label=${s ? say(words.chartWords, { what: name, now, most: number(s.most) }) : name} .trace=${trace} .scale=${fromZero(4)} .locale=${this.language.locale} .span=${shownSeconds}></mediad-chart>`}
    </figure>`;
  }

  private sold(sums: Sums, words: Words, number: (n: number) => string): TemplateResult {
    const { locale } = this.language;
    const at = new Date(sums.at);
    const old = this.now - at.getTime() > stale;
    return html`${sums.rehearsal ? html`<p class="soft">${words.salesRehearsal}</p>` : html`
        ${this.counted(sums, words, number)}
        ${sums.orders ? this.money(sums, words, number) : this.none(sums, words)}
        ${this.goods(sums, words, number)}
        ${old ? html`<p class="soft small">${say(words.salesAsOf, { t: timeOfDay(at, locale) })}</p>` : nothing}`}`;
  }

  private counted(sums: Sums, words: Words, number: (n: number) => string): TemplateResult {
    const minutes = sums.minutes ?? [];
    const one = (name: string, n: number, values: number[]): TemplateResult => html`<figure><figcaption>${name} <strong>${number(n)}</strong></figcaption>
      ${bars(values)}<span class="sr">${say(words.salesBars, { what: name, n: values.length, now: number(values.at(-1) ?? 0), most: number(Math.max(0, ...values)) })}</span></figure>`;
    return html`<div class="sold">${one(words.salesOrders, sums.orders, minutes.map((m) => m.orders))}${one(words.salesClicks, sums.clicks, minutes.map((m) => m.clicks))}</div>
      <p class="soft small">${say(words.salesMinutes, { n: minutes.length })}</p>`;
  }

  /** Currencies stand one below the other, and are never added up. */
  private money(sums: Sums, words: Words, number: (n: number) => string): TemplateResult {
    const { locale } = this.language;
    const many = (sums.money?.length ?? 0) > 1;
    return html`<dl class="takings">${(sums.money ?? []).map((m) => {
      const text = (n: number): string => money(n, m.currency, locale) || `${n} ${m.currency}`;
      return html`<div><dt>${words.salesPaid}${many ? html` <span class="soft">${say(words.salesOf, { n: number(m.orders) })}</span>` : nothing}</dt><dd>${text(m.gross)}</dd>
        ${m.net === m.gross ? nothing : html`<dt>${words.salesNet}</dt><dd>${text(m.net)}</dd>`}</div>`;
    })}</dl>`;
  }

  private none(sums: Sums, words: Words): TemplateResult {
    return sums.shops ? html`<p class="soft">${words.salesNone}</p>`
      : html`<p class="soft">${words.salesNoShop}</p><p><a class="button" href=${`${home}/studio#/shops`} target="_blank" rel="noopener">${words.salesConnect}</a></p>`;
  }

  private goods(sums: Sums, words: Words, number: (n: number) => string): TemplateResult | typeof nothing {
    const all = sums.products ?? [];
    const { locale } = this.language;
    if (!all.length) return nothing;
    return html`<ol class="goods" aria-label=${words.salesGoods}>${all.slice(0, this.all ? all.length : few).map((p) => html`<li>
        <span class="name" dir="auto">${p.title || p.sku || p.product}</span>
        <strong>${(p.money ?? []).map((m, i) => html`${i ? html`<br>` : nothing}${money(m.gross, m.currency, locale) || `${m.gross} ${m.currency}`}`)}</strong>
        <span class="more">${say(words.salesProduct, { orders: number(p.orders), units: number(p.units), clicks: number(p.clicks) })}</span></li>`)}</ol>
      ${all.length > few && !this.all ? html`<button type="button" class="all" @click=${() => (this.all = true)}>${say(words.salesAll, { n: number(all.length) })}</button>` : nothing}`;
  }
}

type Words = (typeof phrases)['en'];

customElements.define('mediad-numbers', Numbers);
