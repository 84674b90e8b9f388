import { BtsbotError } from "@btsbot/errors";
import { DEFAULT_MODEL } from "@btsbot/model";
import { cacheFolder, findPublished, PUBLISHED_MODELS, pullModel } from "@btsbot/weights";
import type { PullProgress } from "@btsbot/weights";
import { PRODUCTION_MODEL } from "../../models/defaultModel.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { createProgress } from "../../terminal/progress.js";
import { wrapText } from "../../terminal/wrapText.js";
import { megabytes } from "./modelText.js";
import type { ModelsPullOptions } from "./types.js";

/** Characters of the bar of a download. */
const BAR_WIDTH = 24;

/**
 * `btsbot models pull`.
 *
 * @internal
 */
export async function pullCommand(
  names: readonly string[],
  options: ModelsPullOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr, env, colors, width } = terminal;
  const wanted =
    names.length === 0
      ? [PRODUCTION_MODEL]
      : names.flatMap((name) => (name === "all" ? PUBLISHED_MODELS.map((model) => model.name) : [name]));
  // A wrong name among good ones is found before anything is fetched.
  const asked = new Set(wanted);
  const needless = asked.delete(DEFAULT_MODEL);
  const models = [...asked].map((name) => findPublished(name));
  if (needless) stdout.write(`${colors.bold(DEFAULT_MODEL)}  ships with btsbot: nothing to pull\n`);
  let failed = 0;
  for (const model of models) {
    const progress = createProgress(stderr, terminal.now);
    let last: PullProgress["stage"] | undefined;
    const onProgress = (state: PullProgress) => {
      last = state.stage;
      progress.show(progressLine(state));
    };
    const pulled = await pullModel(model, { cache: cacheFolder(env), ...options, onProgress }).catch(
      (error: unknown) => {
        if (error instanceof BtsbotError) return error;
        throw error;
      },
    );
    progress.clear();
    if (pulled instanceof BtsbotError) {
      failed += 1;
      complain(stderr, `${model.name} is not pulled. ${pulled.message}`);
      continue;
    }
    const state = last === "cached" ? "is here already" : "pulled";
    stdout.write(`${colors.bold(pulled.name)}  ${state}  ${colors.dim(pulled.folder)}\n`);
    if (model.caution !== undefined) stdout.write(`${wrapText(model.caution, width).map(colors.yellow).join("\n")}\n`);
  }
  return failed === 0 ? EXIT.ok : EXIT.unreadable;
}

function progressLine({ name, stage, received, total }: PullProgress): string {
  if (stage !== "download") return `${name}  ${stage}`;
  const share = Math.min(1, received / total);
  const filled = Math.round(share * BAR_WIDTH);
  return `${name}  ${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}  ${megabytes(received)} of ${megabytes(total)}`;
}
