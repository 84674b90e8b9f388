import type { Engine } from "@btsbot/model";
import type * as Tfjs from "@btsbot/tfjs";

/** The package of the engine that takes over: not written where it is imported, see {@link loadTfjs}. */
const TFJS = "@btsbot/tfjs";

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
    "@btsbot/tfjs is not installed, or its peers @tensorflow/tfjs-core and @tensorflow/tfjs-layers are not; where a bundler makes the page, give it as `engine` (createTfjsEngine)",
  ),
];

async function loadSimd(): Promise<Engine> {
  const { createSimdEngine } = await import("@btsbot/simd");
  return createSimdEngine();
}

/** Most do without it: a bundler that met its name would warn where it is absent, and bundle it where it is not needed. */
async function loadTfjs(): Promise<Engine> {
  const { createTfjsEngine } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ TFJS)) as typeof Tfjs;
  return createTfjsEngine();
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
      const engine = await getEngine().catch((error: unknown) => nameFailure(error, name, absent));
      return typeof engine === "string" ? engine : engine.canRun(definition);
    },
    prepare: async (model, seat) => (await getEngine()).prepare(model, seat),
  };
}

/** What Node and browsers say of a module that is not there. */
const ABSENT = /MODULE_NOT_FOUND|specifier|does not resolve|cannot find|could not resolve/i;

/** What is there and fails is not called absent. */
function nameFailure(error: unknown, name: string, absent: string): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return ABSENT.test(`${code} ${message}`) ? absent : `the ${name} engine cannot be loaded: ${message}`;
}
