import type { TfjsHeap } from "./TfjsHeap.js";

/** Images of one batch, the window that moves over them, and what comes out. Lengths in pixels and channels. */
export interface Convolution {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Steps of the window over the plane. */
  readonly strideY: number;
  readonly strideX: number;
  /** Zeros above and to the left; negative where pixels are left out. */
  readonly top: number;
  readonly left: number;
  /** Pixels of the image are this far apart on the plane, zeros between them: 1 but in the gradient of a convolution with strides. */
  readonly spreadY: number;
  readonly spreadX: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outputs: number;
}

/** What is done to the sums. */
export interface Finish {
  /** Address of the biases, 0 for none. */
  readonly bias: number;
  /** 0 for ReLU, -Infinity for none. */
  readonly least: number;
}

/** The sums as they are. */
export const NO_FINISH: Finish = { bias: 0, least: -Infinity };

/** The next multiple: of 4 for channels that are read, of 8 for those of a panel. */
export function roundUp(count: number, multiple: number): number {
  return Math.ceil(count / multiple) * multiple;
}

/** A plane's height and width in pixels, as far as windows reach; tfjs allows outputs without pixels. */
export function planeSize(of: Convolution): { readonly planeHeight: number; readonly planeWidth: number } {
  return {
    planeHeight: Math.max(0, (of.outHeight - 1) * of.strideY + of.kernelHeight),
    planeWidth: Math.max(0, (of.outWidth - 1) * of.strideX + of.kernelWidth),
  };
}

/** Whether windows can be read from the image itself: no border, whole vectors. */
export function isPlane(of: Convolution, channels: number): boolean {
  const { planeHeight, planeWidth } = planeSize(of);
  return (
    channels === of.inputs &&
    of.spreadY === 1 &&
    of.spreadX === 1 &&
    of.top === 0 &&
    of.left === 0 &&
    planeHeight <= of.height &&
    planeWidth <= of.width
  );
}

/**
 * Convolves a batch of images, window by window.
 *
 * @param filter - address of the filter, packed by `packFilter` with the inputs filled up to a multiple of 4
 */
export function convolveImages(
  heap: TfjsHeap,
  of: Convolution,
  images: number,
  filter: number,
  output: number,
  finish: Finish,
): void {
  const channels = roundUp(of.inputs, 4);
  const outputs = roundUp(of.outputs, 4);
  const { planeHeight, planeWidth } = planeSize(of);
  const inPlace = isPlane(of, channels);
  const lengths = [
    inPlace ? 0 : planeHeight * planeWidth * channels,
    outputs === of.outputs ? 0 : of.outHeight * of.outWidth * outputs,
    roundUp(of.outputs, 8),
  ];
  const { kernels } = heap;
  heap.withScratch(lengths, (plane, wide, bias) => {
    if (finish.bias === 0) heap.kernels.clear(bias, lengths[2]);
    else kernels.resizeRows(finish.bias, of.outputs, of.outputs, bias, lengths[2], 1);
    const pixel = 4 * channels;
    const row = pixel * (inPlace ? of.width : planeWidth);
    for (let image = 0; image < of.images; image++) {
      const from = images + 4 * image * of.height * of.width * of.inputs;
      const to = output + 4 * image * of.outHeight * of.outWidth * of.outputs;
      if (!inPlace) fillPlane(heap, of, from, plane);
      kernels.convolve(
        inPlace ? from : plane,
        row,
        of.strideY * row,
        of.strideX * pixel,
        of.kernelHeight,
        of.kernelWidth * pixel,
        filter,
        bias,
        wide || to,
        of.outHeight,
        of.outWidth,
        outputs,
        finish.least,
      );
      if (wide !== 0) kernels.resizeRows(wide, outputs, outputs, to, of.outputs, of.outHeight * of.outWidth);
    }
  });
}

/** An image with its zeros, channels filled up to a multiple of 4. */
export function fillPlane(heap: TfjsHeap, of: Convolution, image: number, plane: number): void {
  makePlane(heap, of, image, plane, { ...planeSize(of), channels: of.inputs, repeat: 1 });
}

/** How large a plane is, and what becomes of the channels: filled up to a multiple of 4, each so often. */
interface PlaneLayout {
  readonly planeHeight: number;
  readonly planeWidth: number;
  readonly channels: number;
  readonly repeat: number;
}

/** An image with its zeros. */
export function makePlane(heap: TfjsHeap, of: Convolution, image: number, plane: number, layout: PlaneLayout): void {
  heap.kernels.makePlane(
    image,
    of.height,
    of.width,
    of.inputs,
    plane,
    of.top,
    of.left,
    layout.planeHeight,
    layout.planeWidth,
    roundUp(layout.channels, 4),
    of.spreadY,
    of.spreadX,
    layout.repeat,
  );
}

/** What the gradient of the input has in common for all convolutions: it goes from the output's gradient to the image. */
export function turnBack<T extends Convolution>(of: T): T {
  return {
    ...of,
    height: of.outHeight,
    width: of.outWidth,
    inputs: of.outputs,
    strideY: 1,
    strideX: 1,
    spreadY: of.strideY,
    spreadX: of.strideX,
    outHeight: of.height,
    outWidth: of.width,
  };
}
