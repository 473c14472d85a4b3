import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { bigCard, chip } from './cards.ts';
import type { Details } from '../shared/details.ts';
import { icons } from '../shared/icons.ts';
import type { Card } from './pins.ts';
import type { Phase } from './phase.ts';
import { say } from '../shared/language.ts';
import type { PlayerWords } from './words.ts';

export interface TopFacts {
  readonly phase: Phase;
  /** The viewer watches behind live. */
  readonly behind: boolean;
  /** The host is away, and the picture stands still. */
  readonly away: boolean;
  /** Seconds behind the studio; undefined: not known. */
  readonly latency: number | undefined;
  /** The host looks on, to whom that number says something. */
  readonly host: boolean;
  readonly viewers: number | undefined;
  /** "": the page shows it elsewhere. */
  readonly title: string;
}

/** The top of the stage: the live mark, the number of viewers, and the title. */
export function top(f: TopFacts, { text: t, locale }: PlayerWords): TemplateResult {
  const late = !f.host || f.latency === undefined || f.latency >= 60 ? nothing : html`<small>${f.latency.toFixed(1)} s</small>`;
  const mark =
    f.phase === 'replay' ? html`<span class="live" part="live" data-edge="replay">${t.replay}</span>`
    : f.phase !== 'live' ? nothing
    : f.away ? html`<span class="live" part="live" data-edge="away">${t.awayMark}</span>`
    : html`<span class="live" part="live" data-edge=${f.behind ? 'behind' : 'live'} title=${f.latency === undefined ? '' : say(t.delay, { s: f.latency.toFixed(1) })}>
        <i></i>${t.live}${late}</span>`;
  const n = f.phase === 'live' ? f.viewers?.toLocaleString(locale) : undefined;
  const crowd = n === undefined ? nothing : html`<span class="crowd"><span aria-hidden="true">${icons.eye}${n}</span><span class="sr">${say(t.watching, { n })}</span></span>`;
  return html`${mark}${crowd}${f.title && mark !== nothing ? html`<span class="name">${f.title}</span>` : nothing}`;
}

/** The cards of pinned products: the newest is large, earlier ones are small links. */
export function shelf(cards: readonly Card[], facts: ReadonlyMap<string, Details>, w: PlayerWords, checkout: (e: Event, c: Card) => void, choose: (id: string) => void): TemplateResult | typeof nothing {
  const big = cards.find((c) => !c.leaving) ?? cards[0];
  if (!big) return nothing;
  const click = (c: Card) => (e: Event): void => checkout(e, c);
  const small = cards.filter((c) => c !== big);
  const of = (c: Card): Details | undefined => facts.get(c.product.id);
  return html`<section class="shelf" part="shelf" aria-label=${w.text.featured}>
    <h2 class="sr">${w.text.featured}</h2>
    ${small.length ? html`<div class="chips">${repeat(small, (c) => c.product.id, (c) => chip(c, of(c), w, click(c)))}</div>` : nothing}
    ${repeat([big], (c) => c.product.id, (c) => bigCard(c, of(c), w, click(c), () => choose(c.product.id)))}
  </section>`;
}
