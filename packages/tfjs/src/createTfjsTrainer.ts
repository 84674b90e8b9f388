import { BtsbotError, checkArgument, checkOptions, countOf } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { checkBatch, outputLength, toKerasConfig, weightSpecs } from "@btsbot/model";
import type { Batch, Layer, Model, ModelDefinition, Weight, Weights } from "@btsbot/model";
import {
  concat,
  dispose,
  exp,
  getBackend,
  getKernel,
  keep,
  logSoftmax,
  mean,
  mul,
  neg,
  serialization,
  sub,
  sum,
  tensor,
  variableGrads,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { SeededDropout } from "./SeededDropout.js";
import { selectBackend } from "./selectBackend.js";
import { TFJS_ENGINE_OPTIONS } from "./createTfjsEngine.js";
import type { TfjsEngineOptions } from "./createTfjsEngine.js";
import { toLayersModel } from "./toLayersModel.js";
import { toTensors } from "./toTensors.js";

/** Options of {@link createTfjsTrainer}. */
export interface TfjsTrainerOptions extends TfjsEngineOptions {
  /** Weight of the entropy in the loss (see `entropyRegularizedLoss` of `@btsbot/model`); 0, none, by default. */
  readonly beta?: number;
  /** Called once the backend is set, with its name: the place to give it kernels that it lacks. */
  readonly prepareBackend?: (backend: string) => Promise<void>;
}

/** The names of {@link TfjsTrainerOptions}. */
const TFJS_TRAINER_OPTIONS: OptionNames<TfjsTrainerOptions> = {
  ...TFJS_ENGINE_OPTIONS,
  beta: "number",
  prepareBackend: "function",
};

/** Alerts with what the network shall say of them. */
export interface TrainingBatch {
  /** The network's inputs, as for a prediction. */
  readonly inputs: Batch;
  /** How many alerts. */
  readonly count: number;
  /** What the network shall answer, 0 to 1: one value for each alert, or one for each class of each alert. */
  readonly targets: Float32Array;
  /** Weight of each alert in the loss. */
  readonly weights: Float32Array;
}

/** What one run forward and back gives. */
export interface Gradients {
  /** Mean over the alerts of weight times loss, nats. */
  readonly loss: number;
  /** What comes before the last sigmoid or softmax, with dropout and batch statistics. */
  readonly logits: Float32Array;
  /** The derivative of the loss to each weight that is trained, by `layer/weight`. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** A network that can be trained: gradients come out, weights go in. It keeps no optimizer. */
export interface TfjsTrainer {
  /** The tfjs backend, such as `"wasm"`. */
  readonly backend: string;
  /**
   * Runs the network forward in training mode and back. Batch normalization takes the batch into its
   * moving statistics.
   *
   * @param batch - the alerts
   * @param seed - of the dropout's masks, any whole number: the same seed drops the same
   * @returns loss, logits and gradients
   */
  computeGradients(batch: TrainingBatch, seed: number): Promise<Gradients>;
  /**
   * Runs the network at inference, without its last sigmoid or softmax.
   *
   * @param inputs - the network's inputs
   * @param count - how many alerts
   * @returns the logits, alert after alert
   */
  predictLogits(inputs: Batch, count: number): Promise<Float32Array>;
  /**
   * Takes new values for weights.
   *
   * @param values - the values by `layer/weight`; weights that are not named stay
   */
  setWeights(values: ReadonlyMap<string, Float32Array>): void;
  /** Gives all weights, moving statistics among them. */
  getWeights(): Promise<Weights>;
  /** Frees what the backend holds for this network. */
  dispose(): void;
}

/**
 * Makes a network ready to be trained by gradients. The loss is cross-entropy between the targets and
 * the network's sigmoid (two classes, "is" and "is not") or softmax, minus `beta` times the entropy of
 * the answer; it is computed from logits, so that an answer of exactly 0 or 1 costs no infinity.
 *
 * @param model - the network with the weights that it starts from
 * @param options - backend and loss
 * @returns the network, ready
 * @throws BtsbotError `backend-unavailable` where the backend does not work or lacks a kernel that
 * gradients need; `model-invalid` if the network does not end in a sigmoid or softmax
 *
 * @example
 * ```ts
 * import { createModel, featuresNn, initializeWeights } from "@btsbot/model";
 * import { createTfjsTrainer } from "@btsbot/tfjs";
 *
 * const definition = featuresNn();
 * const trainer = await createTfjsTrainer(await createModel(definition, initializeWeights(definition, 1)));
 * const inputs = { metadata: new Float32Array(50).map((_, place) => place % 7) };
 * const batch = { inputs, count: 2, targets: Float32Array.of(0, 1), weights: Float32Array.of(1, 1) };
 * const { gradients } = await trainer.computeGradients(batch, 1);
 * gradients.get("fc_out/bias")?.length; // => 1
 * trainer.dispose();
 * ```
 */
export async function createTfjsTrainer(model: Model, options: TfjsTrainerOptions = {}): Promise<TfjsTrainer> {
  checkOptions("createTfjsTrainer", options, TFJS_TRAINER_OPTIONS);
  checkArgument("createTfjsTrainer", "model", model, "object", ["definition", "weights"]);
  const { beta = 0 } = options;
  const definition = withoutActivation(model.definition);
  const selected = await selectBackend(options.backend, options.wasmPaths);
  await options.prepareBackend?.(selected);
  checkKernels(definition, getBackend());
  const layersModel = await toLayersModel({ ...model, definition }, toTrainingTopology(definition));
  const dropouts = layersModel.layers.filter((layer) => layer instanceof SeededDropout);
  const variables = new Map(layersModel.weights.map((weight) => [weight.originalName, weight.read() as Variable]));
  const trained = new Map(
    layersModel.trainableWeights.map((weight) => [weight.originalName, weight.read() as Variable]),
  );
  return {
    get backend() {
      return getBackend();
    },
    computeGradients: (batch, seed) => {
      dropouts.forEach((dropout, place) => (dropout.seed = Math.imul(seed, dropouts.length) + place));
      return computeGradients(definition, layersModel, trained, batch, beta);
    },
    predictLogits: (inputs, count) => predictLogits(definition, layersModel, inputs, count),
    setWeights: (values) => {
      for (const [name, data] of values) assign(variables.get(name)!, data);
    },
    getWeights: () => readWeights(definition, variables),
    dispose: () => {
      layersModel.dispose();
    },
  };
}

/** The network up to its logits: the last layer's activation is part of the loss. */
function withoutActivation(definition: ModelDefinition): ModelDefinition {
  const { output } = definition;
  const last = definition.layers.find(({ name }) => name === output.layer);
  const expected = output.kind === "score" ? "sigmoid" : "softmax";
  const got = last !== undefined && "activation" in last ? last.activation : (last?.type ?? "no such layer");
  if (last === undefined || got !== expected) {
    throw new BtsbotError("model-invalid", "the network does not end in the activation that training needs", {
      path: output.layer,
      expected,
      got,
    });
  }
  const linear = { ...last, activation: "linear" } as Layer;
  return { ...definition, layers: definition.layers.map((layer) => (layer === last ? linear : layer)) };
}

/** The topology with dropout that follows a seed. */
function toTrainingTopology(definition: ModelDefinition): ReturnType<typeof toKerasConfig> {
  serialization.registerClass(SeededDropout);
  const { class_name, config } = toKerasConfig(definition);
  const { layers } = config as { readonly layers: readonly { readonly class_name: string }[] };
  const seeded = layers.map((layer) =>
    layer.class_name === "Dropout" ? { ...layer, class_name: SeededDropout.className } : layer,
  );
  return { class_name, config: { ...config, layers: seeded } };
}

/** Kernels that gradients need and that not every backend has, by the layer that needs them. */
const KERNELS: Readonly<Partial<Record<Layer["type"], readonly string[]>>> = {
  conv2d: ["Conv2DBackpropFilter", "Conv2DBackpropInput"],
  separableConv2d: [
    "Conv2DBackpropFilter",
    "Conv2DBackpropInput",
    "DepthwiseConv2dNativeBackpropFilter",
    "DepthwiseConv2dNativeBackpropInput",
  ],
  maxPooling2d: ["MaxPoolGrad"],
};

function checkKernels(definition: ModelDefinition, backend: string): void {
  const needed = new Set(definition.layers.flatMap(({ type }) => KERNELS[type] ?? []));
  const absent = [...needed].filter((kernel) => getKernel(kernel, backend) == null);
  if (absent.length === 0) return;
  throw new BtsbotError("backend-unavailable", `the ${backend} backend cannot train this network`, {
    path: definition.name,
    expected: `kernels ${[...needed].join(", ")}`,
    got: `no ${absent.join(", ")}`,
    hint: "Give the backend these kernels in prepareBackend, or set the cpu backend.",
  });
}

async function computeGradients(
  definition: ModelDefinition,
  layersModel: LayersModel,
  trained: ReadonlyMap<string, Variable>,
  { inputs, count, targets, weights }: TrainingBatch,
  beta: number,
): Promise<Gradients> {
  checkBatch(definition, inputs, count);
  checkLength("targets", targets, count * outputLength(definition.output));
  checkLength("weights", weights, count);
  const tensors = [
    ...toTensors(definition, inputs, count),
    tensor(targets, [count, targets.length / count]),
    tensor(weights, [count]),
  ];
  let logits: Tensor | undefined;
  let result: { value: Scalar; grads: Record<string, Tensor> } | undefined;
  try {
    result = variableGrads(() => {
      const answer = layersModel.apply(tensors.slice(0, -2), { training: true }) as Tensor2D;
      logits = keep(answer);
      return crossEntropy(answer, tensors.at(-2) as Tensor2D, tensors.at(-1)!, beta);
    }, [...trained.values()]);
    const { value, grads } = result;
    const gradients = new Map<string, Float32Array>();
    for (const [name, variable] of trained) gradients.set(name, await toArray(grads[variable.name]));
    return { loss: (await toArray(value))[0], logits: await toArray(logits!), gradients };
  } finally {
    dispose([
      tensors,
      result?.value ?? [],
      result === undefined ? [] : Object.values(result.grads),
      logits ?? [],
    ] as never);
  }
}

/** Mean of weight times (cross-entropy minus beta times entropy); one logit counts against a logit of 0. */
function crossEntropy(logits: Tensor2D, targets: Tensor2D, weights: Tensor, beta: number): Scalar {
  const binary = logits.shape[1] === 1;
  const logProbabilities = logSoftmax(binary ? concat([zerosLike(logits), logits], 1) : logits);
  const wanted = binary ? concat([sub(1, targets), targets], 1) : targets;
  const losses = neg(sum(mul(wanted, logProbabilities), 1));
  if (beta === 0) return mean(mul(losses, weights));
  const entropies = neg(sum(mul(exp(logProbabilities), logProbabilities), 1));
  return mean(mul(sub(losses, mul(beta, entropies)), weights));
}

async function predictLogits(
  definition: ModelDefinition,
  layersModel: LayersModel,
  inputs: Batch,
  count: number,
): Promise<Float32Array> {
  checkBatch(definition, inputs, count);
  const tensors = toTensors(definition, inputs, count);
  let output: Tensor | undefined;
  try {
    output = layersModel.predictOnBatch(tensors) as Tensor;
    return await toArray(output);
  } finally {
    dispose(tensors);
    output?.dispose();
  }
}

async function readWeights(definition: ModelDefinition, variables: ReadonlyMap<string, Variable>): Promise<Weights> {
  const weights = new Map<string, Weight>();
  for (const { name, shape } of weightSpecs(definition))
    weights.set(name, { shape, values: await toArray(variables.get(name)!) });
  return weights;
}

function assign(variable: Variable, values: Float32Array): void {
  checkLength(variable.name, values, variable.size);
  const next = tensor(values, variable.shape);
  variable.assign(next);
  next.dispose();
}

/** A copy: what `data` gives may be the backend's own memory. */
async function toArray(values: Tensor): Promise<Float32Array> {
  return Float32Array.from((await values.data()) as Float32Array);
}

function checkLength(path: string, values: Float32Array, expected: number): void {
  if (values.length === expected) return;
  throw new BtsbotError("input-shape", "wrong length", {
    path,
    expected: countOf(expected, "value"),
    got: countOf(values.length, "value"),
  });
}
