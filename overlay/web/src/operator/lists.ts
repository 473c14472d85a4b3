import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import product from '../generated/strings/product.ts';
import { inLanguage, say } from '../shared/language.ts';
import { cueName } from './cue-name.ts';
import { clock, timeOfDay } from '../shared/times.ts';
import type { Coming, Pinned, Programme } from './programme.ts';
import type { Language } from './words.ts';

/** The products on the screen, and what is scheduled. */

export function shownNow(pinned: readonly Pinned[], { words, locale }: Language): TemplateResult {
  const text = inLanguage(product, locale);
  const stock: Record<string, string> = { low: text.stockLow, out: text.stockOut, preorder: text.stockPreorder };
  return html`<section aria-labelledby="shown"><h3 id="shown">${words.shownNow}</h3>
    ${pinned.length === 0 ? html`<p class="none">${words.nothingPinned}</p>` : html`<ul class="rows pinned">${repeat(pinned, (p) => p.id, (p) => html`<li data-product=${p.id}>
      <span class="pic" aria-hidden="true">${[...p.title][0]}${p.image ? html`<img src=${p.image} alt="" />` : nothing}</span>
      <span class="what"><span class="name">${p.title}</span><span class="more">${[p.price(locale), stock[p.stock]].filter(Boolean).join(' · ')}</span></span>
    </li>`)}</ul>`}
  </section>`;
}

/** A cue that somebody is about to take back. */
export interface Cancelling {
  readonly cue: Coming;
  readonly state: 'asked' | 'sent' | 'late' | 'failed';
}

export interface CancelHooks {
  ask(c: Coming): void;
  keep(c: Coming): void;
  cancel(c: Coming): void;
}

export function comingUp(p: Programme, now: number, cancelling: Cancelling | undefined, locked: boolean, language: Language, hooks: CancelHooks): TemplateResult {
  const { words } = language;
  return html`<section aria-labelledby="coming"><h3 id="coming">${words.comingUp}</h3>
    ${p.coming.length === 0 ? html`<p class="none">${words.nothingComing}</p>` : html`<ul class="rows coming">
      ${repeat(p.coming, (c) => c.id, (c) => row(c, now, cancelling?.cue.id === c.id ? cancelling.state : undefined, locked, language, hooks))}
    </ul>`}
    ${cancelling && !p.coming.some((c) => c.id === cancelling.cue.id) ? failure(cancelling.state, cueName(cancelling.cue, language), language) : nothing}
    ${p.more ? html`<p class="none">${words.moreComing}</p>` : nothing}
  </section>`;
}

function row(c: Coming, now: number, state: Cancelling['state'] | undefined, locked: boolean, language: Language, hooks: CancelHooks): TemplateResult {
  const { words, locale } = language;
  const name = cueName(c, language);
  const left = c.due.getTime() - now;
  const button = (id: string, text: string, click: (c: Coming) => void, look = 'outlined', variant = 'neutral'): TemplateResult =>
    html`<wa-button class=${id} appearance=${look} variant=${variant} pill ?disabled=${locked || state === 'sent'} @click=${() => click(c)}>${text}<span class="sr">: ${name}</span></wa-button>`;
  const asked = state === 'asked' || state === 'sent';
  return html`<li data-cue=${c.id}>
    <span class="when"><span class="left">${left > 0 ? say(words.inTime, { t: clock(left) }) : words.dueNow}</span><time class="more" datetime=${c.due.toISOString()}>${timeOfDay(c.due, locale)}</time></span>
    <span class="what name">${name}</span>
    <span class="acts">${asked
      ? html`${button('yes', words.yesCancel, hooks.cancel, 'accent', 'danger')}${button('keep', words.keep, hooks.keep)}`
      : button('cancel', words.cancel, hooks.ask)}</span>
    ${failure(state, name, language)}
  </li>`;
}

const failure = (state: Cancelling['state'] | undefined, what: string, { words }: Language): TemplateResult | typeof nothing =>
  state === 'late' || state === 'failed' ? html`<p class="bad" role="alert">${say(state === 'late' ? words.cueGone : words.cueStands, { what })}</p>` : nothing;
