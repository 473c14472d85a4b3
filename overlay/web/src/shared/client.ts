import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '../generated/api.ts';
import { home } from './server.ts';

/** The API for clients with a token, typed by the server's OpenAPI document. It is for the apps of hosts; viewers' pages use api.ts. */
export const clientWith = (token: string): Client<paths> =>
  createClient<paths>({ baseUrl: home, headers: { Authorization: `Bearer ${token}` }, credentials: 'omit', cache: 'no-store' });
