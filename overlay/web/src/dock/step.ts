import { html, nothing, type TemplateResult } from 'lit';
import type { Deeds } from './deeds.ts';
import type { Desk } from './desk.ts';
import { keys } from './keys.ts';
import { withKey, type Language } from './words.ts';
import type { ItemHooks } from './now.ts';

/** The largest thing on the page: it names what will happen. */
export function step(desk: Desk, deeds: Deeds, language: Language, hooks: ItemHooks): TemplateResult {
  const { words } = language;
  const { previous, next, instead } = deeds.around();
  // What was shown by hand did not move the line: the button says that its product is there already.
  const there = desk.pinned.some((p) => p.id === next?.id) ? ` · ${words.dockOnScreen}` : '';
  // It can be put on air, and the host should know before it is: the loud button is that of the next one in stock.
  const out = (p?: { readonly stock: string }): TemplateResult | typeof nothing => (p?.stock === 'out' ? html` <span class="badge" data-stock="out">${words.stockOut}</span>` : nothing);
  const onAir = desk.phase === 'live' || desk.phase === 'away';
  const off = desk.locked || deeds.unanswered('step') > 0;
  return html`<section class="step" aria-label=${words.stepLabel}>
    <button type="button" class="previous" ?disabled=${off || !previous} title=${withKey(words.previousTip, keys.previous, words)} aria-keyshortcuts=${keys.previous} @click=${() => void deeds.step('previous')}>
      <span class="way"><span class="arrow" aria-hidden="true">◀</span> ${words.previous}${out(previous)}</span><span class="name" dir="auto">${previous?.title ?? words.noPrevious}</span>
    </button>
    <button type="button" class=${!onAir || next?.stock === 'out' ? 'next' : 'next loud'} ?disabled=${off || !next} title=${withKey(words.nextTip, keys.next, words)} aria-keyshortcuts=${keys.next} @click=${() => void deeds.step('next')}>
      <span class="way"><span>${words.next}${there}${out(next)}</span> <span class="arrow" aria-hidden="true">▶</span></span><span class="name" dir="auto">${next?.title ?? (desk.order.length ? words.noNext : words.noProducts)}</span>
    </button>
    ${instead ? html`<button type="button" class=${onAir ? 'skip loud' : 'skip'} ?disabled=${off} title=${words.dockSkipTip} @click=${() => void deeds.step('instead')}>
      <span class="way">${words.dockSkip} <span class="arrow" aria-hidden="true">▶▶</span></span><span class="name" dir="auto">${instead.title}</span>
    </button>` : nothing}
    ${hooks.trouble('step')}
  </section>`;
}
