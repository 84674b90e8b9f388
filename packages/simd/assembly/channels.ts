/**
 * Which channels of a group of tiles are to be multiplied. After ReLU many are zeros all over some tiles: in BTSbot's second to
 * fourth convolution 72, 64 and 24 of 100 are left on average, on alerts as they come. What zeros add to sums is nothing, so that
 * leaving them out changes no bit of a result; a kernel must be finite for that, which `checkWeights` of @btsbot/model sees to.
 *
 * A list lies in memory: where it ends, then for each channel, in order, the bytes to its number in the lines of the tiles and to
 * its row in a panel of the kernel.
 */
const HEAD: usize = 8;
/** Bytes of a channel in a list. */
export const ENTRY: usize = 8;

/** Bytes that a list of the channels of `inner` lines takes, four for each line. */
export function listBytes(inner: usize): usize {
  return HEAD + 4 * inner * ENTRY;
}

/** Where the first channel stands. */
// @ts-ignore: decorator
@inline
export function firstOf(list: usize): usize {
  return list + HEAD;
}

/** Where the list ends. */
// @ts-ignore: decorator
@inline
export function endOf(list: usize): usize {
  return load<usize>(list);
}

/**
 * Whether all channels take no longer than those of the list: one by a list takes an eighth more. What is not on the list is zeros,
 * or, where channels are filled up to fours, has zeros in the kernel.
 */
// @ts-ignore: decorator
@inline
export function isNearlyFull(list: usize, inner: usize): bool {
  return 8 * (endOf(list) - firstOf(list)) >= 7 * 4 * inner * ENTRY;
}

/** Begins a list. */
export function clearList(list: usize): void {
  store<usize>(list, firstOf(list));
}

/**
 * Goes on with a list.
 *
 * @param some - all bits of the four channels of a line
 * @param line - which line
 * @param vStep - bytes from line to line
 * @param channels - how many channels there are; what fills them up to fours is left out
 */
export function addToList(list: usize, some: v128, line: usize, vStep: usize, channels: i32): void {
  const present = i32x4.bitmask(i32x4.ne(some, i32x4.splat(0)));
  let end = endOf(list);
  for (let i = 0; i < min(4, channels - 4 * <i32>line); i++) {
    if ((present & (1 << i)) === 0) continue;
    store<usize>(end, line * vStep + (<usize>i << 2));
    store<usize>(end, (line << 7) + (<usize>i << 5), 4);
    end += ENTRY;
  }
  store<usize>(list, end);
}
