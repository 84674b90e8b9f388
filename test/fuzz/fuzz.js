import { checkCase } from "./checkCase.js";
import { makeSeeds } from "./seeds.js";

/** Processor time and memory that a case may take, ms and bytes. */
const [MOST_MS, MOST_BYTES] = [100, 64_000_000];

/** Cases whose memory is looked at together: to look takes as long as a case. */
const WINDOW = 16;

/** Cases between two words of progress. */
const EVERY = 10_000;

/**
 * Runs cases one after another.
 *
 * @param {object} options
 * @param {number} [options.count] - how many at most
 * @param {number} [options.from] - the first one's number
 * @param {number} [options.seconds] - when to stop
 * @param {(done: number, wrong: number) => void} [options.say] - hears of the progress
 * @param {(problem: object) => void} [options.found] - hears of what is wrong as it comes
 * @returns {Promise<{ cases: number, problems: object[], outcomes: Record<string, number>, slowest: number }>}
 */
export async function fuzz({
  count = Infinity,
  from = 0,
  seconds = Infinity,
  say = () => undefined,
  found = () => undefined,
}) {
  const seeds = makeSeeds();
  const problems = [];
  const add = (problem) => {
    problems.push(problem);
    found(problem);
  };
  const outcomes = {};
  let [cases, slowest, before] = [0, 0, 0];
  const end = performance.now() + seconds * 1000;
  for (; cases < count && performance.now() < end; cases++) {
    const number = from + cases;
    if (cases % WINDOW === 0) before = memory();
    const start = performance.now();
    const { form, outcome, problem } = await checkCase(seeds, number);
    // A busy machine makes anything slow: what took long is timed again, by its processor time.
    const wall = performance.now() - start;
    const ms = wall > MOST_MS ? await timeAgain(seeds, number) : wall;
    slowest = Math.max(slowest, ms);
    const key = `${form} ${outcome}`;
    outcomes[key] = (outcomes[key] ?? 0) + 1;
    if (problem !== undefined) add({ number, form, problem });
    if (ms > MOST_MS) add({ number, form, problem: `took ${ms.toFixed(0)} ms` });
    const bytes = cases % WINDOW === WINDOW - 1 ? memory() - before : 0;
    if (bytes > MOST_BYTES) add({ number, form, problem: `took ${(bytes / 1e6).toFixed(0)} MB` });
    if ((cases + 1) % EVERY === 0) say(cases + 1, problems.length);
  }
  return { cases, problems, outcomes, slowest };
}

/** The least processor time of three, ms; that of making the case is in it. */
async function timeAgain(seeds, number) {
  const times = [];
  for (let i = 0; i < 3; i += 1) {
    const before = process.cpuUsage();
    await checkCase(seeds, number);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return Math.min(...times);
}

/** What a case leaves on the heap and beside it, as far as it was not collected. */
function memory() {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
