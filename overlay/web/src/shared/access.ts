import type { Client } from 'openapi-fetch';
import type { paths } from '../generated/api.ts';
import { fieldsOf, textOf } from './api.ts';
import { clientFor } from './client.ts';

/** What lets somebody into a page of hosts: an API token, or the sign-in of the studio, which is a cookie and the text that requests repeat beside it. */
export type Access = { readonly token: string; readonly csrf?: undefined } | { readonly token?: undefined; readonly csrf: string; /** Who is signed in. */ readonly name: string };

/** Why a sign-in failed. */
export type Refusal = 'wrong' | 'late' | 'unanswered';

export const headersOf = (a: Access): Record<string, string> => (a.token === undefined ? { 'X-Mediad-CSRF': a.csrf } : { Authorization: `Bearer ${a.token}` });

export const credentialsOf = (a: Access): 'omit' | 'same-origin' => (a.token === undefined ? 'same-origin' : 'omit');

/** The API with that right. `page` is the page's name for itself, if it has one: events that it causes repeat it. */
export const clientOf = (a: Access, page?: string): Client<paths> => clientFor({ ...headersOf(a), ...(page && { 'X-Mediad-Page': page }) }, credentialsOf(a));

const patience = 8000; // ms

/** The sign-in that this browser has; undefined: none. */
export async function signedIn(): Promise<Access | undefined> {
  try {
    const { data } = await clientFor({}, 'same-origin').GET('/api/v1/me', { signal: AbortSignal.timeout(patience) });
    return accessIn(data);
  } catch {
    return undefined;
  }
}

/** Signs somebody in. */
export async function signIn(email: string, password: string): Promise<Access | Refusal> {
  try {
    const { data, response } = await clientFor({}, 'same-origin').POST('/api/v1/session', { body: { email, password }, signal: AbortSignal.timeout(patience) });
    return accessIn(data) ?? (response.status === 429 ? 'late' : response.status >= 500 ? 'unanswered' : 'wrong');
  } catch {
    return 'unanswered';
  }
}

/** Signs out of this browser: all pages of hosts. */
export async function signOut(a: Access): Promise<void> {
  await clientOf(a).DELETE('/api/v1/session', { signal: AbortSignal.timeout(patience) }).catch(() => undefined);
}

function accessIn(json: unknown): Access | undefined {
  const me = fieldsOf<'MeBody'>(json);
  const csrf = textOf(me.csrf);
  return csrf ? { csrf, name: textOf(me.name) } : undefined;
}
