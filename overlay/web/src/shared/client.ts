import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '../generated/api.ts';
import { home } from './server.ts';

/** The API, typed by the server's OpenAPI document, for whoever these headers, or the cookie of a sign-in, let in. It is for the apps of hosts; viewers' pages use api.ts. */
export const clientFor = (headers: Readonly<Record<string, string>>, credentials: 'omit' | 'same-origin'): Client<paths> =>
  createClient<paths>({ baseUrl: home, headers, credentials, cache: 'no-store' });

/** The `type` of the problem that stands for no answer: of a request that only reads, and of one that may have changed something. */
export const unreachable = '#unreachable';
export const unanswered = '#unanswered';

/**
 * The API for somebody who is signed in by a cookie. `csrf` gives the value that the server wants to see beside the cookie; `ended` hears that the
 * session is over. A request without an answer does not throw: its problem has the type `unreachable` or `unanswered`.
 */
export function clientByCookie(csrf: () => string | undefined, ended: () => void): Client<paths> {
  const client = createClient<paths>({ baseUrl: home, credentials: 'same-origin', cache: 'no-store' });
  const reads = (request: Request): boolean => request.method === 'GET';
  client.use({
    onRequest: ({ request }) => {
      const value = csrf();
      if (value && !reads(request)) request.headers.set('X-Mediad-CSRF', value);
    },
    onResponse: ({ response }) => {
      if (response.status === 401 && csrf()) ended();
    },
    onError: ({ request }) => new Response(JSON.stringify({ type: reads(request) ? unreachable : unanswered }), { status: 503, headers: { 'Content-Type': 'application/problem+json' } }),
  });
  return client;
}
