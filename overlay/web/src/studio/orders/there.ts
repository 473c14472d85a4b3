import type { Schemas } from '../context.ts';

/** Where an order stands in the shop's own administration; undefined: its kind has no such address, or the order is not named by it. */
export function inShop({ kind, config }: Pick<Schemas['ShopBody'], 'kind' | 'config'>, order: string): string | undefined {
  if (kind === 'shopify' && config.domain && /^\d+$/.test(order)) return `https://${config.domain}/admin/orders/${order}`;
  if (kind.startsWith('stripe') && /^pi_\w+$/.test(order)) return `https://dashboard.stripe.com/payments/${order}`;
  return undefined;
}
