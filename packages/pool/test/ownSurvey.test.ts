import { encodeAlerts, parseAlert, toAlert } from "@btsbot/alert";
import { createScorer, scoreAlert } from "@btsbot/core";
import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import { createScorerPool } from "@btsbot/pool";
import { expect, it } from "vitest";
import { SKYHUB, SKYWATCH } from "../../../test/support/skywatch.js";
import { setup } from "../../../test/setup.js";
import { makeAlert } from "./makeAlert.js";

const read = { surveys: [SKYWATCH], forms: [SKYHUB] };

it("scores the packets of a survey that nobody here knows as the same alert of a known one", async () => {
  setup(() => undefined);
  const models = [await createModel(mmCnn("mm", "7"), initializeWeights(mmCnn(), 1))];
  const { schemavsn: _, publisher: _publisher, ...known } = makeAlert(7);
  const candidate = { ...known.candidate, skyObjectId: 12n, isdiffpos: true };
  const source = { ...known, objectId: "SKY12", candidate };
  const packet = encodeAlerts([source], { survey: SKYWATCH });
  const scoreOf = async (input: Parameters<typeof scoreAlert>[0]) => {
    const { objectId, candid, jd, scores } = await scoreAlert(input, { models, read });
    return { objectId, candid, jd, scores };
  };
  const expected = { ...(await scoreOf(known)), objectId: "SKY12" };
  expect(expected.scores.mm.status).toBe("scored");
  expect(await scoreOf(packet)).toEqual(expected);
  // And as the broker has it, in an envelope, in JSON.
  const { candid, ...document } = SKYWATCH.toPacket!({ ...parseAlert(packet, read) });
  const enveloped = toAlert({ status: "ok", payload: { ...document, hubId: candid } }, read);
  expect(await scoreOf(enveloped)).toEqual(expected);

  const scorer = await createScorer({ models, read });
  for await (const outcome of scorer.scoreAlerts([packet, packet]))
    expect(outcome.success && outcome.data.scores).toEqual(expected.scores);
  scorer.dispose();
  // Its functions cannot be sent to workers.
  const pool = await createScorerPool({ models, read, workers: 1 });
  const outcomes = [];
  for await (const outcome of pool.scoreAlerts([packet, new Uint8Array(0), packet])) outcomes.push(outcome);
  await pool.close();
  expect(outcomes.map((outcome) => outcome.success && outcome.data.scores)).toEqual([
    expected.scores,
    false,
    expected.scores,
  ]);
  expect(outcomes.map(({ input, index }) => [input, index])).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
  ]);
});
