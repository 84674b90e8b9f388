/** Numbers from 0 to below 1 that follow from whole numbers alone (a Weyl sequence through MurmurHash3's finalizer). */
export function createRandom(...keys) {
  let state = keys.reduce((sum, key) => mix(Math.imul(sum, 31) + key + 0x9e3779b9), 0);
  return () => mix((state = (state + 0x9e3779b9) | 0)) / 2 ** 32;
}

function mix(bits) {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
