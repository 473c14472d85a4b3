import { html, nothing, type TemplateResult } from 'lit';
import type { Studio } from '../context.ts';
import { icons } from '../parts/icons.ts';
import { hashOf } from '../route.ts';
import type { Begun, Rooms, Slow } from './ask.ts';
import { wordsOf } from './words.ts';

/** The way to the first show, with what is done; a shop need not be connected for it. Undefined: nothing is left to do. */
export function steps(begun: Begun, { all }: Rooms, { on, planned, shops }: Slow, studio: Studio): TemplateResult | undefined {
  const camera = begun.ended || on.length > 0 || all.some((w) => w.health.live);
  const show = begun.ended || on.length + planned.length > 0;
  if (begun.goods && camera && show) return undefined;
  const words = wordsOf(studio.language);
  const step = (done: boolean, to: string, name: string, why: string): TemplateResult => html`<li data-done=${done}><span class="tick" aria-hidden="true">${done ? icons.done : nothing}</span>
    <div><a href=${hashOf(to)}><strong>${name}</strong></a><small class="soft">${done ? words.stepDone : html`<span class="sr">${words.stepToDo}: </span>${why}`}</small></div></li>`;
  return html`<section class="sheet steps" aria-labelledby="home-steps"><h2 id="home-steps">${words.stepsHead}</h2><ol>
    ${step(begun.goods, 'catalogue', words.stepGoods, words.stepGoodsWhy)}
    ${step(camera, all.length === 1 ? `rooms/${encodeURIComponent(all[0]!.room.slug)}` : 'rooms', words.stepCamera, words.stepCameraWhy)}
    ${step(show, 'shows/new', words.planShow, words.stepShowWhy)}
    ${shops ? step(shops.length > 0, 'shops', words.stepShop, words.stepShopWhy) : nothing}</ol></section>`;
}
