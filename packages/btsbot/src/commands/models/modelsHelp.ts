/**
 * What stands below the options of `btsbot models` and of its commands.
 *
 * @internal
 */
export const MODELS_HELP = {
  models: `
Examples:
  $ btsbot models list
  $ btsbot models pull all
  $ btsbot models import mine.keras --name mine --profile btsbot-v1
  $ btsbot models show btsbot-v1.0.1
  $ btsbot models export btsbot-v1.0.1 --to model/ --format onnx`,

  list: `
Examples:
  $ btsbot models list
  $ btsbot models list --format jsonl | jq -r 'select(.pulled) | .name'`,

  pull: `
Examples:
  $ btsbot models pull
  $ btsbot models pull all
  $ btsbot models pull btsbot-v1.0.1 --from /media/mirror/models

The SHA-256 is checked. An interrupted pull leaves nothing half-written: run it
again.`,

  import: `
Examples:
  $ btsbot models import mine.keras --name mine --profile btsbot-v1
  $ btsbot models import saved_model/ -n five -p btsbot-v1 --classes a,b,c,d,e
  $ btsbot models import run/models/mine/ --name mine-2
  $ btsbot score alerts/ --model mine

Keras 2 and 3 (.keras, HDF5), Keras 2 SavedModels (a folder, tar, tar.gz), tfjs
layers models (a folder with model.json). The network's image is the science,
template and difference stamps, its vector the features of --profile, in that
order. Where several inputs differ, --input says of each by its name in the
network what it is given: --input now=science --input change=difference,minmax
--input metadata=btsbot-v1. What btsbot train and btsbot models export write
says all of this itself; such a folder can also be named directly: --model
./folder.

Exit status: 0 done; 1 the network cannot be read or is not supported; 2 wrong
usage, or a name that is taken.`,

  show: `
Examples:
  $ btsbot models show
  $ btsbot models show btsbot-v1.0`,

  export: `
Examples:
  $ btsbot models export btsbot-v1.0.1 --to model/
  $ btsbot models export btsbot-v1.0.1 --to model/ --format onnx

tfjs: model.json and weights.bin, for tf.loadLayersModel.
onnx: NAME.onnx, for onnxruntime in any language.
Inputs, float32: triplet (N, 63, 63, 3), the planes science, template and
difference; metadata (N, 25). btsbot models show says what the features are.`,
} as const;
