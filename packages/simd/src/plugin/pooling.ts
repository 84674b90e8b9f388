import type { Kernel } from "./Kernel.js";
import type { ConvInfo, TensorInfo, TfjsCore } from "./types.js";

/** `MaxPool`: like the cpu backend's, but a NaN stays one. */
export const maxPool: Kernel = (heap, tf, { inputs, attrs }) => {
  const { x } = inputs;
  const info = readPool(tf, x!, attrs);
  const output = heap.makeTensor(info.outShape);
  const [from, to] = [heap.addressOf(x!), heap.addressOf(output)];
  for (let image = 0; image < info.batchSize; image++) {
    heap.kernels.maxPool(
      ...window(info, from, image),
      to + image * bytes(info.outShape),
      info.outHeight,
      info.outWidth,
    );
  }
  return output;
};

/** `MaxPoolGrad`: the slope of a window goes to its first largest pixel, or to its NaN. */
export const maxPoolGrad: Kernel = (heap, tf, { inputs, attrs }) => {
  const { dy, input, output } = inputs;
  const info = readPool(tf, input!, attrs);
  const dx = heap.makeTensor(input!.shape);
  const [from, most, slope, to] = [input!, output!, dy!, dx].map((tensor) => heap.addressOf(tensor));
  heap.kernels.clear(to, info.batchSize * (bytes(info.inShape) / 4));
  for (let image = 0; image < info.batchSize; image++) {
    const at = image * bytes(info.outShape);
    heap.kernels.addMaxPoolGradient(
      ...window(info, from, image),
      most + at,
      slope + at,
      info.outHeight,
      info.outWidth,
      to + image * bytes(info.inShape),
    );
  }
  return dx;
};

function readPool(tf: TfjsCore, { shape }: TensorInfo, attrs: Readonly<Record<string, unknown>>): ConvInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** An image of the batch and the window that moves over it. */
function window(
  info: ConvInfo,
  images: number,
  image: number,
): [number, number, number, number, number, number, number, number, number, number] {
  return [
    images + image * bytes(info.inShape),
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
}

/** Of one image of a batch of this shape. */
function bytes([, height, width, channels]: readonly number[]): number {
  return 4 * height * width * channels;
}
