import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { scoreAlert } from "@btsbot/core";
import { createSimdEngine } from "@btsbot/simd";
import { simulateSurvey } from "@btsbot/simulate";
import { afterEach, expect, it, vi } from "vitest";
import { publishWasm } from "../publish.js";

const spies: { mockRestore(): void }[] = [];
afterEach(() => {
  for (const spy of spies.splice(0)) spy.mockRestore();
});

it("scores with kernels that were compiled before, where compiling is forbidden, bit for bit", async () => {
  publishWasm();
  const [{ alert }] = simulateSurvey({ nights: 1, sources: 1, seed: 7 });
  const score = async (options: Parameters<typeof createSimdEngine>[0]): Promise<unknown> =>
    (await scoreAlert(alert, { engine: createSimdEngine(options) })).scores["btsbot-mini"];
  const expected = await score({ build: "simd" });
  const file = readFileSync(fileURLToPath(new URL("../dist/wasm/forward-simd.wasm", import.meta.url)));
  const module = await WebAssembly.compile(file);
  const instantiate = WebAssembly.instantiate as (module: unknown, imports: unknown) => Promise<unknown>;
  const refuse = (): never => {
    throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
  };
  spies.push(vi.spyOn(WebAssembly, "compile").mockImplementation(refuse));
  spies.push(vi.spyOn(WebAssembly, "validate").mockImplementation(refuse));
  spies.push(
    vi
      .spyOn(WebAssembly, "instantiate")
      .mockImplementation(((given: unknown, imports: unknown) =>
        given instanceof WebAssembly.Module ? instantiate(given, imports) : refuse()) as never),
  );
  const scored = await score({ module });
  expect(scored).toMatchObject({ status: "scored", provenance: { engine: "simd", backend: "wasm-simd" } });
  expect(scored).toEqual(expected);
});

it("refuses bytes, which are not compiled", () => {
  expect(() => createSimdEngine({ module: new Uint8Array(8) as unknown as WebAssembly.Module })).toThrow(TypeError);
});
