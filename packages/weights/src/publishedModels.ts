import type { PublishedModel } from "./types.js";

/** The authors' repository, pinned: what a branch holds may change. */
const BTSBOT_REPOSITORY = "https://raw.githubusercontent.com/nabeelre/BTSbot/a70c0d8d7fed01cebc3fd8292cac807dc5b9e98a";

const BTSBOT = {
  format: "keras-savedmodel",
  profile: "btsbot-v1",
  inputs: {
    triplet: "science, template and difference stamps, 63 x 63 pixels each, L2 norm 1",
    metadata: "the 25 features of btsbot-v1",
  },
  license: "MIT",
  citation: "Rehemtulla et al. 2024, ApJ 972, 7",
  doi: "10.3847/1538-4357/ad5666",
} as const;

/**
 * The models whose authors have published them, with address, checksum, licence and citation.
 *
 * @example
 * ```ts
 * import { PUBLISHED_MODELS } from "@btsbot/weights";
 *
 * PUBLISHED_MODELS.map(({ name }) => name); // => ["btsbot-v1.0.1", "btsbot-v1.0"]
 * ```
 */
export const PUBLISHED_MODELS: readonly PublishedModel[] = [
  {
    ...BTSBOT,
    name: "btsbot-v1.0.1",
    version: "1.0.1",
    title: "BTSbot, the production model: bright transients from everything else",
    url: `${BTSBOT_REPOSITORY}/production_models/v1.0.1.tar.gz`,
    mirrorPath: "btsbot/v1.0.1.tar.gz",
    sha256: "bf4dea74ff43b3338a763573d19a29b264266646b762941fcc7021ba7cbd0348",
    bytes: 3110912,
  },
  {
    ...BTSBOT,
    name: "btsbot-v1.0",
    version: "1.0",
    title: "BTSbot, first version with 25 features",
    url: `${BTSBOT_REPOSITORY}/production_models/v1.tar.gz`,
    mirrorPath: "btsbot/v1.tar.gz",
    sha256: "8635f0b08398b58307b591f6eca02a499c1541558b56e7add83228dc167c0479",
    bytes: 2642312,
  },
];
