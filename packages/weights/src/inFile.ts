import { BtsbotError } from "@btsbot/errors";

/**
 * The same problems, each with the file before its place.
 *
 * @internal
 */
export function inFile(file: string, { problems }: BtsbotError): BtsbotError {
  return new BtsbotError(
    problems.map((problem) => ({
      ...problem,
      path: problem.path === undefined ? file : `${file}: ${problem.path}`,
      message: `${file}: ${problem.message}`,
    })),
  );
}
