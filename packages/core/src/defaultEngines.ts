import type { Engine } from "@btsbot/model";

/**
 * The engines that are tried where none is given, the fastest first. Each is loaded when it is first needed;
 * what is not installed cannot run anything, and says how to get it.
 *
 * @internal
 */
export const DEFAULT_ENGINES: readonly Engine[] = [
  loadLater("simd", loadSimd, "@btsbot/simd cannot be loaded"),
  loadLater(
    "tfjs",
    loadTfjs,
    "@btsbot/tfjs is not installed, or its peers @tensorflow/tfjs-core and @tensorflow/tfjs-layers are not",
  ),
];

async function loadSimd(): Promise<Engine> {
  const { createSimdEngine } = await import("@btsbot/simd");
  return createSimdEngine();
}

async function loadTfjs(): Promise<Engine> {
  // An import that fails stands in a `try`, so that a bundler where it is not installed warns and goes on.
  try {
    const { createTfjsEngine } = await import("@btsbot/tfjs");
    return createTfjsEngine();
  } catch (error) {
    throw new Error("not installed", { cause: error });
  }
}

function loadLater(name: string, load: () => Promise<Engine>, absent: string): Engine {
  let loading: Promise<Engine> | undefined;
  function getEngine(): Promise<Engine> {
    loading ??= load();
    // A failure is not kept: what was missing may be installed or loadable the next time.
    loading.catch(() => (loading = undefined));
    return loading;
  }
  return {
    name,
    canRun: async (definition) => {
      const engine = await getEngine().catch(() => absent);
      return typeof engine === "string" ? engine : engine.canRun(definition);
    },
    prepare: async (model, seat) => (await getEngine()).prepare(model, seat),
  };
}
