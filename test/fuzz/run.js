/**
 * Reads mutated packets, archives, messages, documents and stamps, as many as one likes:
 *
 *     npm run check:long                     1,000,000 cases
 *     npm run check:long -- 20000 5          20,000, from case 5 on
 *
 * Ends with 1 if anything is wrong: an error that is not typed, a case of more than 100 ms or 64 MB, a difference to
 * avsc where both accept a datum, pixels from a stamp that cannot be read. A case is made again from its number alone.
 */
import { fuzz } from "./fuzz.js";

const [count = 1_000_000, from = 0] = process.argv.slice(2).map(Number);
const start = performance.now();
const { cases, problems, outcomes, slowest } = await fuzz({
  count,
  from,
  found: (problem) => process.stdout.write(`${JSON.stringify(problem)}\n`),
  say: (done, wrong) => {
    const seconds = (performance.now() - start) / 1000;
    process.stderr.write(
      `${done} of ${count} cases, ${wrong} wrong, ${(done / seconds).toFixed(0)} a second, ${Math.round(((count - done) * seconds) / done)} s to go\n`,
    );
  },
});
process.stdout.write(`${JSON.stringify(outcomes)}\n`);
process.stdout.write(`${cases} cases, ${problems.length} wrong; the slowest took ${slowest.toFixed(0)} ms\n`);
if (problems.length > 0) process.exitCode = 1;
