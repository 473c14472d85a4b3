import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { say } from '../../shared/language.ts';
import { home } from '../../shared/server.ts';
import { webURL } from '../../shared/web-url.ts';
import { blankOf } from '../parts/blank.ts';
import type { Search } from './search.ts';
import { priceOf, type Product, type Words } from './words.ts';

/** A search with what it finds. `act` draws what one does with a product. */
export function goods(s: Search, words: Words, locale: string, o: { name: string; own: string; label: string; none: TemplateResult | string; act: (p: Product) => TemplateResult | typeof nothing }): TemplateResult {
  return html`<label class="field"><span>${o.label}</span><input type="search" name=${o.name} maxlength="100" autocomplete="off" placeholder=${words.searchHint} .value=${s.text} @input=${(e: Event) => s.typed((e.target as HTMLInputElement).value)} /></label>
    ${s.trouble ? html`<p class="trouble" role="alert">${s.trouble}</p>` : nothing}
    ${s.state === 'read' && !s.items.length && !s.trouble ? html`<p class="soft" role="status">${s.text ? words.foundNone : o.none}</p>` : nothing}
    <ul class="found" aria-label=${o.label} aria-busy=${s.state === 'reading'}>${repeat(s.items, (p) => p.id, (p) => html`<li data-product=${p.id}>
      ${picture(p)}<span class="what"><b>${p.title}</b><small class="soft"><bdi dir="ltr">${p.sku}</bdi> · ${priceOf(p, locale)}${p.stock === 'out' ? html` · <span class="warn">${words.soldOut}</span>` : nothing}${p.seller && p.org !== o.own ? html` · ${say(words.soldBy, { who: p.seller })}` : nothing}</small></span>${o.act(p)}</li>`)}</ul>
    ${s.next ? html`<button type="button" ?disabled=${s.state === 'reading'} @click=${() => void s.more()}>${words.more}</button>` : nothing}`;
}

function picture(p: Product): TemplateResult {
  const image = p.image || p.images?.[0];
  const small = image?.replace(/^(\/i\/[a-z2-7]{26})\.jpg$/, '$1-s.jpg');
  const at = small ? webURL(small, home) : '';
  return at ? html`<img src=${at} alt="" width="44" height="44" loading="lazy" referrerpolicy="no-referrer" />` : blankOf(p.title);
}
