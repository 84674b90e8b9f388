import type { ModelDefinition } from "./definition.js";
import type { Model } from "./model.js";

/** The inputs of a batch by name: one Float32Array each, alert after alert. */
export type Batch = Readonly<Record<string, Float32Array>>;

/** Weights made ready on an engine. */
export interface PreparedModel {
  /** What the engine runs on at this moment, such as `"wasm"`. */
  readonly backend: string;
  /**
   * Runs the network on `count` alerts.
   *
   * @param batch - one array for each input of the definition, `count` alerts long
   * @param count - how many alerts
   * @returns `count` times the length of the output, alert after alert
   */
  predict(batch: Batch, count: number): Promise<Float32Array>;
  /** What other threads can run this model on, to be posted to them; absent if it was prepared for this thread alone, and after `dispose`. */
  readonly shared?: unknown;
  /** Frees what the engine holds for this model. */
  dispose(): void;
}

/** A thread's place among those that run the same models, so that they need one copy of the weights. */
export interface Seat {
  /** Which place, from 0. Two threads that run at once never have the same. */
  readonly index: number;
  /** How many places there are. */
  readonly count: number;
  /**
   * By name of the model, what `PreparedModel.shared` of the first thread was, which prepared the same models for as many threads; absent
   * for that one, which makes it. A model that has none here, or another's, is prepared for this thread alone.
   */
  readonly shared?: ReadonlyMap<string, unknown>;
}

/** What runs networks: given to a scorer, never grabbed. */
export interface Engine {
  /** The engine's name, such as `"tfjs"`. */
  readonly name: string;
  /**
   * Whether this engine can run a definition here.
   *
   * @param definition - the network
   * @returns true, or why not
   */
  canRun(definition: ModelDefinition): Promise<true | string>;
  /**
   * Makes a model's weights ready.
   *
   * @param model - the network with its weights
   * @param seat - the place of this thread among others with the same models; an engine may do without
   * @returns the model, ready to predict
   */
  prepare(model: Model, seat?: Seat): Promise<PreparedModel>;
}

/** Where models are found by name. */
export interface ModelStore {
  /**
   * Loads a model.
   *
   * @param name - the model's name, such as `"btsbot-v1.0.1"`
   * @returns the network with its weights
   */
  load(name: string): Promise<Model>;
  /**
   * Lists what can be loaded; absent where the store cannot tell.
   *
   * @returns the models' names
   */
  names?(): Promise<readonly string[]>;
}
