/**
 * Copies that lay tensors out for the other kernels. Channels are last everywhere. A plane is one image of
 * one alert with zeros around it, its channels filled up to a multiple of 4, so that no other kernel asks
 * where a border is.
 */

// @ts-ignore: decorator
@inline
function copyFloats(to: usize, from: usize, count: i32): void {
  const end = from + ((<usize>count) << 2);
  for (; from + 16 <= end; from += 16, to += 16) v128.store(to, v128.load(from));
  for (; from < end; from += 4, to += 4) f32.store(to, f32.load(from));
}

/** Sets `count` numbers to 0. */
export function clear(target: usize, count: i32): void {
  memory.fill(target, 0, (<usize>count) << 2);
}

/**
 * An image to a plane of `toHeight` x `toWidth` x `toChannels`: pixel (row, column) goes to
 * (top + row * stepY, left + column * stepX), and nowhere if that is outside. Each channel is written
 * `repeat` times in a row.
 */
export function makePlane(
  image: usize, height: i32, width: i32, channels: i32,
  plane: usize, top: i32, left: i32, toHeight: i32, toWidth: i32, toChannels: i32,
  stepY: i32, stepX: i32, repeat: i32,
): void {
  memory.fill(plane, 0, (<usize>toHeight * toWidth * toChannels) << 2);
  for (let row = 0; row < height; row++) {
    const toRow = top + row * stepY;
    if (toRow < 0 || toRow >= toHeight) continue;
    let from = image + ((<usize>row * width * channels) << 2);
    if (channels == toChannels && stepX == 1 && repeat == 1 && left >= 0 && left + width <= toWidth) {
      copyFloats(plane + (((<usize>toRow * toWidth + left) * toChannels) << 2), from, width * channels);
      continue;
    }
    for (let column = 0; column < width; column++, from += (<usize>channels) << 2) {
      const toColumn = left + column * stepX;
      if (toColumn < 0 || toColumn >= toWidth) continue;
      let to = plane + (((<usize>toRow * toWidth + toColumn) * toChannels) << 2);
      if (repeat == 1) {
        copyFloats(to, from, channels);
        continue;
      }
      for (let channel = 0; channel < channels; channel++) {
        const value = f32.load(from + ((<usize>channel) << 2));
        for (let copy = 0; copy < repeat; copy++, to += 4) f32.store(to, value);
      }
    }
  }
}

/** Rows of `from` numbers, `fromStride` numbers apart, to rows of `to` numbers: cut off, or filled up with zeros. */
export function resizeRows(source: usize, fromStride: i32, from: i32, target: usize, to: i32, rows: i32): void {
  const kept = min(from, to);
  for (let row = 0; row < rows; row++) {
    copyFloats(target, source, kept);
    for (let rest = kept; rest < to; rest++) f32.store(target + ((<usize>rest) << 2), 0);
    source += (<usize>fromStride) << 2;
    target += (<usize>to) << 2;
  }
}

/** The sums of each `group` numbers, `count` of them. */
export function sumGroups(source: usize, group: i32, target: usize, count: i32): void {
  for (let place = 0; place < count; place++, target += 4) {
    let sum: f32 = 0;
    for (let member = 0; member < group; member++, source += 4) sum += f32.load(source);
    f32.store(target, sum);
  }
}

/** A matrix of `rows` x `columns` turned over, to rows `stride` numbers apart. */
export function transposeMatrix(source: usize, rows: i32, columns: i32, target: usize, stride: i32): void {
  for (let row = 0; row < rows; row++) {
    let to = target + ((<usize>row) << 2);
    for (let column = 0; column < columns; column++, source += 4, to += (<usize>stride) << 2) f32.store(to, f32.load(source));
  }
}

/**
 * A filter in panels of 8 output channels: for each panel its taps, for each tap `padded` input channels,
 * 8 numbers each; zeros where there is nothing. The strides say where a number is in the source, so that
 * the same function packs a filter as it is and one that is rotated, its channels exchanged.
 */
export function packFilter(
  source: usize, taps: i32, inputs: i32, outputs: i32, tapStride: i32, inputStride: i32, outputStride: i32,
  target: usize, padded: i32,
): void {
  for (let panel = 0; panel < outputs; panel += 8) {
    for (let tap = 0; tap < taps; tap++) {
      for (let input = 0; input < padded; input++, target += 32) {
        const from = source + (<usize>(tap * tapStride + input * inputStride + panel * outputStride) << 2);
        const there = input < inputs ? min(8, outputs - panel) : 0;
        for (let output = 0; output < 8; output++) {
          const value = output < there ? f32.load(from + (<usize>(output * outputStride) << 2)) : <f32>0;
          f32.store(target + ((<usize>output) << 2), value);
        }
      }
    }
  }
}

/** 1 if every number is finite, else 0: what is not finite, times 0, is NaN. */
export function allFinite(values: usize, count: i32): i32 {
  const zero = f32x4.splat(0);
  let sum = zero;
  const end = values + ((<usize>count) << 2);
  for (; values + 16 <= end; values += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(values), zero));
  for (; values < end; values += 4) sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(values), zero));
  return i32(v128.all_true<i32>(f32x4.eq(sum, zero)));
}
