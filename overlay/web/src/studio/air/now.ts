import { html, nothing, type TemplateResult } from 'lit';
import table from '../../generated/strings/studio-air.ts';
import { home } from '../../shared/server.ts';
import { webURL } from '../../shared/web-url.ts';
import type { Studio } from '../context.ts';
import { blankOf } from '../parts/blank.ts';
import { wear } from '../parts/wear.ts';
import type { Goods, Line } from '../shows/change.ts';
import { priceOf } from '../shows/words.ts';
import css from './now.css?text';
import { insteadOf, nextOf, placeOf } from './next.ts';
import './skip.ts';

wear(css);

/** What a show on air shows now, and what comes next: the first that a host looks for. */
export interface Air {
  readonly room: string;
  /** What is pinned, as the server has it: the newest is the last. */
  readonly pins: readonly Goods[];
  readonly lines: readonly Line[];
  /** The product of the present line; "": none. */
  readonly present: string;
}

/** What is pinned in a room; undefined: nobody knows. */
export async function readPins({ client }: Studio, room: string): Promise<readonly Goods[] | undefined> {
  const answer = await client.GET('/api/v1/rooms/{room}/pins', { params: { path: { room } } });
  return answer.data?.items?.map((p) => p.product);
}

export function nowNext(air: Air, studio: Studio, done: () => void): TemplateResult {
  const { language: { locale } } = studio;
  const words = studio.language.in(table);
  const { room, lines, present } = air;
  const [newest, ...others] = [...air.pins].reverse();
  const next = nextOf(lines, present);
  const instead = insteadOf(lines, next);
  const goods = (g: Goods, note = ''): TemplateResult => {
    const image = g.image || g.images?.[0];
    return html`<div class="goods">${image ? html`<img src=${webURL(image, home)} alt="" referrerpolicy="no-referrer" />` : blankOf(g.title)}
      <div class="what"><b>${g.title}</b><span class="sub"><span class="price">${priceOf(g, locale)}</span>${g.stock === 'out' ? html`<span class="mark warn">${words.soldOut}</span>` : nothing}</span>${note ? html`<span class="note">${note}</span>` : nothing}</div></div>`;
  };
  return html`<section class="sheet now-next" aria-label=${words.nowNext}>
    <div class="now"><h2>${words.nowHead}</h2>${newest ? goods(newest) : html`<p class="soft">${words.nowNone}</p>`}
      ${others.length ? html`<h3>${words.nowAlso}</h3>${others.map((g) => goods(g))}` : nothing}</div>
    ${lines.length ? html`<div class="next"><h2>${words.nextHead}</h2>${next ? goods(next.goods, next.note) : html`<p class="soft">${words.nextNone}</p>`}
      ${next?.goods.stock === 'out' ? html`<p class="warn small">${words.nextOut}</p>` : nothing}
      ${instead && studio.may('sell', undefined, room) ? html`<studio-skip .studio=${studio} .room=${room} .to=${instead} .from=${present} .pinned=${placeOf(air.pins, present) !== ''} .done=${done}></studio-skip>` : nothing}</div>` : nothing}
  </section>`;
}
