import table from '../../generated/strings/studio-webhooks.ts';
import { say } from '../../shared/language.ts';
import type { Language, Schemas } from '../context.ts';

export type Words = (typeof table)['en'];
export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['Delivery'];

export const wordsOf = (language: Language): Words => language.in(table);

/** What a webhook may be told of, in groups. */
export const groups = (words: Words): readonly (readonly [string, readonly (readonly [string, string])[]])[] => [
  [words.groupOrders, [['order.paid', words.typePaid], ['order.pending', words.typePending], ['order.failed', words.typeFailed], ['order.refunded', words.typeRefunded], ['order.cancelled', words.typeCancelled], ['order.matched', words.typeMatched]]],
  [words.groupShows, [['show.start', words.typeStart], ['show.pause', words.typePause], ['show.end', words.typeEnd]]],
  [words.groupProducts, [['product.pin', words.typePin], ['product.update', words.typeUpdate], ['product.unpin', words.typeUnpin]]],
];

/** A type with the words of its group: "Orders: paid". */
export function typeWord(type: string, words: Words): string {
  for (const [group, types] of groups(words)) {
    const found = types.find(([name]) => name === type);
    if (found) return `${group}: ${found[1]}`;
  }
  return type === 'webhook.test' ? words.typeTest : type;
}

/** What people call it: its name, or the host of its address. */
export function called(w: Pick<Webhook, 'name' | 'url'>): string {
  if (w.name) return w.name;
  try {
    return new URL(w.url).host;
  } catch {
    return w.url;
  }
}

/** What was wrong, in the reader's language; the server's own words are English. */
export function problemWord(problem: string | undefined, words: Words): string {
  if (!problem) return words.problemUnknown;
  const redirect = /redirect \((\d+)\)/.exec(problem);
  if (redirect) return say(words.problemRedirect, { status: redirect[1] ?? '' });
  const status = /answers (.+)$/.exec(problem);
  if (status) return say(words.problemStatus, { status: status[1] ?? '' });
  const late = /within (\d+) seconds/.exec(problem);
  if (late) return say(words.problemTime, { n: late[1] ?? '' });
  for (const [part, text] of [['public internet', words.problemPrivate], ['certificate', words.problemCertificate], ['with this name', words.problemName], ['listens', words.problemRefused], ['cannot be reached', words.problemBroken]] as const) {
    if (problem.includes(part)) return text;
  }
  return problem;
}

/** How a webhook does: a word for its lamp, and two sentences. */
export function standing(w: Webhook, words: Words, ago: (at: string) => string): { readonly how: 'good' | 'bad' | 'off' | 'new'; readonly head: string; readonly why: string } {
  const problem = problemWord(w.problem, words);
  if (!w.on) {
    switch (w.off_because) {
      case 'failing':
        return { how: 'bad', head: words.offFailing, why: say(words.offFailingWhy, { problem }) };
      case 'gone':
        return { how: 'bad', head: words.offGone, why: words.offGoneWhy };
      case 'full':
        return { how: 'bad', head: words.offFull, why: words.offFullWhy };
      case 'secret':
        return { how: 'bad', head: words.offSecret, why: words.offSecretWhy };
    }
    return { how: 'off', head: words.offOwner, why: words.offOwnerWhy };
  }
  if (w.failing_since) return { how: 'bad', head: say(words.failing, { ago: ago(w.failing_since) }), why: say(words.failingWhy, { problem: upper(problem) }) };
  if (w.taken_at) return { how: 'good', head: say(words.onTaken, { ago: ago(w.taken_at) }), why: '' };
  return { how: 'new', head: words.onNever, why: '' };
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
