import table, { type Words } from '../../generated/strings/studio-search.ts';
import type { Language } from '../context.ts';

export type { Words };

export const wordsOf = (language: Language): Words => language.in(table);
