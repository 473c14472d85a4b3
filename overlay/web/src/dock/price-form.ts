import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../shared/language.ts';
import type { Item } from './item.ts';
import { editable, fall, isLargeFall, parsePrice } from '../shared/price.ts';
import { priceOf, type Language } from './words.ts';

/** The price of a product, and the revision of what it stands in. */
export interface Seen {
  readonly rev: number;
  readonly price: number;
}

/** A price that is being edited, in its place. */
export interface Editing {
  readonly id: string;
  /** Where on the page: a product that is shown stands in two places. */
  readonly place: 'now' | 'run';
  readonly text: string;
  /** What was seen when it began: what somebody else changes meanwhile is not overwritten. */
  readonly on?: Seen;
  /** A large fall that waits for its yes. */
  readonly asked?: number;
  readonly wrong?: boolean;
}

export const begin = (p: Item, place: Editing['place']): Editing => ({ id: p.id, place, text: editable(p.price, p.digits) });

export interface PriceHooks {
  edit(e: Editing | undefined): void;
  save(p: Item, price: number): void;
}

/** One field; a fall of more than 30 % is asked once, in the same place. */
export function priceForm(p: Item, e: Editing, locked: boolean, { words, locale }: Language, hooks: PriceHooks): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem('price') as HTMLInputElement | null;
    const text = field?.value ?? e.text;
    const price = e.asked ?? parsePrice(text, p.digits);
    if (price === undefined) hooks.edit({ ...e, text, wrong: true });
    else if (e.asked === undefined && isLargeFall(p.price, price)) hooks.edit({ id: e.id, place: e.place, text, asked: price, ...(e.on && { on: e.on }) });
    else hooks.save(p, price);
  };
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    hooks.edit(undefined);
  };
  const id = `price-${e.place}`;
  return html`<form class="price-form" @submit=${submit} @keydown=${escape}>
    ${e.asked === undefined
      ? html`<label class="sr" for=${id}>${say(words.newPrice, { what: p.title, currency: p.currency })}</label>
        <p class="soft small" aria-hidden="true">${p.line ? say(words.dockPriceHere, { price: priceOf({ ...p, price: p.line.shop }, locale) }) : words.dockPriceShop}</p>
        <input id=${id} name="price" inputmode="decimal" autocomplete="off" dir="ltr" .value=${e.text} aria-invalid=${e.wrong === true} aria-describedby=${e.wrong ? `${id}-wrong` : nothing} />
        <button type="submit" class="loud" ?disabled=${locked}>${words.savePrice}</button>
        <button type="button" @click=${() => hooks.edit(undefined)}>${words.leavePrice}</button>
        ${e.wrong ? html`<p id="${id}-wrong" class="trouble" role="alert">${say(words.priceWrong, { example: editable(p.price, p.digits) })}</p>` : nothing}`
      : html`<p class="ask" role="alert">${say(words.largeFall, { from: priceOf(p, locale), to: priceOf({ ...p, price: e.asked }, locale), n: fall(p.price, e.asked) })}</p>
        <button type="button" class="keep" @click=${() => hooks.edit(undefined)}>${say(words.keepPrice, { price: priceOf(p, locale) })}</button>
        <button type="submit" class="loud yes" ?disabled=${locked}>${say(words.yesPrice, { price: priceOf({ ...p, price: e.asked }, locale) })}</button>`}
  </form>`;
}
