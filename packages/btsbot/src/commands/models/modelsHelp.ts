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
