/** The functions of assembly/backward.ts, as WebAssembly exports them: numbers all, addresses in bytes. */
export interface BackwardKernels {
  allFinite(values: number, count: number): number;
  clear(target: number, count: number): void;
  makePlane(
    image: number,
    height: number,
    width: number,
    channels: number,
    plane: number,
    top: number,
    left: number,
    toHeight: number,
    toWidth: number,
    toChannels: number,
    stepY: number,
    stepX: number,
    repeat: number,
  ): void;
  resizeRows(source: number, fromStride: number, from: number, target: number, to: number, rows: number): void;
  sumGroups(source: number, group: number, target: number, count: number): void;
  transposeMatrix(source: number, rows: number, columns: number, target: number, stride: number): void;
  packFilter(
    source: number,
    taps: number,
    inputs: number,
    outputs: number,
    tapStride: number,
    inputStride: number,
    outputStride: number,
    target: number,
    padded: number,
  ): void;
  addFilterGradient(
    plane: number,
    planeRow: number,
    stepY: number,
    stepX: number,
    dy: number,
    height: number,
    width: number,
    outputs: number,
    gradient: number,
    kernelHeight: number,
    span: number,
  ): void;
  convolve(
    plane: number,
    planeRow: number,
    stepY: number,
    stepX: number,
    kernelHeight: number,
    span: number,
    filter: number,
    bias: number,
    output: number,
    height: number,
    width: number,
    outputs: number,
    least: number,
  ): void;
  convolveDepthwise(
    plane: number,
    stepY: number,
    stepX: number,
    tapY: number,
    tapX: number,
    kernelHeight: number,
    kernelWidth: number,
    filter: number,
    bias: number,
    output: number,
    height: number,
    width: number,
    channels: number,
    least: number,
  ): void;
  addDepthwiseFilterGradient(
    plane: number,
    stepY: number,
    stepX: number,
    tapY: number,
    tapX: number,
    kernelHeight: number,
    kernelWidth: number,
    dy: number,
    height: number,
    width: number,
    channels: number,
    gradient: number,
  ): void;
  maxPool(
    image: number,
    height: number,
    width: number,
    channels: number,
    windowHeight: number,
    windowWidth: number,
    stepY: number,
    stepX: number,
    top: number,
    left: number,
    output: number,
    toHeight: number,
    toWidth: number,
  ): void;
  addMaxPoolGradient(
    image: number,
    height: number,
    width: number,
    channels: number,
    windowHeight: number,
    windowWidth: number,
    stepY: number,
    stepX: number,
    top: number,
    left: number,
    output: number,
    dy: number,
    toHeight: number,
    toWidth: number,
    slopes: number,
  ): void;
  relu(source: number, target: number, count: number): void;
  sumRows(source: number, rows: number, columns: number, target: number): void;
  transformFilter(
    packed: number,
    window: number,
    points: number,
    powers: number,
    panels: number,
    inputs: number,
    filter: number,
    matrix: number,
    temporary: number,
  ): void;
  addTileGradients(
    planes: number,
    slopes: number,
    tilesY: number,
    tilesX: number,
    kernelHeight: number,
    kernelWidth: number,
    channels: number,
    outputs: number,
    first: number,
    count: number,
    gradient: number,
    work: number,
  ): void;
  collectGradient(
    points: number,
    kernelHeight: number,
    kernelWidth: number,
    channels: number,
    outputs: number,
    gradient: number,
    temporary: number,
  ): void;
}
