/** The SKU in the name of a scene of OBS, `P:SKU`; undefined: the scene is about no product. */
export function skuOf(scene: string): string | undefined {
  return /^P:\s*(\S.*?)\s*$/.exec(scene)?.[1];
}

const farthest = 60_000; // ms: beyond it OBS streams elsewhere, or begins anew

/** The programme date of a timestamp in ms, where that of timestamp 0 is known; undefined: it is not plausible. */
export function dateOf(zero: Date | undefined, timestamp: number | undefined, now: number): Date | undefined {
  if (!zero || timestamp === undefined || !(timestamp > 0)) return undefined;
  const at = zero.getTime() + Math.round(timestamp);
  return Math.abs(at - now) < farthest ? new Date(at) : undefined;
}
