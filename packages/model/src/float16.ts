/**
 * Rounds numbers to half precision (IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction), to nearest,
 * ties to even. What is too large becomes infinite, what is too small zero; signs are kept, and so is NaN.
 *
 * @internal
 */
export function encodeFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, roundBits);
}

/** The bits of a float32 to those of the nearest float16. */
function roundBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520 is halfway between the largest half, 65504, and what would come after it.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x33000000) return sign;
  const exponent = magnitude >>> 23;
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  // Below 2^-14 a half has a fixed exponent: the less the number, the more bits of the fraction go.
  const isSubnormal = exponent < 113;
  const dropped = isSubnormal ? 126 - exponent : 13;
  const kept = fraction >>> dropped;
  const rest = fraction & ((1 << dropped) - 1);
  const half = 1 << (dropped - 1);
  const up = rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0;
  // A fraction that rounds up to the next power of two carries into the exponent, as it should.
  return sign | ((isSubnormal ? kept : ((exponent - 112) << 10) + (kept & 0x3ff)) + up);
}

/**
 * Numbers of half precision as they are: every one has an equal float32.
 *
 * @internal
 */
export function decodeFloat16(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 31;
    const fraction = half & 0x3ff;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}
