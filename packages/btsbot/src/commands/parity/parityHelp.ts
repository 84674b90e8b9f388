/**
 * What stands below the options of `btsbot parity`.
 *
 * @internal
 */
export const PARITY_HELP = `
Examples:
  $ btsbot parity alerts/
  $ btsbot parity alerts/ --profile boom-2025
  $ btsbot parity night.avro --format jsonl | jq 'select(.outcome=="flipped")'

The same weights score every alert under the model's own feature profile and
under each of the others. The report says which features differ, how far the
score moves, what each difference does alone, and which decisions flip at 0.5.
boom-2025 and boom-2026 also pad small stamps as BOOM does: that difference is
"stamps".

JSON Lines: one line for each alert and profile, then one with "summary".
An input that cannot be read gives a line with "error", as in btsbot score.`;
