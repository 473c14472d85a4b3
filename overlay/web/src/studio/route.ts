/** Where one is in the studio: `#/SECTION/REST…`. Links of invitations and new passwords have a secret in place of a route. */

export interface Route {
  readonly section: string;
  readonly rest: readonly string[];
}

export function routeOf(hash: string): Route {
  const [section = '', ...rest] = hash.startsWith('#/') ? hash.slice(2).split('/').filter(Boolean).map(decoded) : [];
  return { section, rest };
}

export const hashOf = (route: string): string => `#/${route.replace(/^#?\/?/, '')}`;

export interface Link {
  readonly kind: 'invitation' | 'password' | 'setup';
  readonly secret: string;
}

const link = /^#(invitation|password|setup)=([\w.~-]{1,200})$/;

/** The link that an address was opened by; undefined: by none. */
export function linkOf(hash: string): Link | undefined {
  const [, kind, secret] = link.exec(hash) ?? [];
  return kind && secret ? { kind: kind as Link['kind'], secret } : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
