import { INPUTS_HELP } from "../../evaluation/evaluationHelp.js";

/**
 * What stands below the options of `btsbot tune`.
 *
 * @internal
 */
export const TUNE_HELP = `
Examples:
  $ btsbot tune --completeness 0.95 --scores scores.jsonl --truth truth.csv
  $ btsbot tune --per-night 3 -s scores.csv -t truth.csv --report search.html
  $ btsbot tune --per-night 3 -s scores.csv -t truth.csv | jq .policy > p.json

Tries policies of the form "at least N alerts with score >= s and magpsf <= m"
on one half of the sources, and says how the best does on the other half.
${INPUTS_HELP}

Exit status: 0 done; 1 no policy meets the goal, or a file cannot be read or
written; 2 wrong usage.`;
