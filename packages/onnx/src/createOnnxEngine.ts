import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { checkBatch, inputShape, outputLength } from "@btsbot/model";
import type { Batch, Engine, Model, ModelDefinition, OnnxNetwork, PreparedModel } from "@btsbot/model";
import { applyActivation } from "./applyActivation.js";
import { checkSession } from "./checkSession.js";
import { onnxShape } from "./onnxShape.js";
import { toChannelsFirst } from "./toChannelsFirst.js";
import type { OnnxRuntime, OnnxSession, OnnxTensor } from "./types.js";

/** How far above 1, or below 0, rounding may put a probability. */
const ROUNDING = 1e-3;

/** Options of {@link createOnnxEngine}. */
export interface OnnxEngineOptions {
  /** onnxruntime: `import * as ort from "onnxruntime-node"`, or `"onnxruntime-web"`. */
  readonly ort: OnnxRuntime;
  /** Passed to onnxruntime as they are, such as `{ intraOpNumThreads: 1 }` or `{ executionProviders: ["webgpu"] }`. */
  readonly sessionOptions?: Readonly<Record<string, unknown>>;
}

/** The names of {@link OnnxEngineOptions}. */
const ONNX_ENGINE_OPTIONS: OptionNames<OnnxEngineOptions> = { ort: "object!", sessionOptions: "object" };

/** Runs one thing after another. */
type Queue = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * Makes the engine that runs models that are ONNX files (see `readOnnxModel`).
 *
 * The runtime is the one given, as the caller has set it. What the file says of its inputs and its output is
 * checked when a model is prepared. The engine turns images to the order of axes that the file has and
 * applies the sigmoid or softmax that is left to do; an alert whose logit is not finite gets NaN, and the
 * others of the batch their scores. What rounding puts outside 0 to 1 is brought back; an answer that is not
 * a probability (which a file whose logits are said to be probabilities gives) stays as it is, as on every
 * engine, and `@btsbot/core` makes no score of it. Sessions of one engine run one after another, which
 * onnxruntime-web needs on some devices.
 *
 * @param options - the runtime, and options of its sessions
 * @returns the engine; `prepare` throws `onnx-invalid` if the runtime cannot load the file or its inputs or
 * output are not those of the definition, with everything that is wrong; `predict` throws as `checkBatch`,
 * and `onnx-invalid` if what comes out has another length or type
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 * import { createOnnxEngine, readOnnxModel } from "@btsbot/onnx";
 * import { exportOnnx } from "@btsbot/weights";
 * import * as ort from "onnxruntime-node";
 *
 * const definition = mmCnn();
 * const file = exportOnnx(await createModel(definition, initializeWeights(definition, 1)));
 * const { inputs, output } = definition;
 * const model = await readOnnxModel(file, { name: "mine", version: "1", inputs, output, layout: "nhwc", activation: "linear" });
 *
 * const prepared = await createOnnxEngine({ ort }).prepare(model);
 * const scores = await prepared.predict({ triplet: new Float32Array(11907), metadata: new Float32Array(25) }, 1);
 * scores[0] > 0 && scores[0] < 1; // => true
 * prepared.dispose();
 * ```
 */
export function createOnnxEngine(options: OnnxEngineOptions): Engine {
  checkOptions("createOnnxEngine", options, ONNX_ENGINE_OPTIONS);
  const { ort, sessionOptions } = options;
  const inTurn = createQueue();
  return {
    name: "onnx",
    canRun: async ({ onnx }: ModelDefinition) =>
      onnx !== undefined || "its network is layers, not an ONNX file (createTfjsEngine of @btsbot/tfjs runs it)",
    prepare: async (model: Model): Promise<PreparedModel> => {
      const { definition } = model;
      const network = networkOf(definition);
      const session = await inTurn(() => createSession(ort, model, sessionOptions));
      let disposed = false;
      return {
        backend: nameRuntime(ort),
        predict: async (batch, count) => {
          checkBatch(definition, batch, count);
          const output = await inTurn(() =>
            session.run(toFeeds(ort, definition, batch, count), [definition.output.layer]),
          );
          return readOutput(definition, network, output[definition.output.layer], count);
        },
        dispose: () => {
          if (disposed) return;
          disposed = true;
          // What fails here fails behind the caller's back, and nothing is left to do about it.
          inTurn(() => session.release()).catch(() => undefined);
        },
      };
    },
  };
}

function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

function networkOf({ name, onnx }: ModelDefinition): OnnxNetwork {
  if (onnx !== undefined) return onnx;
  throw new BtsbotError("engine-unavailable", "the network is layers, not an ONNX file", {
    path: name,
    hint: "createTfjsEngine of @btsbot/tfjs runs it.",
  });
}

async function createSession(
  ort: OnnxRuntime,
  { definition, onnx }: Model,
  options: OnnxEngineOptions["sessionOptions"],
): Promise<OnnxSession> {
  const { name } = definition;
  if (onnx === undefined) {
    throw new BtsbotError("onnx-invalid", "the model does not carry its ONNX file", {
      path: name,
      hint: "Make it with readOnnxModel.",
    });
  }
  // A copy: onnxruntime-web hands the bytes over to its worker, if it has one.
  const session = await ort.InferenceSession.create(onnx.slice(), options).catch((cause: unknown) => {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new BtsbotError("onnx-invalid", "onnxruntime cannot load the file", { path: name, got, cause });
  });
  try {
    checkSession(definition, session);
  } catch (error) {
    await session.release();
    throw error;
  }
  return session;
}

/** Such as `onnxruntime-node 1.30.0`. */
function nameRuntime({ env }: OnnxRuntime): string {
  const found = Object.entries(env?.versions ?? {}).find(([part]) => part !== "common");
  return found === undefined ? "onnxruntime" : `onnxruntime-${found[0]} ${found[1]}`;
}

function toFeeds(
  ort: OnnxRuntime,
  definition: ModelDefinition,
  batch: Batch,
  count: number,
): Record<string, OnnxTensor> {
  return Object.fromEntries(
    definition.inputs.map((input) => {
      const values = batch[input.name];
      const isTurned = input.kind === "image" && definition.onnx?.layout === "nchw";
      // A copy where nothing is turned, as of the file: the batch is the caller's.
      const data = isTurned ? toChannelsFirst(values, count, inputShape(input)[2]) : values.slice();
      return [input.name, new ort.Tensor("float32", data, [count, ...onnxShape(definition, input)])];
    }),
  );
}

function readOutput(
  { output }: ModelDefinition,
  { activation }: OnnxNetwork,
  tensor: OnnxTensor,
  count: number,
): Float32Array {
  const length = outputLength(output);
  const { data } = tensor;
  if (!(data instanceof Float32Array) || data.length !== count * length) {
    throw new BtsbotError("onnx-invalid", "the network's output is not what the definition says", {
      path: output.layer,
      expected: `float32 (${count}, ${length})`,
      got: `${tensor.type} (${tensor.dims.join(", ")})`,
    });
  }
  return applyActivation(data, length, activation).map(dropRounding);
}

/** A probability that rounding has put outside 0 to 1, brought back. */
function dropRounding(answer: number): number {
  if (answer < 0 && answer >= -ROUNDING) return 0;
  return answer > 1 && answer <= 1 + ROUNDING ? 1 : answer;
}
