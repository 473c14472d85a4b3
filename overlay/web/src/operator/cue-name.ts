import { say } from '../shared/language.ts';
import type { Coming } from './programme.ts';
import type { Language } from './words.ts';

/** What a cue does, in words. */
export function cueName({ kind, what }: Coming, { words }: Language): string {
  const phrases: Record<string, string> = {
    'product.pin': say(words.cuePin, { what }), 'product.unpin': say(words.cueUnpin, { what }), notice: say(words.cueNotice, { what }), custom: say(words.cueCustom, { what }),
  };
  return phrases[kind] ?? [kind, what].filter(Boolean).join(' ');
}
