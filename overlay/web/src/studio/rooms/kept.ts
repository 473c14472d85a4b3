import { say } from '../../shared/language.ts';
import type { Words } from './words.ts';

/** How long shows are kept, as the server writes it (`720h`, forever, default) and as people read it. */

const usual = ['default', '168h', '720h', '2160h', '8760h', 'forever'];

/** What one may choose, the present one among it. */
export const choices = (now: string): string[] => (usual.includes(now) ? usual : [...usual, now]);

export function keptWords(retention: string, words: Words, locale: string): string {
  if (retention === 'default') return words.keepDefault;
  if (retention === 'forever') return words.keepForever;
  const [, h = '0', m = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?/.exec(retention) ?? [];
  const days = (Number(h) + Number(m) / 60) / 24;
  const unit = (n: number, of: string): string => new Intl.NumberFormat(locale, { style: 'unit', unit: of, unitDisplay: 'long', maximumFractionDigits: 1 }).format(n);
  return say(words.keepFor, { t: days >= 1 ? unit(days, 'day') : unit(days * 24, 'hour') });
}
