import type { EpochRecord, StepProgress } from "@btsbot/train";
import type { Terminal } from "../terminal/createTerminal.js";
import { createProgress } from "../terminal/progress.js";

/**
 * What people see of a training: a line for each epoch, and on a terminal one that moves inside of it.
 *
 * @internal
 */
export interface TrainProgress {
  readonly onPackets: (done: number, files: number) => void;
  readonly onStep: (step: StepProgress) => void;
  readonly onEpoch: (record: EpochRecord) => void;
  /** A line of its own. */
  readonly say: (text: string) => void;
}

/**
 * Shows a training on standard error, with the time that is left.
 *
 * @param epochs - how many epochs there are at most
 * @internal
 */
export function createTrainProgress({ stderr, now }: Pick<Terminal, "stderr" | "now">, epochs: number): TrainProgress {
  const progress = createProgress(stderr, now);
  let begin: number | undefined;
  let epochBegin = now();
  let epochSeconds: number | undefined;
  let firstBatch = 0;
  const say = (text: string): void => {
    progress.clear();
    stderr.write(`${text}\n`);
  };
  return {
    say,
    onPackets: (done, files) => progress.show(`reading packets, file ${done + 1} of ${files}`),
    onStep: ({ epoch, batch, batches }) => {
      if (begin === undefined) {
        // What was done before this run is not in its time, nor is the first step, which warms up.
        begin = epochBegin = now();
        firstBatch = batch;
        return;
      }
      const spent = (now() - epochBegin) / 1000;
      const left = (spent / Math.max(1, batch - firstBatch)) * (batches - batch);
      const all =
        epochSeconds === undefined ? "" : `, at most ${formatSeconds(left + (epochs - epoch) * epochSeconds)} in all`;
      progress.show(
        `epoch ${epoch} of ${epochs}, batch ${batch} of ${batches}, ${formatSeconds(left)} left of it${all}`,
      );
    },
    onEpoch: (record) => {
      epochSeconds = (now() - epochBegin) / 1000;
      epochBegin = now();
      firstBatch = 0;
      say(
        `${describeEpoch(record, epochs)}  ${formatSeconds(epochSeconds)}, at most ${formatSeconds((epochs - record.epoch) * epochSeconds)} left`,
      );
    },
  };
}

function describeEpoch(record: EpochRecord, epochs: number): string {
  const { epoch, trainLoss, validationLoss, trainAccuracy, validationAccuracy, learningRate } = record;
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  return (
    `epoch ${epoch} of ${epochs}  loss ${trainLoss.toFixed(4)}, validation ${validationLoss.toFixed(4)}` +
    `  right ${percent(trainAccuracy)}, validation ${percent(validationAccuracy)}  rate ${learningRate.toPrecision(2)}`
  );
}

/**
 * A time for people: `12 s`, `3 min`, `1 h 5 min`.
 *
 * @internal
 */
export function formatSeconds(seconds: number): string {
  if (seconds < 100) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
