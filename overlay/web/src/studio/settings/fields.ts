import { html, type TemplateResult } from 'lit';
import table from '../../generated/strings/studio-settings.ts';
import { say } from '../../shared/language.ts';
import type { Org, Studio } from '../context.ts';
import { currencies, usualCurrency } from '../parts/currencies.ts';
import { cityOf, zoneCalled, zones } from '../parts/zone.ts';

type Kind = Org['kind'];

export interface Typed {
  readonly name: string;
  readonly kind: Kind;
  readonly region: string;
  readonly currency: string;
  readonly timezone: string;
  readonly language: Language;
}

type Language = '' | 'en' | 'zh';

/** The fields of an organisation; without one, of a new one. `there`: the currency of its products. */
export function orgFields(org: Org | undefined, studio: Studio, there = ''): TemplateResult {
  const words = studio.language.in(table);
  const kinds: readonly [Kind, string][] = [['merchant', words.merchant], ['agency', words.agency], ['organiser', words.organiser]];
  const { locale } = studio.language;
  const chosen = (value: string, now: string | undefined): boolean => value === (now ?? '');
  return html`
    <label class="field"><span>${words.orgName}</span><input name="name" maxlength="150" autocomplete="organization" required .value=${org?.name ?? ''} /></label>
    <label class="field"><span>${words.orgKind}</span><select name="kind">${kinds.map(([kind, word]) => html`<option value=${kind} ?selected=${kind === (org?.kind ?? 'merchant')}>${word}</option>`)}</select></label>
    <label class="field"><span>${words.orgCurrency}</span><select name="currency"><option value="">${there ? say(words.currencyThere, { currency: there }) : words.currencyNone}</option>${currencies(org?.currency || usualCurrency(studio, there), locale).map((c) => html`<option value=${c.code} ?selected=${chosen(c.code, org?.currency)}>${c.name}</option>`)}</select><small>${words.currencyWhy}</small></label>
    <label class="field"><span>${words.orgZone}</span><select name="timezone"><option value="">${words.zoneNone}</option>${byCity(org?.timezone).map((z) => html`<option value=${z} ?selected=${chosen(z, org?.timezone)}>${zoneName(z, locale)}</option>`)}</select><small>${words.zoneWhy}</small></label>
    <label class="field"><span>${words.orgRegion}</span><input name="region" maxlength="150" autocomplete="address-level1" .value=${org?.region ?? ''} /><small>${words.regionWhy}</small></label>
    <label class="field"><span>${words.orgLanguage}</span><select name="language">
      <option value="en" lang="en" ?selected=${org?.language !== 'zh'}>English</option><option value="zh" lang="zh" ?selected=${org?.language === 'zh'}>中文</option></select><small>${words.orgLanguageWhy}</small></label>`;
}

/** All zones by the names of their cities: who types the first letters of one finds it in the list. */
const byCity = (also = ''): string[] => zones(also).sort((a, b) => cityOf(a).localeCompare(cityOf(b)));

const named = new Map<string, string>(); // there are 420, and Intl takes its time for each

/** "Shanghai · China Standard Time · GMT+8", in the reader's language but for the city, which has one name for the zone everywhere. */
function zoneName(zone: string, locale: string): string {
  const key = `${locale} ${zone}`;
  const known = named.get(key);
  if (known) return known;
  const offset = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts().find((p) => p.type === 'timeZoneName')?.value;
  const called = zoneCalled(zone, locale);
  const name = [cityOf(zone), called.startsWith('GMT') ? '' : called, offset].filter(Boolean).join(' · ');
  named.set(key, name);
  return name;
}

export function orgIn(form: HTMLFormElement): Typed {
  const data = new FormData(form);
  const text = (name: string): string => String(data.get(name) ?? '').trim();
  return { name: text('name'), kind: text('kind') as Kind, region: text('region'), currency: text('currency').toUpperCase(), timezone: text('timezone'), language: text('language') as Language };
}

/** What a PATCH says: the fields that differ, and null for those that were emptied. */
export function changed(before: Org, now: Typed): { name?: string; kind?: Kind; region?: string | null; currency?: string | null; timezone?: string | null; language?: 'en' | 'zh' } {
  const emptied = (name: 'region' | 'currency' | 'timezone'): object => (now[name] === (before[name] ?? '') ? {} : { [name]: now[name] || null });
  return {
    ...(now.name === before.name ? {} : { name: now.name }),
    ...(now.kind === before.kind ? {} : { kind: now.kind }),
    ...emptied('region'), ...emptied('currency'), ...emptied('timezone'),
    ...(now.language && now.language !== (before.language ?? 'en') ? { language: now.language } : {}),
  };
}
