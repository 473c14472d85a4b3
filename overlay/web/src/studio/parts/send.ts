import { unanswered } from '../../shared/client.ts';
import { home } from '../../shared/server.ts';
import type { Answer, Studio } from '../context.ts';

/** The answer to a file that was sent. */
export interface Sent<T> extends Answer {
  readonly data?: T;
}

/** Sends a form with a file, and tells how far it is: fetch cannot. */
export function send<T>(studio: Studio, path: '/api/v1/imports' | `/api/v1/images?org=${string}`, form: FormData, key: string, progress: (part: number) => void): Promise<Sent<T>> {
  return new Promise((resolve) => {
    const r = new XMLHttpRequest();
    const end = (text: string, status: number): void => {
      const response = new Response(null, { status: status === 204 || status < 200 ? 503 : status });
      let json: unknown;
      try {
        json = JSON.parse(text);
      } catch {
        json = undefined;
      }
      resolve(response.ok ? { data: json as T, response } : { error: json, response });
    };
    r.upload.addEventListener('progress', (e) => e.lengthComputable && progress(e.loaded / e.total));
    r.addEventListener('load', () => end(r.responseText, r.status));
    for (const kind of ['error', 'abort', 'timeout']) r.addEventListener(kind, () => end(JSON.stringify({ type: unanswered }), 503));
    r.open('POST', home + path);
    if (studio.me.csrf) r.setRequestHeader('X-Mediad-CSRF', studio.me.csrf);
    r.setRequestHeader('Idempotency-Key', key);
    r.send(form);
  });
}
