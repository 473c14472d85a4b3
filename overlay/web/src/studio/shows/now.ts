import { html, nothing, type TemplateResult } from 'lit';
import { webURL } from '../../shared/web-url.ts';
import type { Studio } from '../context.ts';
import { blankOf } from '../parts/blank.ts';
import type { Goods, Line } from './change.ts';
import { priceOf, type Words } from './words.ts';

/** What a show on air shows now, and what comes next: the first that a host looks for. */
export interface Air {
  readonly now: readonly Goods[];
  /** The line that comes next; undefined: the line-up is through, or there is none. */
  readonly next: Line | undefined;
}

/** The line behind the present one; without one, the first: as overlay.Lineup.Step has it. */
export const nextOf = (lines: readonly Line[], present: string): Line | undefined => lines[lines.findIndex((l) => l.product === present) + 1];

/** What is pinned in a room; undefined: nobody knows. */
export async function readPins({ client }: Studio, room: string): Promise<readonly Goods[] | undefined> {
  const answer = await client.GET('/api/v1/rooms/{room}/pins', { params: { path: { room } } });
  return answer.data?.items?.map((p) => p.product);
}

export function nowNext({ now, next }: Air, any: boolean, words: Words, locale: string, base: string): TemplateResult {
  const goods = (g: Goods, note = ''): TemplateResult => {
    const image = g.image || g.images?.[0];
    return html`<div class="goods">${image ? html`<img src=${webURL(image, base)} alt="" referrerpolicy="no-referrer" />` : blankOf(g.title)}
      <div class="what"><b>${g.title}</b><span class="sub"><span class="price">${priceOf(g, locale)}</span>${g.stock === 'out' ? html`<span class="mark warn">${words.soldOut}</span>` : nothing}</span>${note ? html`<span class="note">${note}</span>` : nothing}</div></div>`;
  };
  return html`<section class="sheet now-next" aria-label=${words.nowNext}>
    <div class="now"><h2>${words.nowHead}</h2>${now.length ? now.map((g) => goods(g)) : html`<p class="soft">${words.nowNone}</p>`}</div>
    ${any ? html`<div class="next"><h2>${words.nextHead}</h2>${next ? goods(next.goods, next.note) : html`<p class="soft">${words.nextNone}</p>`}</div>` : nothing}
  </section>`;
}
