/** A compiled module, where the program that is compiled knows of WebAssembly; else `never`. */
export type WasmModule = typeof globalThis extends {
  readonly WebAssembly: { readonly Module: { readonly prototype: infer T } };
}
  ? T
  : never;
