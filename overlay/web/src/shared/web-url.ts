/** An http(s) address made absolute, or "". Nothing else may become a link, a picture or a source. */
export function webURL(value: unknown, base: string): string {
  if (typeof value !== 'string' || !value) return '';
  try {
    const url = new URL(value, base);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : '';
  } catch {
    return '';
  }
}
