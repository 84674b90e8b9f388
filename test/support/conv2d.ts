import type { Layer } from "@btsbot/model";

type Conv2d = Extract<Layer, { type: "conv2d" }>;

/** A convolution of windows of 3 x 3 with ReLU and a bias, as most networks of tests have one. */
export function conv2d(
  name: string,
  input: string,
  filters: number,
  changes: Partial<Omit<Conv2d, "type" | "name">> = {},
): Conv2d {
  return {
    type: "conv2d",
    name,
    inputs: [input],
    filters,
    kernelSize: [3, 3],
    strides: [1, 1],
    padding: "same",
    activation: "relu",
    useBias: true,
    ...changes,
  };
}
