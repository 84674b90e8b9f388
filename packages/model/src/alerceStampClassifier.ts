import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { ALERCE_CLASSES, ALERCE_DROPOUT, ALERCE_IMAGES, makeAlerceBranch } from "./makeAlerceBranch.js";
import { makeDense, makeDropout } from "./makeLayers.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Clip } from "./types/layers.js";

/** Which of the two variants of ALeRCE's stamp classifier is meant, and what it is called. */
export interface AlerceStampOptions {
  /** Features that it reads: 26 (the public checkpoint, the default) or 23 (the deployed one: without rb, distnr and magnr). */
  readonly features?: 26 | 23;
  /** Pixels on a side of the convolutions' kernels, the first one's aside: 3 (the default) or 5 (the deployed one). */
  readonly kernelSize?: 3 | 5;
  /** The model's name; `"alerce-stamp"` by default. */
  readonly name?: string;
  /** The model's version; `"untrained"` by default. */
  readonly version?: string;
}

/** The names of {@link AlerceStampOptions}. */
const ALERCE_STAMP_OPTIONS: OptionNames<AlerceStampOptions> = {
  features: "number",
  kernelSize: "number",
  name: "string",
  version: "string",
};

/** Features of the larger variant, in order; the smaller one leaves out those of ONLY_LARGER. */
const FEATURES: readonly string[] = [
  "sgscore1",
  "distpsnr1",
  "sgscore2",
  "distpsnr2",
  "sgscore3",
  "distpsnr3",
  "isdiffpos",
  "fwhm",
  "magpsf",
  "sigmapsf",
  "ra",
  "dec",
  "diffmaglim",
  "rb",
  "distnr",
  "magnr",
  "classtar",
  "ndethist",
  "ncovhist",
  "ecl_lat",
  "ecl_long",
  "gal_lat",
  "gal_long",
  "non_detections",
  "chinr",
  "sharpnr",
];
const ONLY_LARGER = ["rb", "distnr", "magnr"];

/**
 * The features that ALeRCE's stamp classifier reads, in order, by the name of their profile: 26 of
 * `alerce-stamp-26` and 23 of `alerce-stamp-23`.
 *
 * Source: alercebroker/pipeline, stamp_classifier_step/model; Carrasco-Davis et al. 2021, Table A1.
 *
 * @example
 * ```ts
 * import { ALERCE_FEATURES } from "@btsbot/model";
 *
 * ALERCE_FEATURES["alerce-stamp-26"].indexOf("rb"); // => 13
 * ALERCE_FEATURES["alerce-stamp-23"].length; // => 23
 * ```
 */
export const ALERCE_FEATURES: Readonly<Record<"alerce-stamp-26" | "alerce-stamp-23", readonly string[]>> = {
  "alerce-stamp-26": FEATURES,
  "alerce-stamp-23": FEATURES.filter((feature) => !ONLY_LARGER.includes(feature)),
};

/** Where values beyond a bound count as the bound (Carrasco-Davis et al. 2021, Table A1). */
const BOUNDS: Readonly<Record<string, Clip["bounds"][number]>> = {
  sgscore1: [-1, null],
  distpsnr1: [-1, null],
  sgscore2: [-1, null],
  distpsnr2: [-1, null],
  sgscore3: [-1, null],
  distpsnr3: [-1, null],
  fwhm: [null, 10],
  ndethist: [null, 20],
  ncovhist: [null, 3000],
  chinr: [-1, 15],
  sharpnr: [-1, 1.5],
  non_detections: [null, 2000],
};

/**
 * ALeRCE's stamp classifier: four rotations of the innermost 21 x 21 pixels through one convolutional
 * branch, the mean over them, joined with clipped and standardized features; a probability each for AGN,
 * supernova, variable star, asteroid and bogus.
 *
 * The features go in raw, in the order of the profile `alerce-stamp-26` (or `-23`): clipping and
 * standardization are the network's first layers, the means and deviations weights of it.
 *
 * @param options - the variant; that of the public checkpoint by default
 * @returns the definition, layers with weights named as in the authors' checkpoint
 *
 * Source: Carrasco-Davis et al. 2021, AJ 162, 231, section 3 and Table 2; alercebroker/pipeline,
 * stamp_classifier_step/model, modules/networks and models/classifiers.
 *
 * @example
 * ```ts
 * import { alerceStampClassifier, inferShapes } from "@btsbot/model";
 *
 * const definition = alerceStampClassifier();
 * definition.output; // => { kind: "classes", layer: "output_logits", classes: ["AGN", "SN", "VS", "asteroid", "bogus"] }
 * inferShapes(definition).get("concatenate"); // => [90]
 * inferShapes(alerceStampClassifier({ features: 23, kernelSize: 5 })).get("concatenate"); // => [87]
 * ```
 */
export function alerceStampClassifier(options: AlerceStampOptions = {}): ModelDefinition {
  checkOptions("alerceStampClassifier", options, ALERCE_STAMP_OPTIONS);
  const { features = 26, kernelSize = 3, name = "alerce-stamp", version = "untrained" } = options;
  if (features !== 23 && features !== 26) throw new RangeError(`features: expected 23 or 26, got ${String(features)}`);
  const names = ALERCE_FEATURES[`alerce-stamp-${features}`];
  return {
    name,
    version,
    inputs: [
      ALERCE_IMAGES,
      { kind: "features", name: "features", profile: `alerce-stamp-${features}`, length: names.length },
    ],
    layers: [
      ...makeAlerceBranch(kernelSize),
      makeDense("dense_1_10", "flatten", 64),
      makeDropout("dropout_1", "dense_1_10", ALERCE_DROPOUT),
      { type: "cyclicPooling", name: "cyclic_pooling", inputs: ["dropout_1"] },
      {
        type: "clip",
        name: "clip_features",
        inputs: ["features"],
        bounds: names.map((feature) => BOUNDS[feature] ?? [null, null]),
      },
      { type: "standardize", name: "standardize_features", inputs: ["clip_features"] },
      {
        type: "batchNormalization",
        name: "batchnorm_features",
        inputs: ["standardize_features"],
        epsilon: 0.001,
        momentum: 0.99,
      },
      { type: "concatenate", name: "concatenate", inputs: ["cyclic_pooling", "batchnorm_features"] },
      makeDense("dense_2_12", "concatenate", 64),
      makeDropout("dropout_2", "dense_2_12", ALERCE_DROPOUT),
      makeDense("dense_3_13", "dropout_2", 64),
      makeDropout("dropout_3", "dense_3_13", ALERCE_DROPOUT),
      makeDense("output_logits", "dropout_3", ALERCE_CLASSES.length, "softmax"),
    ],
    output: { kind: "classes", layer: "output_logits", classes: ALERCE_CLASSES },
  };
}
