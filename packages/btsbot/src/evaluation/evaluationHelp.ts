const INPUTS = `
Scores: JSON Lines as btsbot score writes them, or CSV with a header and the
columns objectId, candid, jd, magpsf and score (or --score-column), and fid if
there is one. candid is all digits. An empty score is an alert without one.
Alerts of one source, time and filter count once (--counted-by: candids, each).
Truth: CSV or JSON Lines with objectId and label (1 a bright transient, 0 not),
and, where known, saveJd and triggerJd (Julian dates), junk, class.

Left out, as in the paper: junk, sources with fewer than 2 alerts (few-alerts),
and bright transients none of whose alerts reaches 18.5 mag (peak-thinned).`;

/**
 * What stands below the options of `btsbot backtest` and `btsbot tune`.
 *
 * @internal
 */
export const EVALUATION_HELP = {
  backtest: `
Examples:
  $ btsbot backtest bts_p1 bts_p2 --scores scores.jsonl --truth truth.csv
  $ btsbot backtest gt3 mine.json -s scores.csv -t truth.csv --report r.html
  $ btsbot score alerts/ | btsbot backtest gt1 --scores - --truth truth.csv

Policies: gt1, gt2, ... (any N), bts_p1, bts_p2, prod_p1, prod_p2, nearby and
others (a name that is not known lists them), or a file such as
  {"name":"mine","action":"trigger","priority":3,
   "require":[{"count":2,"where":["score >= 0.8","magpsf <= 18.5"]}]}
A name with a dot or a slash is a file.
${INPUTS}
Exit status: 0 done; 1 a file cannot be read or written; 2 wrong usage, or a
policy that is not known.`,

  tune: `
Examples:
  $ btsbot tune --completeness 0.95 --scores scores.jsonl --truth truth.csv
  $ btsbot tune --per-night 3 -s scores.csv -t truth.csv --report search.html
  $ btsbot tune --per-night 3 -s scores.csv -t truth.csv | jq .policy > p.json

Tries policies of the form "at least N alerts with score >= s and magpsf <= m"
on one half of the sources, and says how the best does on the other half.
${INPUTS}

Exit status: 0 done; 1 no policy meets the goal, or a file cannot be read or
written; 2 wrong usage.`,
} as const;
