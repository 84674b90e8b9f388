import { createRandom, hashKeys, shuffle } from "@btsbot/chance";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import { createModel, hashBytes, inputShape } from "@btsbot/model";
import type { Model, ModelDefinition, Weights } from "@btsbot/model";
import { createTfjsTrainer } from "@btsbot/tfjs";
import type { TfjsTrainer } from "@btsbot/tfjs";
import { applyAdam, startMoments } from "./applyAdam.js";
import { augmentTriplets } from "./augmentTriplets.js";
import { measureLogits } from "./measureLogits.js";
import { lendKernels } from "./lendKernels.js";
import { predictDataset } from "./predictDataset.js";
import { FIT_OPTIONS } from "./fitTypes.js";
import type { EpochRecord, FitOptions, FitResult, FitSettings, TrainingState } from "./fitTypes.js";
import type { Examples } from "./types.js";
import { updateSchedule } from "./updateSchedule.js";

/** Weights that a layer keeps itself in training, and no gradient moves. */
const STATISTICS = /\/(moving_mean|moving_variance|mean|deviation)$/;

/**
 * Fits a network to labelled alerts: Adam on cross-entropy in batches of chance, a learning rate that
 * falls on plateaus, an early end, and the weights of the epoch with the least validation loss.
 *
 * All chance follows from the seed, epoch and batch, so that training that goes on from a state gives
 * to the last bit what it would have given at once.
 *
 * @param model - the network with the weights that it starts from
 * @param options - data, settings, and what happens besides
 * @returns the best weights and where training stands
 * @throws BtsbotError `training-set-empty`; `training-diverged` if the loss becomes NaN or infinite;
 * `resume-mismatch` for a state of another network or other settings; `backend-unavailable`; what the data
 * and the callbacks throw
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, section 3.1 and Appendix A.
 *
 * @example
 * ```ts
 * import { createModel, featuresNn, initializeWeights } from "@btsbot/model";
 * import { DEFAULT_FIT, fitModel } from "@btsbot/train";
 *
 * const definition = featuresNn("example", "1");
 * const data = {
 *   length: 4,
 *   read: async (indices: ArrayLike<number>) => {
 *     const labels = Int32Array.from(indices, (index) => index % 2);
 *     const metadata = Float32Array.from({ length: 25 * labels.length }, (_, place) => labels[Math.floor(place / 25)]);
 *     return { inputs: { metadata }, labels, targets: Float32Array.from(labels), weights: new Float32Array(labels.length).fill(1) };
 *   },
 * };
 * const start = await createModel(definition, initializeWeights(definition, 1));
 * const { state } = await fitModel(start, { settings: { ...DEFAULT_FIT, epochs: 2 }, train: data, validation: data });
 * state.history.length; // => 2
 * ```
 */
export async function fitModel(model: Model, options: FitOptions): Promise<FitResult> {
  checkOptions("fitModel", options, FIT_OPTIONS);
  checkArgument("fitModel", "model", model, "object", ["definition", "weights"]);
  const { settings, train, validation, backend } = options;
  for (const [path, { length }] of Object.entries({ train, validation })) {
    if (length === 0) throw new BtsbotError("training-set-empty", "there are no alerts in this part", { path });
  }
  const { definition } = model;
  const key = await makeKey(definition, settings, options.dataKey);
  if (options.resume !== undefined && options.resume.key !== key) {
    throw new BtsbotError(
      "resume-mismatch",
      "the checkpoint is of a different network, or was made with different settings or data",
      {
        path: definition.name,
        expected: key,
        got: options.resume.key,
        hint: "Give another output folder, or the configuration that it was made with.",
      },
    );
  }
  const kernels = lendKernels(options.prepareBackend);
  let trainer: TfjsTrainer | undefined;
  try {
    trainer = await createTfjsTrainer(model, {
      beta: settings.beta,
      prepareBackend: kernels.prepare,
      ...(backend !== undefined && { backend }),
    });
    const { state, ended } = await run(
      trainer,
      definition,
      copyState(options.resume ?? startState(key, model, settings)),
      options,
    );
    return { model: await createModel(definition, state.best, model.source), state, ended, backend: trainer.backend };
  } finally {
    trainer?.dispose();
    kernels.takeBack();
  }
}

/** What must be equal for training to go on: the network, all settings but the number of epochs, the data. */
async function makeKey(
  definition: ModelDefinition,
  { epochs: _, ...settings }: FitSettings,
  dataKey: string | undefined,
): Promise<string> {
  const { inputs, layers, output } = definition;
  const text = JSON.stringify({ inputs, layers, output, settings, dataKey });
  return (await hashBytes(new TextEncoder().encode(text))) ?? text;
}

function startState(key: string, { weights }: Model, { adam }: FitSettings): TrainingState {
  const trained = [...weights.keys()].filter((name) => !STATISTICS.test(name));
  const schedule = { learningRate: adam.learningRate, bestLoss: null, bestEpoch: 0, plateau: 0, stopped: false };
  return {
    key,
    epoch: 0,
    batch: 0,
    step: 0,
    schedule,
    history: [],
    sums: [0, 0],
    weights,
    best: weights,
    ...startMoments(weights, trained),
  };
}

/** Steps change arrays in place: those that a caller gave or was given stay as they are. */
function copyState(state: TrainingState): TrainingState {
  const copy = (arrays: ReadonlyMap<string, Float32Array>) =>
    new Map([...arrays].map(([name, values]) => [name, values.slice()]));
  const weights = new Map(
    [...state.weights].map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]),
  );
  return { ...state, weights, first: copy(state.first), second: copy(state.second) };
}

async function run(
  trainer: TfjsTrainer,
  definition: ModelDefinition,
  start: TrainingState,
  options: FitOptions,
): Promise<Pick<FitResult, "state" | "ended">> {
  const { settings, validation, signal, onEpoch, onState } = options;
  const predict: TfjsTrainer["predictLogits"] = (inputs, count) => trainer.predictLogits(inputs, count);
  let state = start;
  trainer.setWeights(valuesOf(state.weights));
  while (state.epoch < settings.epochs && !state.schedule.stopped) {
    state = await runBatches(trainer, definition, state, options);
    if (signal?.aborted) return { state, ended: "aborted" };
    const { loss, accuracy } = await predictDataset(predict, validation, settings.beta);
    if (!Number.isFinite(loss)) throw diverged(`epoch ${state.epoch + 1}, validation`, loss);
    state = endEpoch(state, { loss, accuracy }, options);
    onEpoch?.(state.history.at(-1)!);
    await onState?.(copyState(state));
  }
  return { state, ended: state.schedule.stopped ? "patience" : "epochs" };
}

function endEpoch(
  state: TrainingState,
  { loss, accuracy }: { loss: number; accuracy: number },
  { train, settings }: FitOptions,
): TrainingState {
  const epoch = state.epoch + 1;
  const [trainLoss, correct] = state.sums;
  const record: EpochRecord = {
    epoch,
    learningRate: state.schedule.learningRate,
    trainLoss: trainLoss / train.length,
    trainAccuracy: correct / train.length,
    validationLoss: loss,
    validationAccuracy: accuracy,
  };
  const schedule = updateSchedule(state.schedule, epoch, loss, settings.schedule);
  const best = schedule.bestEpoch === epoch ? copyState(state).weights : state.best;
  return { ...state, epoch, batch: 0, sums: [0, 0], schedule, best, history: [...state.history, record] };
}

/** The batches of an epoch from where it stands, until its end or until training is to stop. */
async function runBatches(
  trainer: TfjsTrainer,
  definition: ModelDefinition,
  start: TrainingState,
  options: FitOptions,
): Promise<TrainingState> {
  const { settings, train, onStep, onState, signal, checkpointBatches = Infinity } = options;
  const { batchSize, seed } = settings;
  const epoch = start.epoch + 1;
  const order = Int32Array.from(shuffle(Array(train.length).keys(), createRandom(seed, "order", epoch)));
  const batches = Math.ceil(train.length / batchSize);
  let state = start;
  // What is read next is read while the network works.
  const readBatch = (batch: number) => train.read(order.subarray(batch * batchSize, (batch + 1) * batchSize));
  let next = state.batch < batches ? readBatch(state.batch) : undefined;
  while (state.batch < batches) {
    const examples = await next!;
    next = state.batch + 1 < batches ? readBatch(state.batch + 1) : undefined;
    // An error is met when the batch is asked for, and is not a stray rejection until then.
    next?.catch(() => undefined);
    state = await takeStep(trainer, definition, state, examples, settings);
    onStep?.({ epoch, batch: state.batch, batches });
    if (signal?.aborted || (state.batch % checkpointBatches === 0 && state.batch < batches)) {
      state = { ...state, weights: await trainer.getWeights() };
      await onState?.(copyState(state));
      if (signal?.aborted) return state;
    }
  }
  return { ...state, weights: await trainer.getWeights() };
}

async function takeStep(
  trainer: TfjsTrainer,
  definition: ModelDefinition,
  state: TrainingState,
  examples: Examples,
  { seed, beta, augment, adam, frozen = [] }: FitSettings,
): Promise<TrainingState> {
  const { labels, targets, weights } = examples;
  const step = state.step + 1;
  const inputs = augment ? augmentImages(definition, examples.inputs, hashKeys(seed, "turn", step)) : examples.inputs;
  const {
    loss,
    logits,
    gradients: all,
  } = await trainer.computeGradients({ inputs, count: labels.length, targets, weights }, hashKeys(seed, "drop", step));
  const gradients = new Map([...all].filter(([name]) => !frozen.includes(name.slice(0, name.lastIndexOf("/")))));
  if (!Number.isFinite(loss)) throw diverged(`epoch ${state.epoch + 1}, batch ${state.batch + 1}`, loss);
  const values = valuesOf(state.weights);
  applyAdam(values, gradients, state, step, { ...adam, learningRate: state.schedule.learningRate });
  trainer.setWeights(new Map([...gradients.keys()].map((name) => [name, values.get(name)!])));
  const { correct } = measureLogits(logits, { targets, labels }, beta);
  return {
    ...state,
    step,
    batch: state.batch + 1,
    sums: [state.sums[0] + loss * labels.length, state.sums[1] + correct],
  };
}

function augmentImages(definition: ModelDefinition, inputs: Examples["inputs"], seed: number): Examples["inputs"] {
  const images = definition.inputs.flatMap((input) => (input.kind === "image" ? [input] : []));
  return {
    ...inputs,
    ...Object.fromEntries(
      images.map((image) => {
        const [size, , planes] = inputShape(image);
        return [image.name, augmentTriplets(inputs[image.name], size, seed, planes)];
      }),
    ),
  };
}

function valuesOf(weights: Weights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, { values }]) => [name, values]));
}

function diverged(path: string, loss: number): BtsbotError {
  const hint = "Try a lower learning rate. The last checkpoint is as it was.";
  return new BtsbotError("training-diverged", "the loss is not finite", { path, got: `${loss}`, hint });
}
