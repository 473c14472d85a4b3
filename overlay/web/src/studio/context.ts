import type { Client } from 'openapi-fetch';
import type { components, paths } from '../generated/api.ts';
import studio, { type Words } from '../generated/strings/studio.ts';
import { inLanguage } from '../shared/language.ts';

export type Schemas = components['schemas'];
/** Who is signed in, with all roles. */
export type Me = Schemas['MeBody'];
export type Org = Schemas['Org'];
/** A kind of thing that somebody may or may not do. */
export type Action = NonNullable<Schemas['Granted']['may']>[number];

/** The answer of a request, as openapi-fetch gives it. */
export interface Answer {
  readonly error?: unknown;
  readonly response: Response;
}

export interface Language {
  readonly locale: string;
  /** The phrases of the frame. */
  readonly words: Words;
  /** The phrases of a section: its table is the default export of src/generated/strings/studio-SECTION.ts. */
  in<W>(table: { readonly en: W; readonly zh: W }): W;
}

export const languageFor = (locale: string): Language => ({ locale, words: inLanguage(studio, locale), in: (table) => inLanguage(table, locale) });

/** What a section gets from the frame. It is made anew when somebody chooses another organisation, and the section with it. */
export interface Studio {
  /** The API, for who is signed in. Its requests do not throw: without an answer, they have an error that `wrong` explains. */
  readonly client: Client<paths>;
  readonly me: Me;
  /** The id of the chosen organisation. */
  readonly org: string;
  /** All organisations in which one has a role, those below one another included. */
  readonly orgs: readonly Org[];
  readonly language: Language;
  /** Whether one may do something in an organisation (the chosen one, if none is named), or in a room of it. */
  may(action: Action, org?: string, room?: string): boolean;
  /** Opens a route, such as `rooms/demo`. */
  go(route: string): void;
  /** A short word at the foot of the page, with a way back where there is one. What went wrong belongs beside what was pressed instead. */
  tell(text: string, undo?: () => Promise<void>): void;
  /** Why a request was not carried out, in words, for the place where the hand was; "": it was. */
  wrong(answer: Answer): string;
  /** Goes on with another sign-in of the same person, as a new password makes one. */
  renewed(me: Me): void;
  /** Reads the organisations anew, after a change of them. */
  refresh(): Promise<void>;
}

/** A section of the studio: `rest` is the route behind its name, `['demo', 'key']` of `#/rooms/demo/key`. */
export interface SectionElement extends HTMLElement {
  studio: Studio;
  rest: readonly string[];
}
