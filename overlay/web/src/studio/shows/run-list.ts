import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { buyable } from '../../shared/buyable.ts';
import { say } from '../../shared/language.ts';
import { webURL } from '../../shared/web-url.ts';
import { blankOf } from '../parts/blank.ts';
import type { Line } from './change.ts';
import { lineForm, typedOf, type LineFormHooks, type Typed } from './line-form.ts';
import { unitsMark, type Units } from './units.ts';
import { priceOf, type Words } from './words.ts';

/** The line-up: its lines in order, each with a grip to drag it, keys that do the same, and on phones a button up and one down. */

export interface RunHooks extends LineFormHooks {
  readonly base: string;
  /** Whether one may change the order. */
  readonly order: boolean;
  /** The line whose form is open. */
  readonly typed: Typed | undefined;
  /** What is dragged, and in front of which product it would land; undefined: nowhere. */
  readonly dragged: string;
  readonly before: string | undefined;
  /** The units that the show may sell, and the form for those of a line; nothing where one may not change them. */
  readonly units: readonly Units[];
  unitsForm(line: Line): TemplateResult | typeof nothing;
  /** How a product is on the picture, while the show is on air. */
  place(product: string): 'now' | 'also' | '';
  press(e: PointerEvent, line: Line): void;
  /** `button`: it was asked for with a button of the line, which keeps its place under the finger. */
  step(line: Line, by: 'up' | 'down' | 'first' | 'last', button?: boolean): void;
  remove(line: Line): void;
}

export function runList(lines: readonly Line[], words: Words, locale: string, hooks: RunHooks): TemplateResult {
  return html`<ol class="run" aria-label=${words.lineupHead} data-end=${hooks.dragged !== '' && hooks.before === ''}>
    ${repeat(lines, (l) => l.product, (l, n) => row(l, n, lines.length, words, locale, hooks))}
  </ol>`;
}

function row(l: Line, n: number, all: number, words: Words, locale: string, hooks: RunHooks): TemplateResult {
  const { goods } = l;
  const image = goods.image || goods.images?.[0];
  const place = hooks.place(l.product);
  const open = hooks.typed?.base.product === l.product;
  const keys = (e: KeyboardEvent): void => {
    const by = e.altKey && !e.ctrlKey && !e.metaKey ? ({ ArrowUp: 'up', ArrowDown: 'down', Home: 'first', End: 'last' } as const)[e.key as string] : undefined;
    if (!by || !hooks.order || (e.target as HTMLElement).closest('form')) return;
    e.preventDefault();
    hooks.step(l, by);
  };
  const step = (by: 'up' | 'down', sign: string, name: string, end: boolean): TemplateResult => html`<button type="button" class=${by} aria-disabled=${end ? 'true' : nothing} @click=${() => hooks.step(l, by, true)}><span aria-hidden="true">${sign}</span><span class="sr">${name}: ${say(words.gripOf, { what: goods.title, n: n + 1, of: all })}</span></button>`;
  return html`<li class="line" data-product=${l.product} data-dragged=${hooks.dragged === l.product} data-before=${hooks.dragged !== '' && hooks.before === l.product} aria-current=${place === 'now' ? 'true' : nothing} @keydown=${keys}>
    <div class="bar">
      ${hooks.order ? html`<button type="button" class="grip" aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown" aria-describedby="grip-how" @pointerdown=${(e: PointerEvent) => hooks.press(e, l)}><span aria-hidden="true" class="dots"></span><span class="n" aria-hidden="true">${n + 1}</span><span class="sr">${say(words.gripOf, { what: goods.title, n: n + 1, of: all })}</span></button>` : html`<span class="n">${n + 1}</span>`}
      ${image ? html`<img src=${webURL(image, hooks.base)} alt="" loading="lazy" draggable="false" referrerpolicy="no-referrer" />` : blankOf(goods.title)}
      <div class="what"><b>${goods.title}</b>${l.seller ? html`<small class="soft">${say(words.soldBy, { who: l.seller })}</small>` : nothing}
        <span class="sub"><span class="price">${priceOf(goods, locale)}</span>${l.price !== undefined && l.price !== l.catalogue.price ? html` <s class="soft"><span class="sr">${words.inCatalogue} </span>${priceOf({ ...goods, price: l.catalogue.price }, locale)}</s>` : nothing}
        ${l.max_per_order ? html`<span class="mark">${say(words.atMost, { n: l.max_per_order })}</span>` : nothing}
        ${l.button_label ? html`<span class="mark">${l.button_label}</span>` : nothing}
        ${l.reveal_at ? html`<span class="mark">${say(words.revealMark, { time: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: hooks.zone }).format(new Date(l.reveal_at)) })}</span>` : nothing}
        ${place ? html`<span class="mark on">${place === 'now' ? words.presentLine : words.alsoLine}</span>` : nothing}
        ${goods.stock === 'out' ? html`<span class="mark warn">${words.soldOut}</span>` : nothing}
        ${buyable(goods) || hooks.units.some((u) => u.product === l.product && u.stock === 'allocated-hold') ? nothing : html`<span class="mark warn">${words.noLink}</span>`}</span>
        ${unitsMark(hooks.units, l.product, words)}
        ${l.note ? html`<span class="note">${l.note}</span>` : nothing}</div>
      <div class="acts">${hooks.order && all > 1 ? html`<span class="steps">${step('up', '↑', words.stepUp, n === 0)}${step('down', '↓', words.stepDown, n === all - 1)}</span>` : nothing}${hooks.may ? html`<button type="button" class="details" aria-expanded=${open} @click=${() => hooks.edit(open ? undefined : typedOf(l, hooks.zone))}>${words.lineDetails}<span class="sr">: ${goods.title}</span></button>` : nothing}
        ${hooks.order ? html`<button type="button" class="quiet" @click=${() => hooks.remove(l)}>${words.takeOut}<span class="sr">: ${goods.title}</span></button>` : nothing}</div>
    </div>
    ${open && hooks.typed ? html`${lineForm(hooks.typed, words, locale, hooks)}${hooks.unitsForm(l)}` : nothing}
  </li>`;
}
