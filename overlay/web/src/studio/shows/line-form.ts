import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import { editable, fall, isLargeFall, parsePrice } from '../../shared/price-text.ts';
import { clockIn, momentIn, spelled } from '../parts/zone.ts';
import type { Line } from './change.ts';
import type { Fields } from './run.ts';
import { priceOf, type Words } from './words.ts';

/** What one types into a line. It stays until it is saved or left, whatever others do. */
export interface Typed {
  /** The line as it was when one began, or saw last. */
  readonly base: Line;
  readonly price: string;
  readonly most: string;
  readonly label: string;
  readonly note: string;
  readonly date: string;
  readonly time: string;
  readonly wrong?: string | undefined;
  readonly trouble?: string | undefined;
  /** What somebody else made of the line meanwhile. */
  readonly clash?: Line | 'gone' | undefined;
  /** A price so far below the catalogue's that it waits for a yes. */
  readonly asked?: boolean;
}

export function typedOf(line: Line, zone: string): Typed {
  const clock = line.reveal_at ? clockIn(new Date(line.reveal_at), zone) : { date: '', time: '' };
  return { base: line, price: line.price === undefined ? '' : editable(line.price, line.goods.digits), most: line.max_per_order ? String(line.max_per_order) : '', label: line.button_label ?? '', note: line.note ?? '', ...clock };
}

/** The price that is typed; null: the catalogue's; undefined: it is none. */
const priceIn = (t: Typed): number | null | undefined => (t.price.trim() ? parsePrice(t.price, t.base.goods.digits) : null);

/** What changes with it; a text: what is wrong, as the name of a field. */
export function fieldsOf(t: Typed, zone: string): Fields | 'price' | 'most' | 'reveal' {
  const price = priceIn(t);
  if (price === undefined) return 'price';
  const most = t.most.trim() === '' ? 0 : Number(t.most);
  if (!Number.isInteger(most) || most < 0 || most > 9999) return 'most';
  const moment = t.date || t.time ? momentIn(t.date, t.time, zone) : null;
  if (moment === undefined) return 'reveal';
  const { base } = t;
  const was = typedOf(base, zone);
  return {
    ...((price ?? undefined) === base.price ? {} : { price }),
    ...(most === (base.max_per_order ?? 0) ? {} : { max_per_order: most }),
    ...(t.label.trim() === (base.button_label ?? '') ? {} : { button_label: t.label.trim() }),
    ...(t.note === (base.note ?? '') ? {} : { note: t.note }),
    ...(t.date === was.date && t.time === was.time ? {} : { reveal_at: moment?.at.toISOString() ?? null }),
  };
}

/** Whether the typed price is a large fall against the catalogue's, so that it is asked once. */
export const falls = (t: Typed): boolean => {
  const price = priceIn(t);
  return typeof price === 'number' && price !== t.base.price && isLargeFall(t.base.catalogue.price, price);
};

export interface LineFormHooks {
  readonly zone: string;
  readonly busy: boolean;
  /** Assistants change prices, labels, and the rest of a line, too; others read. */
  readonly may: boolean;
  edit(t: Typed | undefined): void;
  save(t: Typed): void;
}

export function lineForm(t: Typed, words: Words, locale: string, hooks: LineFormHooks): TemplateResult {
  const { goods, catalogue } = t.base;
  const set = (name: keyof Typed) => (e: Event): void => hooks.edit({ ...t, [name]: (e.target as HTMLInputElement).value, wrong: undefined, asked: false });
  const usual = priceOf({ ...goods, price: catalogue.price }, locale);
  const at = t.date && t.time ? momentIn(t.date, t.time, hooks.zone) : undefined;
  const bad = (name: string): string => String(t.wrong === name);
  return html`<form class="line-form" aria-label=${say(words.lineOf, { what: goods.title })} @submit=${(e: Event) => { e.preventDefault(); hooks.save(t); }} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') { e.stopPropagation(); hooks.edit(undefined); } }}>
    ${clash(t, words, locale, hooks)}
    <div class="fields">
      <label class="field"><span>${words.linePrice} <small>${goods.currency}</small></span><input name="price" inputmode="decimal" dir="ltr" autocomplete="off" placeholder=${editable(catalogue.price, goods.digits)} .value=${t.price} aria-invalid=${bad('price')} @input=${set('price')} aria-describedby="price-why" />
        <small id="price-why">${t.wrong === 'price' ? html`<span class="trouble" role="alert">${say(words.priceWrong, { example: editable(catalogue.price, goods.digits) })}</span>` : say(words.linePriceWhy, { price: usual })}</small></label>
      <label class="field"><span>${words.lineMost}</span><input name="most" inputmode="numeric" dir="ltr" autocomplete="off" placeholder=${words.noLimit} .value=${t.most} aria-invalid=${bad('most')} @input=${set('most')} aria-describedby="most-why" />
        <small id="most-why">${t.wrong === 'most' ? html`<span class="trouble" role="alert">${words.mostWrong}</span>` : words.lineMostWhy}</small></label>
      <label class="field"><span>${words.lineLabel}</span><input name="label" maxlength="30" autocomplete="off" placeholder=${words.buyNow} .value=${t.label} @input=${set('label')} /></label>
      <fieldset class="field wide reveal" aria-describedby="reveal-why"><legend>${words.lineReveal}</legend><div class="with-button">
        <input type="date" name="date" aria-label=${words.revealDate} .value=${t.date} aria-invalid=${bad('reveal')} @input=${set('date')} />
        <input type="time" name="time" aria-label=${words.revealTime} .value=${t.time} aria-invalid=${bad('reveal')} @input=${set('time')} /></div>
        <small id="reveal-why">${t.wrong === 'reveal' ? html`<span class="trouble" role="alert">${words.halfTime}</span>` : at ? say(words.revealAt, { time: spelled(at.at, hooks.zone, locale) }) : words.revealWithPin}</small></fieldset>
      <label class="field wide"><span>${words.lineNote}</span><textarea name="note" rows="2" maxlength="1000" .value=${t.note} @input=${set('note')}></textarea></label>
    </div>
    ${t.trouble ? html`<p class="trouble" role="alert">${t.trouble}</p>` : nothing}
    ${t.asked
      ? html`<div class="ask" role="alert"><p>${say(words.largeFall, { n: fall(catalogue.price, priceIn(t) ?? 0), from: usual, to: priceOf({ ...goods, price: priceIn(t) ?? 0 }, locale) })}</p></div>` : nothing}
    <div class="acts"><button type="submit" class=${t.asked ? 'danger' : 'loud'} ?disabled=${hooks.busy || !hooks.may}>${t.asked ? words.yesPrice : t.clash && t.clash !== 'gone' ? words.saveOver : t.clash ? words.putBack : words.savePlan}</button>
      <button type="button" @click=${() => hooks.edit(undefined)}>${words.leavePlan}</button></div>
  </form>`;
}

function clash(t: Typed, words: Words, locale: string, hooks: LineFormHooks): TemplateResult | typeof nothing {
  const { clash: theirs } = t;
  if (!theirs) return nothing;
  if (theirs === 'gone') return html`<div class="clash" role="alert"><p><b>${words.clashGone}</b> ${words.clashSafe}</p></div>`;
  const said = [
    theirs.goods.price === t.base.goods.price ? '' : say(words.clashPrice, { price: priceOf(theirs.goods, locale) }),
    (theirs.max_per_order ?? 0) === (t.base.max_per_order ?? 0) ? '' : say(words.clashMost, { n: theirs.max_per_order || words.noLimit }),
    (theirs.button_label ?? '') === (t.base.button_label ?? '') ? '' : say(words.clashLabel, { text: theirs.button_label || words.buyNow }),
    (theirs.note ?? '') === (t.base.note ?? '') ? '' : say(words.clashNote, { text: theirs.note ?? '' }),
    (theirs.reveal_at ?? '') === (t.base.reveal_at ?? '') ? '' : say(words.clashReveal, { time: theirs.reveal_at ? spelled(new Date(theirs.reveal_at), hooks.zone, locale) : words.revealWithPin }),
  ].filter(Boolean);
  return html`<div class="clash" role="alert"><p><b>${words.clashHead}</b> ${words.clashSafe}</p><ul>${said.map((s) => html`<li>${s}</li>`)}</ul>
    <button type="button" @click=${() => hooks.edit(typedOf(theirs, hooks.zone))}>${words.takeTheirs}</button></div>`;
}
