import { styleText } from "node:util";

const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
const hasColors = NO_COLOR
  ? false
  : FORCE_COLOR
    ? FORCE_COLOR !== "0"
    : process.stdout.isTTY === true && TERM !== "dumb";

/**
 * Colors a text where standard output shows colors.
 *
 * @param {string | string[]} style - of `styleText` of node:util
 * @param {string} text
 * @returns {string}
 */
export function paint(style, text) {
  return hasColors ? styleText(style, text, { validateStream: false }) : text;
}

/** Lines on standard output, and on a terminal one that is written over as the work goes on. */
export function createLine() {
  const { stderr, stdout } = process;
  let last = 0;
  return {
    say: (text) => void stdout.write(`${text}\n`),
    show: (text) => {
      if (!stderr.isTTY || performance.now() - last < 100) return;
      last = performance.now();
      stderr.write(`\r\u001B[K${text}`);
    },
    clear: () => void (stderr.isTTY && stderr.write("\r\u001B[K")),
  };
}
