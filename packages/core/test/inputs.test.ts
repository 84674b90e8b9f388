import { toJson } from "@btsbot/alert";
import type { AlertInput, ScorerOptions } from "@btsbot/core";
import { createScorer, scoreAlert, scoreAlerts } from "@btsbot/core";
import { gunzip } from "@btsbot/cutout";
import { simulateSurvey } from "@btsbot/simulate";
import { describe, expect, it } from "vitest";

const [{ alert }] = simulateSurvey({ nights: 1, sources: 1, seed: 7 });
const BYTES = new TextEncoder().encode(JSON.stringify(toJson(alert)));
/** In the middle of other bytes, as a message in a buffer that others share. */
const AROUND = Uint8Array.from([9, 9, ...BYTES, 9]);

const INPUTS: readonly (readonly [string, AlertInput])[] = [
  ["Uint8Array", AROUND.subarray(2, -1)],
  ["Buffer", Buffer.from(AROUND.buffer, 2, BYTES.length)],
  ["DataView", new DataView(AROUND.buffer, 2, BYTES.length)],
  ["ArrayBuffer", BYTES.slice().buffer],
  ["Blob", new Blob([BYTES])],
  ["File", new File([BYTES], "alert.json")],
  ["alert", alert],
];

describe("whatever holds the bytes of a packet", () => {
  it.each(INPUTS)("%s is scored the same", async (_, input) => {
    const expected = await scoreAlert(BYTES);
    expect(await scoreAlert(input)).toEqual(expected);
    const scorer = await createScorer();
    expect(await scorer.scoreAlert(input)).toEqual(expected);
    for await (const outcome of scorer.scoreAlerts([input])) expect(outcome.success && outcome.data).toEqual(expected);
    scorer.dispose();
  });

  it("one packet's bytes are not a list of inputs", async () => {
    const scorer = await createScorer();
    for (const bytes of [BYTES, Buffer.from(BYTES), new Float32Array(3)])
      for (const score of [scoreAlerts, scorer.scoreAlerts]) {
        const start = async (): Promise<unknown> => score(bytes as never).next();
        await expect(start()).rejects.toThrow("expected `inputs` to be a list");
      }
    scorer.dispose();
  });

  it("a history that is not a list is the caller's error", async () => {
    const history = (() => "x") as never;
    await expect(scoreAlert(alert, { history })).rejects.toThrow("history: expected `answer` to be a list");
  });

  it("a file that is gone is its own error; the others go on", async () => {
    const gone = new Blob([BYTES]);
    gone.arrayBuffer = () => Promise.reject(new DOMException("not found", "NotFoundError"));
    const codes = [];
    for await (const outcome of scoreAlerts([gone, BYTES])) codes.push(outcome.success || outcome.error.code);
    expect(codes).toEqual(["file-unreadable", true]);
    await expect(scoreAlert(gone)).rejects.toMatchObject({ code: "file-unreadable" });
  });
});

describe("options", () => {
  it("one model is a list of one, by name and by itself", async () => {
    const { scores } = await scoreAlert(alert, { models: "btsbot-mini" });
    expect(Object.keys(scores)).toEqual(["btsbot-mini"]);
    const scorer = await createScorer({ models: "btsbot-mini" });
    expect((await scorer.scoreAlert(alert)).scores).toEqual(scores);
    scorer.dispose();
    await expect(scoreAlert(alert, { models: "btsbot-v1.0.1" })).rejects.toMatchObject({
      code: "model-unnamed",
      got: "btsbot-v1.0.1",
    });
    await expect(scoreAlert(alert, { realBogus: "braai" })).rejects.toMatchObject({ path: "realBogus" });
  });

  it("a name that there is not is refused, by every way in", async () => {
    const wrong = { model: "btsbot-v1.0.1" } as ScorerOptions;
    const hint = "has no option `model`. Did you mean `models`?";
    await expect(scoreAlert(alert, wrong)).rejects.toThrow(`scoreAlert ${hint}`);
    await expect(createScorer(wrong)).rejects.toThrow(`createScorer ${hint}`);
    expect(() => scoreAlerts([alert], wrong)).toThrow(`scoreAlerts ${hint}`);
    await expect(scoreAlert(alert, { read: { maxBlockByte: 1 } as object })).rejects.toThrow("`read.maxBlockBytes`");
  });

  it.each([
    [{ engine: "simd" }, "expected `engine` to be an engine"],
    [{ engine: [undefined] }, "expected `engine` to be an engine"],
    [{ gunzip: true }, "expected `gunzip` to be a function"],
    [{ history: {} }, "expected `history` to be a function"],
    [{ store: new Map() }, "expected `store` to be a model store"],
    [{ models: 5 }, "expected `models` to be an object or a list or a string, got 5"],
    [{ models: [{}] }, "expected `models` to be a model, or the name of one, got an object"],
    [{ realBogus: null }, "expected `realBogus` to be an object or a function or a string, got null"],
  ])("%j is refused before an alert is blamed for it", async (options, message) => {
    await expect(scoreAlert(alert, options as ScorerOptions)).rejects.toThrow(message);
    await expect(scoreAlert(alert, options as ScorerOptions)).rejects.toThrow(TypeError);
  });

  it("a gunzip with a bug is the reason, and the stamp is not called damaged", async () => {
    const broken = (): Uint8Array => (undefined as unknown as Uint8Array).subarray(0);
    const { scores } = await scoreAlert(alert, { gunzip: broken });
    expect(scores["btsbot-mini"]).toMatchObject({ status: "unscored", reasons: [{ code: "gunzip-failed" }, {}, {}] });
    expect((await scoreAlert(alert, { gunzip })).scores["btsbot-mini"].status).toBe("scored");
  });
});
