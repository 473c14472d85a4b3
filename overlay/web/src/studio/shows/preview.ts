import { html, nothing, type TemplateResult } from 'lit';
import goods from '../../generated/strings/product.ts';
import { inLanguage, say } from '../../shared/language.ts';
import type { Product } from '../../shared/cue.ts';
import { discount, money } from '../../shared/money.ts';
import { badge } from '../../shared/product.ts';
import { webURL } from '../../shared/web-url.ts';
import type { Schemas } from '../context.ts';
import { blankOf } from '../parts/blank.ts';
import { asHere, ownZone, spelled } from '../parts/zone.ts';
import type { Line } from './change.ts';
import type { Words } from './words.ts';

export type Preview = Schemas['PreviewBody'];

/** The moments at which viewers learn something: now, each time of the line-up, the beginning. */
export function moments(lines: readonly Line[], starts: string | undefined, now: number): string[] {
  const coming = [...lines.map((l) => l.reveal_at ?? ''), starts ?? ''].filter((at) => at && new Date(at).getTime() > now);
  return ['', ...[...new Set(coming.map((at) => new Date(at).toISOString()))].sort()];
}

/** What viewers see of a show before it begins, and of one that has: the server's own answer for them. */
export function preview(p: Preview, at: string, choices: readonly string[], base: string, choose: (at: string) => void, words: Words, locale: string): TemplateResult {
  const zone = p.timezone || ownZone();
  const told = (moment: string): string => spelled(new Date(moment), zone, locale, !asHere(new Date(moment), zone));
  const image = p.picture ? webURL(p.picture, base) : '';
  const place = { next: words.placeNext, later: words.placeLater, nowhere: words.placeNowhere, begun: words.placeBegun }[p.place];
  const name = (moment: string): string => (moment === '' ? words.momentNow : Date.parse(moment) === Date.parse(p.starts_at ?? '') ? say(words.momentStart, { time: told(moment) }) : told(moment));
  return html`<div class="preview">
    <p class="soft">${place}</p>
    ${choices.length > 1 ? html`<label class="field"><span>${words.previewAt}</span><select name="moment" @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>
      ${choices.map((c) => html`<option value=${c} ?selected=${c === at}>${name(c)}</option>`)}</select></label>` : nothing}
    <div class="phone" role="group" aria-label=${p.place === 'begun' ? words.tabViewers : words.previewHead}>
      ${p.place === 'nowhere' ? html`<p class="dark">${words.viewersNothing}</p>` : html`<div class="stage">${image ? html`<img src=${image} alt="" referrerpolicy="no-referrer" />` : nothing}
        <p class="over"><small>${p.room_title}</small><b>${p.title}</b>${p.starts_at ? html`<span>${told(p.starts_at)}</span>` : nothing}</p></div>`}
      ${p.items?.length ? html`<ul>${p.items.map((l) => good(l, base, locale))}</ul>` : p.place === 'nowhere' ? nothing : html`<p class="soft none">${words.viewersNoGoods}</p>`}
    </div>
    ${p.hidden || p.place !== 'begun' ? html`<p class="hidden-count">${p.hidden ? say(words.hiddenCount, { n: p.hidden }) : words.hiddenNone}</p>` : nothing}
  </div>`;
}

function good({ product: g, button_label: label }: NonNullable<Preview['items']>[number], base: string, locale: string): TemplateResult {
  const image = g.image ? webURL(g.image, base) : '';
  const text = inLanguage(goods, locale);
  const out = g.stock === 'out';
  const press = out ? text.viewProduct : (g.variants?.length ?? 0) > 1 ? text.choose : g.stock === 'preorder' ? text.preorder : label || text.buy;
  return html`<li data-product=${g.id}>${image ? html`<img src=${image} alt="" loading="lazy" referrerpolicy="no-referrer" />` : blankOf(g.title)}
    <span class="what"><b>${g.title}</b>${badge({ ...g, stock: g.stock as NonNullable<Product['stock']> }, text)}<span><span class="price">${money(g.price, g.currency, locale, g.digits)}</span>${discount(g.price, g.list_price, locale) ? html` <s class="soft">${money(g.list_price, g.currency, locale, g.digits)}</s>` : nothing}</span></span>
    ${g.go ? html`<span class="buy ${out ? 'quiet' : ''}" aria-hidden="true">${press}</span>` : nothing}</li>`;
}
