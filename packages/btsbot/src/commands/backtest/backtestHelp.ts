import { INPUTS_HELP } from "../../evaluation/evaluationHelp.js";

/**
 * What stands below the options of `btsbot backtest`.
 *
 * @internal
 */
export const BACKTEST_HELP = `
Examples:
  $ btsbot backtest bts_p1 bts_p2 --scores scores.jsonl --truth truth.csv
  $ btsbot backtest gt3 mine.json -s scores.csv -t truth.csv --report r.html
  $ btsbot score alerts/ | btsbot backtest gt1 --scores - --truth truth.csv

Policies: gt1, gt2, ... (any N), bts_p1, bts_p2, prod_p1, prod_p2, nearby and
others (an unknown name lists them), or a file such as
  {"name":"mine","action":"trigger","priority":3,
   "require":[{"count":2,"where":["score >= 0.8","magpsf <= 18.5"]}]}
A name with a dot or a slash is a file.
${INPUTS_HELP}
Exit status: 0 done; 1 a file cannot be read or written; 2 wrong usage, or an
unknown policy.`;
