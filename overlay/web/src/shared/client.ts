import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '../generated/api.ts';
import { home } from './server.ts';

/** The API for clients with a token, typed by the server's OpenAPI document. `page` is a name of the page for itself, which the events that it causes repeat. It is for the apps of hosts; viewers' pages use api.ts. */
export const clientWith = (token: string, page = ''): Client<paths> =>
  createClient<paths>({ baseUrl: home, headers: { Authorization: `Bearer ${token}`, ...(page && { 'X-Mediad-Page': page }) }, credentials: 'omit', cache: 'no-store' });
