/** What Node 20 has behind a flag only. */
export const RELAXED = globalThis.WebAssembly.validate(Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 7, 1, 0x60, 2, 0x7b, 0x7b, 1, 0x7b, 3, 2, 1, 0,
  0x0a, 0x0d, 1, 0x0b, 0, 0x20, 0, 0x20, 1, 0x20, 0, 0xfd, 0x85, 0x02, 0x0b,
));

/** The builds of the kernels that run here. */
export const BUILDS = RELAXED ? ["simd", "relaxed-simd"] : ["simd"];
