import { LitElement, html, nothing, svg, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-results.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import { home } from '../../shared/server.ts';
import type { Schemas, Studio } from '../context.ts';
import { bandsOf, filled, placeOf, soldIn, type Band, type Placed } from './bands.ts';
import { clockOf } from './times.ts';

type Minute = Schemas['LiveMinute'];
type Words = (typeof table)['en'];

const height = 120; // of the picture, in its own units; a minute is one wide
const all = ['gross', 'orders', 'clicks', 'viewers', 'likes', 'comments'] as const;
type Figure = (typeof all)[number];

/** `<result-minutes>`: what viewers did and bought in each minute of a show, below what was over the picture. A minute that is chosen has its figures in words, and leads to its moment of the recording. */
export class ResultMinutes extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) of!: Schemas['StoredShow'];
  @property({ attribute: false }) minutes!: Schemas['ShowMinutes'];
  @property({ attribute: false }) titles: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) numbers: ReadonlyMap<string, number> = new Map();
  @property({ attribute: false }) chapters: readonly Placed[] = [];
  @property({ attribute: false }) sold: readonly Schemas['ProductMinute'][] = []; // by the picture of the click
  @property() zone = '';
  @state() private figure: Figure | undefined;
  @state() private product = ''; // of which the figures are; '': of all
  @state() private at: number | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { studio: { language } } = this;
    const words = language.in(table);
    const list = filled(this.minutes.minutes ?? []);
    if (!list.length) return nothing;
    const { locale } = language;
    const sellers = [...new Set(this.sold.map((p) => p.product))].filter((id) => this.titles.has(id));
    const product = sellers.includes(this.product) ? this.product : '';
    const of = product ? soldIn(list, this.sold.filter((p) => p.product === product)) : list;
    const currency = of.flatMap((m) => m.money ?? [])[0]?.currency ?? '';
    const values = (f: Figure): number[] => of.map((m) => (f === 'gross' ? (m.money ?? []).find((t) => t.currency === currency)?.gross ?? 0 : m[f]));
    const there = all.filter((f) => values(f).some((n) => n > 0));
    const figure = this.figure && there.includes(this.figure) ? this.figure : there[0];
    if (!figure) return nothing;
    const bars = values(figure);
    const most = Math.max(...bars);
    const at = Math.min(this.at ?? bars.indexOf(most), list.length - 1);
    const clock = clockOf(60, this.zone, locale);
    const named = (i: number): string => clock(Date.parse(list[i]!.at) / 1000);
    const names: Record<Figure, string> = { gross: words.gross, orders: words.orders, clicks: words.productClicks, viewers: words.minuteViewers, likes: words.likes, comments: words.minuteComments };
    const bands = bandsOf(list);
    return html`<section class="minutes" aria-labelledby="minutes-head"><div class="top-line"><h3 id="minutes-head">${words.minutesHead}</h3>
        ${sellers.length ? html`<label class="pick"><span>${words.product}</span><select name="minute-product" .value=${product} @change=${(e: Event) => { this.product = (e.target as HTMLSelectElement).value; this.at = undefined; }}><option value="" ?selected=${!product}>${words.minuteAll}</option>${sellers.map((id) => html`<option value=${id} ?selected=${id === product}>${this.titles.get(id)}</option>`)}</select></label>` : nothing}
        <label class="pick"><span>${words.minutesOf}</span><select name="minute-figure" .value=${figure} @change=${(e: Event) => { this.figure = (e.target as HTMLSelectElement).value as Figure; }}>${there.map((f) => html`<option value=${f} ?selected=${f === figure}>${names[f]}${f === 'gross' ? ` (${currency})` : ''}</option>`)}</select></label></div>
      <div @pointermove=${(e: PointerEvent) => e.pointerType === 'mouse' && this.point(e, list.length)} @click=${(e: MouseEvent) => this.point(e, list.length)}><div class="line">
        <svg viewBox="0 0 ${list.length} ${height}" preserveAspectRatio="none" aria-hidden="true">
          ${bands.map((b, i) => svg`<rect class="band" data-odd=${i % 2} x=${b.from} width=${b.to - b.from} y="0" height=${height} />`)}
          ${bars.map((n, i) => (n ? svg`<rect class="bar" data-at=${i === at} x=${i + 0.1} width="0.8" y=${height - (n / most) * height * 0.94} height=${(n / most) * height * 0.94} />` : nothing))}</svg>
        ${bands.map((b) => this.label(b, list.length))}</div>
      <label class="slide"><span class="sr">${words.minuteChoose}</span><input type="range" name="minute" min="0" max=${list.length - 1} .value=${String(at)} aria-valuetext=${named(at)} @input=${(e: Event) => { this.at = Number((e.target as HTMLInputElement).value); }}></label></div>
      <div class="ends soft small"><span>${named(0)}</span><span>${named(list.length - 1)}</span></div>
      ${this.told(of[at]!, named(at), product, words, locale)}
      <p class="soft small">${words.minutesWhy} <a href=${`/api/v1/shows/${this.minutes.show}/minutes.csv`} download>${words.minutesCSV}</a></p></section>`;
  }

  /** The number of what was over the picture, where its band has room for it. */
  private label(b: Band, of: number): TemplateResult | typeof nothing {
    const n = this.numbers.get(b.product);
    return n === undefined || (b.to - b.from) / of < 0.035 ? nothing : html`<span class="n" aria-hidden="true" style="inset-inline-start: ${(100 * (b.from + b.to)) / 2 / of}%">${n}</span>`;
  }

  /** What happened in a minute, in words. */
  private told(m: Minute & { replayed?: number }, time: string, product: string, words: Words, locale: string): TemplateResult {
    const number = (n: number): string => n.toLocaleString(locale, { maximumFractionDigits: 1 });
    const shown = (product ? [product] : m.products ?? []).map((id) => this.titles.get(id)).filter(Boolean).join(', ');
    const place = this.of.replay ? placeOf(Date.parse(m.at) / 1000, this.chapters) : undefined;
    const paid = (m.money ?? []).map((t) => money(t.gross, t.currency, locale)).join(', ');
    return html`<div class="told-minute" role="status"><strong>${time}</strong>${shown ? html`<span>${shown}</span>` : nothing}
      <span>${product ? say(words.minuteSoldOf, { money: paid || '–', orders: number(m.orders), replayed: number(m.replayed ?? 0), clicks: number(m.clicks) }) : say(words.minuteSaid, { money: paid || '–', orders: number(m.orders), clicks: number(m.clicks), viewers: number(m.viewers), peak: number(m.peak), likes: number(m.likes) })}</span>
      ${place === undefined ? nothing : html`<a class="button" href=${`${home}/watch/${encodeURIComponent(this.of.room)}?show=${this.of.id}&t=${Math.floor(place)}`} target="_blank" rel="noopener">${words.minuteWatch}</a>`}</div>`;
  }

  private point(e: MouseEvent, of: number): void {
    const line = (e.target as Element).closest('.line'); // the slider below it has its own ways
    if (!line) return;
    const box = line.getBoundingClientRect();
    this.at = Math.max(0, Math.min(of - 1, Math.floor(((e.clientX - box.left) / box.width) * of)));
  }
}

customElements.define('result-minutes', ResultMinutes);
