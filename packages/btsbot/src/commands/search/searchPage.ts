import { countOf } from "@btsbot/errors";
import { makeReport } from "@btsbot/report";
import type { SearchReport } from "@btsbot/train";

/**
 * A search as one HTML page: every trial with its parameters and its rounds, the best first.
 *
 * @internal
 */
export function searchPage(name: string, { method, trials, best }: SearchReport): string {
  const keys = Object.keys(trials[0]?.parameters ?? {});
  const others = trials.filter(({ trial }) => trial !== best?.trial);
  return makeReport({
    title: `Search of ${name}`,
    subtitle: `${countOf(trials.length, "trial")}, ${method === "random" ? "at random, each run to its end" : "by successive halving"}`,
    sections: [
      {
        title: "Trials",
        tables: [
          {
            caption:
              "The best first, the others in the order of their numbers; losses and accuracies are those of the validation part, in the last round that a trial was in.",
            head: ["trial", ...keys, "epochs", "rounds", "loss", "accuracy %"],
            rows: [...(best === null ? [] : [best]), ...others].map(({ trial, parameters, rounds }) => {
              const { epochs, validationLoss, validationAccuracy } = rounds[rounds.length - 1];
              const accuracy = validationAccuracy === null ? "–" : (100 * validationAccuracy).toFixed(2);
              const values = keys.map((key) => formatValue(parameters[key]));
              return [
                String(trial),
                ...values,
                String(epochs),
                String(rounds.length),
                validationLoss?.toFixed(4) ?? "diverged",
                accuracy,
              ];
            }),
          },
        ],
      },
    ],
  });
}

function formatValue(value: unknown): string {
  return typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(4) : String(value);
}
