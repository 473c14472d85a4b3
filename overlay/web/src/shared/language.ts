/** The language of a page, and phrases with values put in. The phrases are in strings/. */

/** A phrase with holes: names in braces. */
export type Phrase<Hole extends string> = string & { readonly holes?: Hole };

/** The locale for a wish such as "zh-CN"; "" means the browser's own. */
export const localeFor = (wish: string | null | undefined): string => supported(wish || globalThis.navigator?.language) ?? 'en';

/** A section of the table in the language of a locale; English if we do not have that language. */
export const inLanguage = <Words>(table: { readonly en: Words; readonly zh: Words }, locale: string): Words => (/^zh\b/i.test(locale) ? table.zh : table.en);

/** A phrase with its holes filled. */
export const say = <Hole extends string>(phrase: Phrase<Hole>, values: Readonly<Record<Hole, string | number>>): string =>
  phrase.replace(/\{(\w+)\}/g, (_, hole: Hole) => String(values[hole]));

function supported(tag: string | undefined): string | undefined {
  try {
    return tag ? Intl.getCanonicalLocales(tag)[0] : undefined;
  } catch {
    return undefined;
  }
}
