import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../shared/language.ts';
import { money } from '../shared/money.ts';
import { timeOfDay } from '../shared/times.ts';
import type { Desk } from './desk.ts';
import type { Told } from './told.ts';
import { stockWord, type Language } from './words.ts';

/** The numbers, which come when the page stands, and who did what. */
export function side(desk: Desk, obs: TemplateResult | typeof nothing, language: Language): TemplateResult {
  const { words, locale } = language;
  return html`<aside class="side">
    <mediad-numbers .desk=${desk} .language=${language} .now=${desk.serverNow()}></mediad-numbers>
    <section class="sheet history" aria-labelledby="history"><h2 id="history">${words.whoDidWhat}</h2>
      ${desk.told.length ? html`<ol class="told" tabindex="0" aria-labelledby="history">${desk.told.map((t) => html`<li><time datetime=${t.at.toISOString()}>${timeOfDay(t.at, locale)}</time> <span dir="auto">${sentence(t, desk.page, language)}</span></li>`)}</ol>` : html`<p class="soft">${words.nothingTold}</p>`}
    </section>${obs}</aside>`;
}

function sentence(t: Told, page: string, { words, locale }: Language): string {
  const name = t.by && (t.by.page === page ? words.you : t.by.name);
  const who = name ?? words.somebody;
  const what = t.title;
  const [from, to] = [money(t.was, t.currency, locale, t.digits), money(t.price, t.currency, locale, t.digits)];
  const now = [from && to && from !== to ? `${from} → ${to}` : to, t.stock && stockWord(t.stock, words)].filter(Boolean).join(' · ');
  switch (t.kind) {
    case 'pin':
      return say(words.toldPin, { who, what });
    case 'unpin':
      return say(words.toldUnpin, { who, what });
    case 'update':
      return now ? say(words.toldUpdate, { who, what, now }) : say(words.toldUpdateElse, { who, what });
    case 'offer':
      return say(words.toldOffer, { what, price: to });
    case 'offerEnd':
      return say(words.toldOfferEnd, { what });
    case 'lineup':
      return say(words.toldLineup, { who });
    case 'start':
      return words.toldStart;
    case 'pause':
      return words.toldPause;
    case 'end':
      return name ? say(words.toldEndBy, { who }) : words.toldEnd; // without a name it has ended by itself
  }
}
