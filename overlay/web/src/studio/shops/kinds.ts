import type { Schemas } from '../context.ts';

/** The kinds of shops, and what each has to know. */

export type Shop = Schemas['ShopBody'];
export type Config = Schemas['ShopConfig'];

/** The kinds that can be connected here, in the order in which they are offered. */
export const kinds = ['shopify', 'stripe-session', 'stripe-link', 'link'] as const;

/** The marks in the address of a product's page. */
export const marks = ['{sku}', '{variant}', '{quantity}', '{click}'];

/** The name of a host out of what people paste: "https://Tea.example/cart" is tea.example. */
export const hostOf = (text: string): string => text.trim().toLowerCase().replace(/^[a-z][a-z+.-]*:\/\//, '').replace(/[/?#].*$/, '');

/** Several of them, each once. */
export const hostsOf = (text: string): string[] => [...new Set(text.split(/[\s,;，；、]+/).map(hostOf).filter(Boolean))];

/** Where viewers of a shop are sent to without anybody's saying so; "": nowhere. */
export function ownHost(kind: string, config: Config): string {
  switch (kind) {
    case 'link':
      return config.template ? hostOf(config.template) : '';
    case 'shopify':
      return config.domain ?? '';
    case 'stripe-link':
      return 'buy.stripe.com';
    case 'stripe-session':
      return 'checkout.stripe.com';
  }
  return '';
}

/** What a form says of a shop: only what its kind knows. */
export function configIn(kind: string, data: FormData): Config {
  const text = (name: string): string => String(data.get(name) ?? '').trim();
  const hosts = hostsOf(text('hosts'));
  const given = (name: keyof Config, value: string): Config => (value ? { [name]: value } : {});
  return {
    ...(hosts.length ? { hosts } : {}),
    ...(kind === 'link' ? given('template', text('template')) : {}),
    ...(kind === 'shopify' ? given('domain', hostOf(text('domain'))) : {}),
    ...(kind === 'stripe-session' ? { ...given('success_url', text('success_url')), ...given('cancel_url', text('cancel_url')) } : {}),
  };
}

/** Who counts the units of a shop's products; undefined: the shop itself, as all of its kind. */
export const stockIn = (kind: string, data: FormData): string | undefined => (kind === 'stripe-session' ? 'allocated-hold' : kind === 'stripe-link' ? String(data.get('stock') || 'external') : undefined);

/** Whether orders of a shop can arrive: it has the secret with which it signs them, and the key with which its checkouts are opened, where mediad opens them. */
export const hears = ({ secrets, kind }: Pick<Shop, 'secrets'> & { readonly kind?: string }): boolean => !!secrets?.includes('webhook') && (kind !== 'stripe-session' || secrets.includes('api_key'));

/** A secret as Standard Webhooks writes it: 24 random bytes. */
export function freshSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))))}`;
}
