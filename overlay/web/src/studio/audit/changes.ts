import type { Words } from '../../generated/strings/studio-audit.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Language, Schemas } from '../context.ts';
import { roleWord } from '../parts/roles.ts';
import { moment } from '../parts/when.ts';

export type Altered = Schemas['Altered'];

/** What an action changed, from what to what, one line for each: "Price: ¥49.90 → ¥39.90". */
export function changeLines(changes: readonly Altered[], words: Words, language: Language): string[] {
  const names: Readonly<Record<Altered['field'], string>> = {
    role: words.fieldRole, name: words.fieldName, kind: words.fieldKind, region: words.fieldRegion, currency: words.fieldCurrency, timezone: words.fieldZone, language: words.fieldLanguage, title: words.fieldTitle,
    starts_at: words.fieldStarts, rehearsal: words.fieldRehearsal, latency: words.fieldLatency, cue_delay: words.fieldCueDelay, ladder: words.fieldLadder, retention: words.fieldKept, price: words.fieldPrice, list_price: words.fieldListPrice,
    stock: words.fieldStock, sku: words.fieldSKU, total: words.fieldTotal, privacy_contact: words.fieldContact,
    keep_comments: words.daysComments, keep_views: words.daysViews, keep_clicks: words.daysClicks, keep_buyers: words.daysBuyers, keep_contacts: words.daysContacts, keep_audit: words.daysAudit,
  };
  return changes.map((c) => say(words.fromTo, { field: names[c.field] ?? c.field, from: valueOf(c, c.from, words, language), to: valueOf(c, c.to, words, language) }));
}

function valueOf({ field, currency }: Altered, value: string | undefined, words: Words, language: Language): string {
  if (!value) return words.valueNone;
  const known: Readonly<Record<string, string>> = {
    default: words.valueDefault, forever: words.valueForever, true: words.valueYes, false: words.valueNo,
    in: words.stockIn, low: words.stockLow, out: words.stockOut, preorder: words.stockPreorder,
    merchant: words.kindMerchant, agency: words.kindAgency, organiser: words.kindOrganiser, en: 'English', zh: '中文', balanced: words.latencyBalanced, mass: words.latencyMass,
  };
  if (field === 'latency' && value === 'low') return words.latencyLow; // few left of something else
  switch (field) {
    case 'role':
      return roleWord(value, language.words);
    case 'price':
    case 'list_price':
      return money(Number(value), currency, language.locale) || value;
    case 'starts_at':
      return moment(value, language.locale);
    case 'cue_delay':
      return value === 'default' ? words.valueDefault : say(words.valueSeconds, { n: Number(value).toLocaleString(language.locale) });
    case 'latency':
    case 'stock':
    case 'retention':
    case 'rehearsal':
    case 'kind':
    case 'language':
      return known[value] ?? value;
    default:
      return value;
  }
}
