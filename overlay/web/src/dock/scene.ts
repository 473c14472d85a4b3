/** The SKU in the name of a scene of OBS, `P:SKU`; undefined: the scene is about no product. */
export function skuOf(scene: string): string | undefined {
  return /^P:\s*(\S.*?)\s*$/.exec(scene)?.[1];
}
