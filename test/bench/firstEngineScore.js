// Prints the milliseconds from the import of the engine named to its first score by BTSbot v1.0.1.
const { readModel } = await import("./inputs.js");
const model = await readModel("btsbot-v1.0.1");
const start = performance.now();
const engine =
  process.argv[2] === "simd"
    ? (await import("@btsbot/simd")).createSimdEngine()
    : (await import("@btsbot/tfjs")).createTfjsEngine({ backend: "wasm" });
const prepared = await engine.prepare(model);
await prepared.predict({ triplet: new Float32Array(11907), metadata: new Float32Array(25) }, 1);
process.stdout.write(String(performance.now() - start));
process.exit(0);
