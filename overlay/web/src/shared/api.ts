import type { components, paths } from '../generated/api.ts';

/**
 * The server's HTTP API, as its OpenAPI document has it: a path or a name that the document does not know fails the build. The pages of viewers
 * only read, and a library would weigh more than all that they ask; the apps of hosts use client.ts.
 */

export type Schemas = components['schemas'];

/** Data from a server, which may have another version than the page: the names are those of the document, and the values must be checked. */
export type Loose<T> = { readonly [Name in keyof T]?: unknown };

type Fields<Name extends keyof Schemas> = Loose<Schemas[Name]>;

/** An object of the document; without fields if the value is none. */
export const fieldsOf = <Name extends keyof Schemas>(value: unknown): Fields<Name> => (typeof value === 'object' && value !== null ? value : {}) as Fields<Name>;

/** A list of them; values that are no objects are left out. */
export const listOf = <Name extends keyof Schemas>(value: unknown): Fields<Name>[] =>
  Array.isArray(value) ? value.filter((v) => typeof v === 'object' && v !== null) as Fields<Name>[] : [];

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

type PathValues<Path extends keyof paths> = paths[Path] extends { get: { parameters: { path: infer Values } } } | { post: { parameters: { path: infer Values } } } ? Values : never;

/** The address of a resource. */
export const addressOf = <Path extends keyof paths>(origin: string, path: Path, values: PathValues<Path>): string =>
  origin + path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent((values as Record<string, string>)[name] ?? '').replace('%40', '@'));

/** Reads public JSON; undefined: there is none, or the network fails. */
export async function read(address: string): Promise<unknown> {
  try {
    const answer = await fetch(address, { credentials: 'omit' });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
