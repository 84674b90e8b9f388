/**
 * What stands below the options of `btsbot golden`.
 *
 * @internal
 */
export const GOLDEN_HELP = `
Examples:
  $ btsbot golden alerts/ > golden.jsonl
  $ btsbot golden alerts/ --model all --profile boom-2025 > golden.jsonl
  $ btsbot golden --check golden.jsonl alerts/
  $ btsbot golden --check theirs.jsonl alerts/ --score-tolerance 1e-3

A golden file holds features, checks of stamps and triplets, and scores, so
that any pipeline can be checked against this one: docs/formats.md. --check
compares what the file holds and reports every difference; what it omits is
counted, but not compared. Two numbers agree within a tolerance t if they
differ by no more than t times the greatest of 1 and both magnitudes.

Exit status of --check: 0 all agree, 1 something differs or cannot be read,
nothing was compared, or the file has a name that is unknown here.`;
