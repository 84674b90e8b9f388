import type { ModelDefinition } from "@btsbot/model";
import type { NetworkConfig } from "./buildDefinition.js";
import type { Cut } from "./cleanAlerts.js";
import type { FitSettings } from "./fitTypes.js";
import type { DataSource, TeacherSource } from "./openTrainingSet.js";

/** A teacher and its part in what the network shall answer. */
export interface TeacherConfig extends TeacherSource {
  /** Its part in the target, 0 (truth alone) to 1 (teacher alone). */
  readonly weight: number;
}

/** A network of your own. */
export interface OwnNetwork {
  /** The network; the configuration's name and version replace its own. */
  readonly definition: ModelDefinition;
}

/** All that a training follows from; `parseTrainConfig` reads it from JSON and fills in the defaults. */
export interface TrainConfig {
  /** The model's name; also that of its folder. */
  readonly name: string;
  /** The model's version. */
  readonly version: string;
  /** The network: one of the papers', or a definition of your own. */
  readonly model: NetworkConfig | OwnNetwork;
  /** Where the alerts are. */
  readonly data: readonly DataSource[];
  /** The folder for what is made of packets; null for `cache` in the output folder. */
  readonly cache: string | null;
  /** A teacher; null for the truth alone. */
  readonly teacher: TeacherConfig | null;
  /** For a network of classes: its class by the class in the tables, where they differ. */
  readonly classes: Readonly<Record<string, string>>;
  /** The cuts to make. */
  readonly cuts: readonly Cut[];
  /** Sources to leave out. */
  readonly exclude: readonly string[];
  /** What the division into parts follows from. */
  readonly splitSeed: number;
  /** N_max and the classes of which the latest alerts are kept. */
  readonly thinning: {
    /** N_max. */
    readonly max: number;
    /** The classes. */
    readonly latest: readonly string[];
  };
  /** What the class weights make equal. */
  readonly classWeights: "alerts" | "sources" | "none";
  /** How the network is fitted; its seed is that of everything else, too. */
  readonly fit: FitSettings;
  /** Batches between checkpoints inside of an epoch; Infinity for none. */
  readonly checkpointBatches: number;
  /** Bytes of images that are kept in memory. */
  readonly memoryBytes: number;
}
