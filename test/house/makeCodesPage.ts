import type { CodeEntry } from "@btsbot/errors";

const CHAPTERS: readonly (readonly [CodeEntry["kind"], string, string])[] = [
  ["error", "Errors", "Thrown as a `BtsbotError`, or returned by a `safe…` function, whose `code` is one of these."],
  [
    "reason",
    "Reasons",
    "Why a model gave no score: the `code` of an entry of `reasons` in an unscored result. A function that reads one thing alone, such as a stamp, throws them too.",
  ],
  ["flag", "Flags", "Marks in the `flags` of a result: an input is not what the training had."],
];

/**
 * The page of all codes, `docs/codes.md`.
 *
 * @param codes - the registry
 * @returns the page, in Markdown
 */
export function makeCodesPage(codes: Readonly<Record<string, CodeEntry>>): string {
  const chapters = CHAPTERS.map(([kind, title, meaning]) => {
    const rows = Object.entries(codes).filter(([, entry]) => entry.kind === kind);
    const table = rows.map(([code, entry]) => `| \`${code}\` | ${entry.meaning} |`).join("\n");
    return `## ${title}\n\n${meaning}\n\n| code | meaning |\n| --- | --- |\n${table}\n`;
  });
  return [
    "# Codes\n",
    "Everything that an error, a missing score or a flag can say, from the one registry in `packages/errors/src/codes.ts`. This page is made from it: `UPDATE=1 npx vitest run test/house/codes.test.ts` writes it anew.\n",
    ...chapters,
  ].join("\n");
}
