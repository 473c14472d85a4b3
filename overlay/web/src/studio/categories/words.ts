import table, { type Words } from '../../generated/strings/studio-categories.ts';
import type { Language, Schemas } from '../context.ts';

export type { Words };
export type Category = Schemas['Category'];

export const wordsOf = (language: Language): Words => language.in(table);

/** How far below the root a category is: 0 at the root. */
export const depthOf = (c: Category): number => c.path.split(' > ').length - 1;

/** A path as the server makes it regular: "food>fruit " is "food > fruit". */
export const regular = (path: string): string => path.split('>').map((p) => p.trim()).join(' > ').trim();

/** Whether a path is a category, or below it. */
export const within = (path: string, of: string): boolean => path === of || path.startsWith(`${of} > `);
