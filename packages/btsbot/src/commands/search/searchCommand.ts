import { countOf } from "@btsbot/errors";
import { join } from "node:path";
import type { SearchReport } from "@btsbot/train";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { writeOutput } from "../../terminal/writeOutput.js";
import { readTraining } from "../../training/readTraining.js";
import { createTrainProgress, formatSeconds } from "../../training/trainProgress.js";
import type { TrainingOptions } from "../../training/types.js";

/**
 * `btsbot search`.
 *
 * @internal
 */
export async function searchCommand(path: string, options: TrainingOptions, terminal: Terminal): Promise<number> {
  const { out, backend } = options;
  const { now } = terminal;
  // Loaded when it is needed: it brings a runtime that other commands do without.
  const { parseSearchConfig, searchModels } = await import("@btsbot/train");
  const [json, folder, profiles] = await readTraining(path, options);
  const config = parseSearchConfig(json, folder, profiles);
  const progress = createTrainProgress(terminal, Infinity);
  const begin = now();
  let here = 0;
  const report = await searchModels(config, {
    out,
    backend,
    profiles,
    onPackets: progress.onPackets,
    onTrial: ({ trial, rounds }, done, all) => {
      here += 1;
      const { epochs, validationLoss } = rounds.at(-1)!;
      // By the mean of this run: later rounds of halving have more epochs and take longer.
      const left = formatSeconds(((now() - begin) / 1000 / here) * (all - done));
      progress.say(
        `${done} of ${all}: trial ${trial}, ${countOf(epochs, "epoch")}, validation loss ${validationLoss?.toFixed(4) ?? "diverged"}, about ${left} left`,
      );
    },
    onWarning: ({ message }) => complain(terminal.stderr, `the search goes on without this checkpoint: ${message}`),
  });
  const { searchPage } = await import("./searchPage.js");
  await writeOutput(join(out, "search.html"), searchPage(String(config.train.name), report));
  terminal.stdout.write(
    terminal.stdout.isTTY
      ? describeBest(report, out)
      : `${JSON.stringify({ ...report.best, config: join(out, "best.json"), report: join(out, "search.json"), page: join(out, "search.html") })}\n`,
  );
  return EXIT.ok;
}

function describeBest({ best, trials }: SearchReport, out: string): string {
  const { parameters, rounds, trial } = best!;
  const lines = Object.entries(parameters).map(([name, value]) => `  ${name}  ${value}`);
  return [
    `the best of ${countOf(trials.length, "trial")} is number ${trial}: validation loss ${rounds.at(-1)!.validationLoss!.toFixed(4)}`,
    ...lines,
    `to train with it: btsbot train ${join(out, "best.json")} --out DIR`,
    "",
  ].join("\n");
}
