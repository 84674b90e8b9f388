/**
 * What `btsbot backtest` and `btsbot tune` say of what they read.
 *
 * @internal
 */
export const INPUTS_HELP = `
Scores: JSON Lines as btsbot score writes them, or CSV with a header and the
columns objectId, candid, jd, magpsf and score (or --score-column), and fid if
there is one. candid has all its digits. An alert with an empty score has none.
Alerts of one source, time and filter count once (--counted-by candids: each).
Truth: CSV or JSON Lines with objectId and label (1 a bright transient, 0 not),
and, where known, saveJd and triggerJd (Julian dates), junk, class.

Left out, as in the paper: junk, sources with fewer than 2 alerts (few-alerts),
and bright transients none of whose alerts reaches 18.5 mag (peak-thinned).`;
