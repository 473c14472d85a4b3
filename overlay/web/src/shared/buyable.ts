/** Whether viewers have a way to buy a product: a link of its own, or of a variant. Without one their card has no button. */
export const buyable = (p: { readonly link?: unknown; readonly variants?: unknown }): boolean =>
  Boolean(p.link) || (Array.isArray(p.variants) && p.variants.some((v: { link?: unknown } | null) => Boolean(v?.link)));
