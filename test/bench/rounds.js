/**
 * Times several functions in interleaved rounds, so that a machine whose speed drifts treats all alike.
 *
 * @param {Record<string, () => unknown>} runs - what to time, by name
 * @param {number} count - alerts that one run works through
 * @param {{ rounds?: number, warmups?: number }} [options]
 * @returns {Promise<Record<string, { median: number, min: number, max: number }>>} milliseconds per alert
 */
export async function timeRounds(runs, count, { rounds = 11, warmups = 2 } = {}) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  for (let round = -warmups; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const start = performance.now();
      await run();
      if (round >= 0) times[name].push((performance.now() - start) / count);
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, values]) => {
      const sorted = values.sort((a, b) => a - b);
      return [name, { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted[sorted.length - 1] }];
    }),
  );
}

/** Prints a table of times, each with its ratio to the row named `base`. */
export function printTimes(title, times, base) {
  process.stdout.write(`\n${title}\n  ms per alert: median (min .. max)${base ? `, ratio to ${base}` : ""}\n`);
  const width = Math.max(...Object.keys(times).map(({ length }) => length));
  for (const [name, { median, min, max }] of Object.entries(times)) {
    const ratio = base ? `  x ${(median / times[base].median).toFixed(2)}` : "";
    process.stdout.write(
      `  ${name.padEnd(width)}  ${median.toFixed(3).padStart(8)}  (${min.toFixed(3)} .. ${max.toFixed(3)})${ratio}\n`,
    );
  }
}
