/** The language of a page, and phrases with values put in. The phrases are in strings/. */

/** A phrase with holes: names in braces. */
export type Phrase<Hole extends string> = string & { readonly holes?: Hole };

/** The locale for a wish such as "zh-CN"; "" means the browser's own. */
export const localeFor = (wish: string | null | undefined): string => supported(wish || globalThis.navigator?.language) ?? 'en';

/** The reader's own tag of the page's language, which says how dates and numbers are written: en-GB on a page in English. */
export const ownTag = (language: string, tags: readonly string[] = globalThis.navigator?.languages ?? []): string =>
  tags.find((t) => supported(t) && (t === language || t.toLowerCase().startsWith(`${language.toLowerCase()}-`))) ?? language;

/** The language of our phrases for a locale. */
export const languageOf = (locale: string): string => (/^(zh|en)\b/i.test(locale) ? locale : 'en');

/** A section of the table in the language of a locale; English if we do not have that language. */
export const inLanguage = <Words>(table: { readonly en: Words; readonly zh: Words }, locale: string): Words => (/^zh\b/i.test(locale) ? table.zh : table.en);

/** A phrase with its holes filled. */
export const say = <Hole extends string>(phrase: Phrase<Hole>, values: Readonly<Record<Hole, string | number>>): string =>
  phrase.replace(/\{(\w+)\}/g, (_, hole: Hole) => String(values[hole]));

/**
 * The text for a locale out of texts by locale: the one of the same tag, or else of the same language and script, so that a reader in Taipei
 * gets zh-Hant and none gets another script. undefined: there is none.
 */
export function inLocale(texts: unknown, locale: string): string | undefined {
  const all = Object.entries((texts ?? {}) as Record<string, unknown>).filter((t): t is [string, string] => typeof t[1] === 'string' && t[1] !== '');
  const wish = spelled(locale);
  const found = all.find(([tag]) => tag.toLowerCase() === locale.toLowerCase()) ?? all.find(([tag]) => wish !== '' && spelled(tag) === wish);
  return found?.[1];
}

/** Language and script of a tag; "": it is none. */
function spelled(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script ?? ''}`;
  } catch {
    return '';
  }
}

function supported(tag: string | undefined): string | undefined {
  try {
    return tag ? Intl.getCanonicalLocales(tag)[0] : undefined;
  } catch {
    return undefined;
  }
}
