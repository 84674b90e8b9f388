import type { PublishedModel } from "./types.js";

/** The authors' repositories, pinned: what a branch holds may change. */
const RAW = "https://raw.githubusercontent.com";
const BTSBOT_REPOSITORY = `${RAW}/nabeelre/BTSbot/a70c0d8d7fed01cebc3fd8292cac807dc5b9e98a`;
const ACAI_REPOSITORY = `${RAW}/dmitryduev/acai/1f6158ac`;
/** The commit that added the file, which has not changed since. */
const BRAAI_REPOSITORY = `${RAW}/dmitryduev/braai/164543db598c1d6a86b32edfc936455a583bdb1e`;

const ALERCE_REPOSITORY = `${RAW}/alercebroker/pipeline/9a728060`;
/** Where it keeps its checkpoints, a folder each; best_model_so_far is the one that the paper's Table 2 describes. */
const ALERCE_RESULTS = `${ALERCE_REPOSITORY}/stamp_classifier_step/model/results`;
const ALERCE_CHECKPOINT = `${ALERCE_RESULTS}/best_model_so_far/checkpoints`;

const TRIPLET = "science, template and difference stamps, 63 x 63 pixels each, L2 norm 1";

const ALERCE_IMAGES = "the innermost 21 x 21 pixels of science, template and difference stamps, each from 0 to 1";

const BTSBOT = {
  format: "keras-savedmodel",
  profile: "btsbot-v1",
  inputs: { triplet: TRIPLET, metadata: "the 25 features of btsbot-v1" },
  license: "MIT",
  citation: "Rehemtulla et al. 2024, ApJ 972, 7",
  doi: "10.3847/1538-4357/ad5666",
} as const;

const ACAI_DEFINITION = "37ceb8b53056f403ce565f3b19f59695e43e834bb73b1b4ee48e5805dc8c25ef";

/** The five classifiers of ACAI differ in their weights alone. */
function acai(letter: string, what: string, sha256: string, weights: string): PublishedModel {
  const file = `acai_${letter}.d1_dnn_20201130.h5`;
  return {
    name: `acai_${letter}`,
    version: "d1_dnn_20201130",
    title: `ACAI: ${what}`,
    files: [{ url: `${ACAI_REPOSITORY}/models/${file}`, mirrorPath: `acai/${file}`, sha256, bytes: 219368 }],
    format: "keras-hdf5",
    hashes: { weights, definition: ACAI_DEFINITION },
    profile: "acai",
    inputs: { triplets: TRIPLET, features: "the 25 features of acai" },
    license: "MIT",
    citation: "Duev and van der Walt 2021, arXiv:2111.12142",
    doi: "10.48550/arXiv.2111.12142",
  };
}

const ALERCE_IMAGES_DEFINITION = "5c9fa799b849be68275a1f4201eb0ac510c58290ae5017bfde396d18c29a40f2";

/** ALeRCE's two classifiers of images alone differ in the loss that they were trained with. */
function alerceImages(suffix: string, loss: string, index: string, data: string, weights: string): PublishedModel {
  const folder = `best_model_new_bogus${suffix}`;
  const file = (name: string, sha256: string, bytes: number) => ({
    url: `${ALERCE_RESULTS}/${folder}/checkpoints/${name}`,
    mirrorPath: `alerce-stamp-classifier/${folder}/${name}`,
    sha256,
    bytes,
  });
  return {
    name: `alerce-images${suffix.replace("_", "-")}`,
    version: folder,
    title: `ALeRCE's classifier of the stamps alone${loss}: AGN, supernova, variable star, asteroid or bogus`,
    files: [file("model.index", index, 1954), file("model.data-00000-of-00001", data, 3062088)],
    format: "alerce-checkpoint",
    hashes: { weights, definition: ALERCE_IMAGES_DEFINITION },
    inputs: { images: ALERCE_IMAGES },
    license: "none stated",
    citation: "Carrasco-Davis et al. 2021, AJ 162, 231",
    doi: "10.3847/1538-3881/ac0ef1",
  };
}

/**
 * The models whose authors have published them, with addresses, checksums, licence and citation.
 *
 * @example
 * ```ts
 * import { PUBLISHED_MODELS } from "@btsbot/weights";
 *
 * PUBLISHED_MODELS.map(({ name }) => name).slice(0, 3); // => ["btsbot-v1.0.1", "btsbot-v1.0", "btsbot-v0.3"]
 * ```
 */
export const PUBLISHED_MODELS: readonly PublishedModel[] = [
  {
    ...BTSBOT,
    name: "btsbot-v1.0.1",
    hashes: {
      weights: "fd6b94b5dd938d3b27157c69388a66e37df03781b12add86a671b5ca9cc0b694",
      definition: "81f4abbc22d927d8a3a4cc20215ec03df93af4a0e31c04aec34ca938c0f22954",
    },
    version: "1.0.1",
    title: "BTSbot, the production model: bright transients from everything else",
    files: [
      {
        url: `${BTSBOT_REPOSITORY}/production_models/v1.0.1.tar.gz`,
        mirrorPath: "btsbot/v1.0.1.tar.gz",
        sha256: "bf4dea74ff43b3338a763573d19a29b264266646b762941fcc7021ba7cbd0348",
        bytes: 3110912,
      },
    ],
  },
  {
    ...BTSBOT,
    name: "btsbot-v1.0",
    hashes: {
      weights: "3dda547f56670175139280958d06795c2d238461a1ffe766c991be3dbcc7139e",
      definition: "81f4abbc22d927d8a3a4cc20215ec03df93af4a0e31c04aec34ca938c0f22954",
    },
    version: "1.0",
    title: "BTSbot, first version with 25 features",
    files: [
      {
        url: `${BTSBOT_REPOSITORY}/production_models/v1.tar.gz`,
        mirrorPath: "btsbot/v1.tar.gz",
        sha256: "8635f0b08398b58307b591f6eca02a499c1541558b56e7add83228dc167c0479",
        bytes: 2642312,
      },
    ],
  },
  {
    ...BTSBOT,
    name: "btsbot-v0.3",
    hashes: {
      weights: "3f0ca22539363228a7b45d7683795446462a175dbd43fdef64eb3fc08a70fbc2",
      definition: "87cd484a3ef723ccb6899c8b2a4d2f2d686a28d890c4073e60e73c9624439426",
    },
    version: "0.3",
    title: "BTSbot of the ICML workshop 2023, 14 features",
    files: [
      {
        url: `${BTSBOT_REPOSITORY}/production_models/v0.3.tar.gz`,
        mirrorPath: "btsbot/v0.3.tar.gz",
        sha256: "060f8eab24c4b4e02e3c3a7f306c271304a2025ca739937b457fa6baddf19096",
        bytes: 489366,
      },
    ],
    profile: "btsbot-v0.3",
    inputs: { triplet: TRIPLET, metadata: "the 14 features of btsbot-v0.3" },
    citation: "Rehemtulla et al. 2023, ICML Workshop on Machine Learning for Astrophysics, arXiv:2307.07618",
    doi: "10.48550/arXiv.2307.07618",
  },
  acai(
    "h",
    "hosted, a transient near a galaxy",
    "929a5aa0703731a9705d85f9382f521ae8e7421f90c3773f583bfcce4b83cd55",
    "3e77a2d00931ff75125d35749509af345c98668493d7d3eca2974d8d7d6bf36f",
  ),
  acai(
    "n",
    "nuclear, a transient in the nucleus of a galaxy",
    "4eb3932f2672721dcb74b91dd5ec3d683ac87e8a99359edf5805d9ece73882d8",
    "06a1df44272e72dc6ed0255fd76f26fc42468ffdb432ac7095d6933cac2ced06",
  ),
  acai(
    "v",
    "variable star",
    "be704366d1ac8c82e0576c79a24fa038a0010d800561e62e16d1c3804f7b8fa8",
    "0324577535a8829aec029a3c05387054db359f8c12f1b786ff634c7eff139889",
  ),
  acai(
    "o",
    "orphan, a transient with no host in sight",
    "31eeb8bbc3d50a5c53b1552492bfb56ac988f99f05962b60efff076d62ab1232",
    "3399d1cf67c2325d2519f32c642c2d7815e003d72816189d539c600ec8f172c0",
  ),
  acai(
    "b",
    "bogus, no source in the sky",
    "dc57b969e4b1a97b7e3633aae6c3f6adf44615a47036c390da1d55f0e6dbf330",
    "6515d8df37f71d7ba7e6424abd819b4c303bc6fd8d307d77fb71fd5de9721a5e",
  ),
  {
    name: "braai_d6_m9",
    hashes: {
      weights: "7db0163e1c06dcb9b4346b39149c194c5477334963c44fcef1728aba8be17281",
      definition: "bf96e596242641965cfdc1f4e8515a88d0ccb888aa86ded91fa2295638a3d02c",
    },
    version: "d6_m9",
    title: "braai, the survey's real/bogus score (drb), from the stamps alone",
    files: [
      {
        url: `${BRAAI_REPOSITORY}/models/braai_d6_m9.h5`,
        mirrorPath: "braai/braai_d6_m9.h5",
        sha256: "24f97a6a37cf90da2697a657644049caf8c7f2bf382b60c64aa88dba0828ceaa",
        bytes: 3809888,
      },
    ],
    format: "keras-hdf5",
    inputs: { triplet: TRIPLET },
    license: "MIT",
    citation: "Duev et al. 2019, MNRAS 489, 3582",
    doi: "10.1093/mnras/stz2357",
  },
  {
    name: "alerce-stamp",
    hashes: {
      weights: "dade5e94cf7ce24452975118227791a78ff992d5cdf004b81658d6b839b3e347",
      definition: "015402b99ac294fa1fbc51472670a8b84b1d03817e03b7dd76975bd669bd1b85",
    },
    version: "best_model_so_far",
    title:
      "ALeRCE's stamp classifier, whose published weights see the features alone: AGN, supernova, variable star, asteroid or bogus",
    caution:
      "It does not look at the image. The convolutions of the public checkpoint are dead: no stamp changes any probability, and the features alone decide. alerce-images and alerce-images-reg look at the image. Results are flagged input-ignored:images.",
    files: [
      {
        url: `${ALERCE_CHECKPOINT}/model.index`,
        mirrorPath: "alerce-stamp-classifier/model.index",
        sha256: "60f65f84e31fe25ed47e4e6de0797eff9694b180ee1c9c24e251f8ff65d381db",
        bytes: 2405,
      },
      {
        url: `${ALERCE_CHECKPOINT}/model.data-00000-of-00001`,
        mirrorPath: "alerce-stamp-classifier/model.data-00000-of-00001",
        sha256: "4b4f0bd4c39f68371e7bcfa4a3a26cbe8ba7adf9e13d1dc80c923e046459b0e5",
        bytes: 3132808,
      },
      {
        // Converted from the authors' pickle, which is not supported: only a mirror has it.
        mirrorPath: "alerce-stamp-classifier/feature_norm_stats.json",
        sha256: "198482eeefa5a64132136b9e433ed573a419865580ad66831612c5bb6c9cfa5a",
        bytes: 2212,
      },
    ],
    format: "alerce-checkpoint",
    profile: "alerce-stamp-26",
    inputs: {
      images: `${ALERCE_IMAGES}; the published weights do not look at them`,
      features: "the 26 features of alerce-stamp-26",
    },
    license: "none stated",
    citation: "Carrasco-Davis et al. 2021, AJ 162, 231",
    doi: "10.3847/1538-3881/ac0ef1",
  },
  alerceImages(
    "",
    "",
    "d65ea2d2b8b9a411fedc83fa6ba130799466cac4070bfc4881e5c1130ee8a168",
    "0851a989570afb2372f9ddbfb0fad5e30ced985a6c5dfaf742d2b14a19400b7f",
    "700a233c762fb5ad65761a59737a6ae8fe8bf5b838f244b43354a6f1f31e6929",
  ),
  alerceImages(
    "_reg",
    ", with entropy regularization",
    "8246c1c94d88ab24813d28c3514c4bd51a179f88ac1b7d8eceedec4ebd8d7a81",
    "c4faf06f2b5c77c0cb842a3086eab45709daf70e58972ded7aff76027a98005b",
    "72e86f6f243881abc29c63553fb5a0e78e46cab721bba78ec40a491dcb3dc08f",
  ),
];
