import { say } from '../shared/language.ts';
import { refusalIn } from '../shared/refusals.ts';
import type { Deed, Trouble } from './deeds.ts';
import { priceOf, stockWord, type Language } from './words.ts';

/** What was done, and why something was not, in words. */

export function deedWords({ kind, item }: Deed, { words, locale }: Language): string {
  const what = item.title;
  switch (kind) {
    case 'pin':
      return say(words.donePin, { what });
    case 'comes':
      return say(words.doneComes, { what });
    case 'unpin':
      return say(words.doneUnpin, { what });
    case 'price':
      return say(words.donePrice, { what, price: priceOf(item, locale) });
    case 'stock':
      return say(words.doneStock, { what, stock: stockWord(item.stock, words) });
    case 'add':
      return say(words.doneAdd, { what });
    case 'next':
      return say(words.doneNext, { what });
    case 'moved':
      return say(words.doneMoved, { what });
    case 'undone':
      return say(words.doneUndo, { what });
  }
}

export function troubleWords(t: Trouble, language: Language): string {
  return t.dropped ? `${reason(t, language)} ${language.words.troubleDropped}` : reason(t, language);
}

function reason({ why, detail, who, item }: Trouble, { words, locale }: Language): string {
  switch (why) {
    case 'unanswered':
      return words.unanswered;
    case 'forbidden':
      return words.forbidden;
    case 'conflict':
      if (item) return say(words.conflictPrice, { who: who ?? words.somebody, now: priceOf(item, locale) });
      return who ? say(words.conflictBy, { who }) : words.conflict;
    case 'gone':
      return words.gone;
    case 'busy':
      return words.busy;
    case 'early':
      return words.troubleEarly;
    case 'unsent':
      return words.troubleUnsent;
    case 'refused':
      return refusalIn(detail, locale) || say(words.refused, { detail });
  }
}
