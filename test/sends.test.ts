import { appendFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sendUnderFire } from "./support/skyportal/sendUnderFire.js";

/** `npm run bench -- send` asks for 500 sources and 200 kills, and for 50 actions at the real rate. */
const { SEND_SOURCES = "20", SEND_KILLS = "6", SEND_REPORT, SEND_REAL } = process.env;
const MINUTES = 60_000;

it(
  "carries each action out once, whatever fails, however often the sender is killed",
  { timeout: 40 * MINUTES },
  async () => {
    const result = await sendUnderFire({ sources: Number(SEND_SOURCES), kills: Number(SEND_KILLS) });
    const { kills, lost, twice, wrong, held, refused, calls } = result;
    if (SEND_REPORT !== undefined)
      appendFileSync(
        SEND_REPORT,
        `sends ${kills} kills: lost ${lost.length}, twice ${twice.length}\n` +
          `  ${4 * Number(SEND_SOURCES)} actions, ${calls} calls, ${refused} refused, ${held} held for a person, ${wrong.length} not as they should be\n`,
      );
    expect({ lost, twice, wrong }).toEqual({ lost: [], twice: [], wrong: [] });
    expect(kills).toBe(Number(SEND_KILLS));
    // Of ten sources, the facility does not answer to one; of two others, request and comment are refused.
    expect([held, refused]).toEqual([Number(SEND_SOURCES) / 10, (4 * Number(SEND_SOURCES)) / 10]);
  },
);

it.runIf(SEND_REAL !== undefined)("keeps to the rate that SkyPortal takes", { timeout: 10 * MINUTES }, async () => {
  const { lost, twice, calls, took, tooFast } = await sendUnderFire({ sources: 13, kills: 0, factor: 1, isCalm: true });
  appendFileSync(
    SEND_REPORT!,
    `  52 actions at the real rate: ${calls} calls in ${(took / 1000).toFixed(0)} s, ${tooFast} too fast, lost ${lost.length}, twice ${twice.length}\n`,
  );
  expect({ lost, twice, tooFast }).toEqual({ lost: [], twice: [], tooFast: 0 });
});
