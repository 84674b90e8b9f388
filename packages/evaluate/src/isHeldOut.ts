/**
 * The half that a source belongs to: a function of its name alone, so that more data never move a source
 * from one half to the other, and all its alerts stay together.
 *
 * The hash is FNV-1a of 32 bits over the name's UTF-16 code units; MurmurHash3's finalizer spreads it, as
 * names differ in few letters; its highest bit decides.
 *
 * Source: Fowler, Noll and Vo, draft-eastlake-fnv; Appleby, MurmurHash3, fmix32.
 *
 * @param objectId - the source's name
 * @returns true for the half that a search does not see
 */
export function isHeldOut(objectId: string): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < objectId.length; i++) hash = Math.imul(hash ^ objectId.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) < 0;
}
