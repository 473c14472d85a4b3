// The table of strings: strings/ holds every phrase of the pages once, in each language. Each file is a section, and
// different apps load them. Holes are names in braces. `page` is for the templates in pages/, which Go fills;
// `said-by-server` translates the server's own English texts, and `errors-by-server` its errors, by the patterns that its
// code has.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const notModules = ['page', 'said-by-server', 'errors-by-server'];

/** The table in a folder: by section. */
export const tableIn = (dir) => Object.fromEntries(readdirSync(dir).sort().map((f) => [basename(f, '.json'), JSON.parse(readFileSync(join(dir, f), 'utf8'))]));

/** The sections that become modules, each loaded by whoever imports it. */
export const sectionsOf = (table) => Object.keys(table).filter((s) => !notModules.includes(s));

/** Sections of the studio are loaded by its parts alone, one each: so two may have the same name. */
const apart = (section) => section.startsWith('studio-');

export const languages = ['en', 'zh'];

export const holesOf = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);

/** What is wrong with a table, as lines; empty: nothing. */
export function faults(table) {
  const found = [];
  const where = new Map(); // by key
  const said = new Map(); // by what is said in all languages of a section
  for (const section of [...sectionsOf(table), 'page']) {
    for (const [key, phrase] of Object.entries(table[section] ?? {})) {
      const name = `${section}.${key}`;
      if (!apart(section)) {
        if (where.has(key)) found.push(`${name}: ${where.get(key)} has this name`);
        where.set(key, name);
      }
      for (const l of languages) if (!phrase[l]?.trim()) found.push(`${name} has no ${l}`);
      const alike = JSON.stringify([section, ...languages.map((l) => phrase[l])]);
      if (said.has(alike)) found.push(`${name} says what ${said.get(alike)} says`);
      said.set(alike, name);
      const holes = languages.map((l) => [...new Set(holesOf(phrase[l] ?? ''))].sort().join());
      if (new Set(holes).size > 1) found.push(`${name} has other holes in other languages: ${holes.join(' / ')}`);
    }
  }
  return found;
}

/** The keys that no text uses, of a section; uses look like `t.key`, `text.key` or `words.key`, in templates `.Say.key`. */
export function unused(table, section, texts) {
  const used = new Set();
  for (const text of texts) for (const [, a, b] of text.matchAll(/\b(?:t|text|words|Say)(?:\.(\w+)|\["(\w+)"\])/g)) used.add(a ?? b);
  return Object.keys(table[section]).filter((key) => !used.has(key));
}

/** A section as a module. */
export function moduleOf(table, section) {
  const body = (l) => Object.entries(table[section]).map(([key, phrase]) => {
    const holes = [...new Set(holesOf(phrase[l]))].sort().map((h) => `'${h}'`).join(' | ');
    return `  ${key}: ${JSON.stringify(phrase[l])}${holes ? ` as Phrase<${holes}>` : ''},\n`;
  }).join('');
  const en = body('en');
  const phrases = en.includes('Phrase<') ? `import type { Phrase } from '../../shared/language.ts';\n\n` : '';
  return `// Made from strings/ by build.mjs: DO NOT EDIT.\n${phrases}const en = {\n${en}};\n\n` +
    `export type Words = typeof en;\n\n${languages.slice(1).map((l) => `const ${l}: Words = {\n${body(l)}};\n\n`).join('')}export default { ${languages.join(', ')} };\n`;
}

/** The translations of what the server says, as a module: by language, then kind, then code. */
export function saidModule(table) {
  const of = (l) => Object.fromEntries(Object.entries(table['said-by-server']).map(([kind, all]) =>
    [kind, Object.fromEntries(Object.entries(all).map(([code, phrase]) => [code, phrase[l]]))]));
  const kinds = Object.keys(table['said-by-server']);
  return `// Made from strings/ by build.mjs: DO NOT EDIT.\nexport type Said = Readonly<Record<${kinds.map((k) => `'${k}'`).join(' | ')}, Readonly<Record<string, string>>>>;\n\n` +
    `const en: Said = ${JSON.stringify(Object.fromEntries(kinds.map((k) => [k, {}])))};\n` +
    `${languages.slice(1).map((l) => `const ${l}: Said = ${JSON.stringify(of(l), null, 1)};\n`).join('')}\nexport default { ${languages.join(', ')} };\n`;
}

/** The translations of the server's errors, as a module: by language, then pattern. English has those that it says better than the server. */
export const errorsModule = (table) => `// Made from strings/ by build.mjs: DO NOT EDIT.\nexport type Errors = Readonly<Record<string, string>>;\n\n` +
  languages.map((l) => `const ${l}: Errors = ${JSON.stringify(Object.fromEntries(Object.entries(table['errors-by-server']).map(([pattern, phrase]) => [pattern, phrase[l]]).filter(([, text]) => text)), null, 1)};\n`).join('') + `\nexport default { ${languages.join(', ')} };\n`;
