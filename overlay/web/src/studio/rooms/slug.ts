/** An address for a room with this title: its Latin letters and digits; of a title that has none, a random one. */
export function slugFor(title: string, random: () => number = Math.random): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '');
  return plain.length >= 2 || !title.trim() ? plain : `room-${Math.floor(1000 + random() * 9000)}`;
}
