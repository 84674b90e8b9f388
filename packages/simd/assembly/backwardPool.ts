/** Largest value of each window of one image; NaN where the window holds one. Beyond the border there is nothing. */
export function maxPool(
  image: usize, height: i32, width: i32, channels: i32, windowHeight: i32, windowWidth: i32, stepY: i32, stepX: i32,
  top: i32, left: i32, output: usize, toHeight: i32, toWidth: i32,
): void {
  const pixel = (<usize>channels) << 2;
  for (let row = 0; row < toHeight; row++) {
    const y0 = max(row * stepY - top, 0);
    const y1 = min(row * stepY - top + windowHeight, height);
    for (let column = 0; column < toWidth; column++, output += pixel) {
      const x0 = max(column * stepX - left, 0);
      const x1 = min(column * stepX - left + windowWidth, width);
      let channel: usize = 0;
      for (; channel + 16 <= pixel; channel += 16) {
        let most = f32x4.splat(-Infinity);
        for (let y = y0; y < y1; y++) {
          let from = image + (<usize>(y * width + x0)) * pixel + channel;
          for (let x = x0; x < x1; x++, from += pixel) most = f32x4.max(most, v128.load(from));
        }
        v128.store(output + channel, most);
      }
      for (; channel < pixel; channel += 4) {
        let most: f32 = -Infinity;
        for (let y = y0; y < y1; y++) {
          let from = image + (<usize>(y * width + x0)) * pixel + channel;
          for (let x = x0; x < x1; x++, from += pixel) most = max(most, f32.load(from));
        }
        f32.store(output + channel, most);
      }
    }
  }
}

/**
 * Gradient of the pool's input for one image: each window's slope goes to the first pixel that has the
 * window's largest value, or is NaN. `slopes` must be 0 before.
 */
export function addMaxPoolGradient(
  image: usize, height: i32, width: i32, channels: i32, windowHeight: i32, windowWidth: i32, stepY: i32, stepX: i32,
  top: i32, left: i32, output: usize, dy: usize, toHeight: i32, toWidth: i32, slopes: usize,
): void {
  const pixel = (<usize>channels) << 2;
  for (let row = 0; row < toHeight; row++) {
    const y0 = max(row * stepY - top, 0);
    const y1 = min(row * stepY - top + windowHeight, height);
    for (let column = 0; column < toWidth; column++, output += pixel, dy += pixel) {
      const x0 = max(column * stepX - left, 0);
      const x1 = min(column * stepX - left + windowWidth, width);
      let channel: usize = 0;
      for (; channel + 16 <= pixel; channel += 16) {
        const most = v128.load(output + channel);
        let slope = v128.load(dy + channel);
        for (let y = y0; y < y1; y++) {
          let at = (<usize>(y * width + x0)) * pixel + channel;
          for (let x = x0; x < x1; x++, at += pixel) {
            const value = v128.load(image + at);
            const taken = v128.or(f32x4.eq(value, most), f32x4.ne(value, value));
            v128.store(slopes + at, f32x4.add(v128.load(slopes + at), v128.and(slope, taken)));
            slope = v128.andnot(slope, taken);
          }
        }
      }
      for (; channel < pixel; channel += 4) {
        const most = f32.load(output + channel);
        let slope = f32.load(dy + channel);
        for (let y = y0; y < y1; y++) {
          let at = (<usize>(y * width + x0)) * pixel + channel;
          for (let x = x0; x < x1; x++, at += pixel) {
            const value = f32.load(image + at);
            if (value != most && value == value) continue;
            f32.store(slopes + at, f32.load(slopes + at) + slope);
            slope = 0;
          }
        }
      }
    }
  }
}

/** max(value, 0), NaN for NaN. */
export function relu(source: usize, target: usize, count: i32): void {
  const zero = f32x4.splat(0);
  const end = source + ((<usize>count) << 2);
  for (; source + 16 <= end; source += 16, target += 16) v128.store(target, f32x4.pmax(v128.load(source), zero));
  for (; source < end; source += 4, target += 4) f32.store(target, max(f32.load(source), <f32>0));
}
