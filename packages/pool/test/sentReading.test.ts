import { BOOM, BROKER_FORMS, FINK, LSST } from "@btsbot/alert";
import { expect, it } from "vitest";
import { packReading, unpackReading } from "../src/sentReading.js";

it("sends forms and surveys that are known by name, and makes them again in their order", () => {
  const read = { forms: [FINK, BOOM], surveys: [LSST], maxBlockBytes: 5 };
  const sent = structuredClone(packReading(read)!);
  expect(sent).toEqual({ read: { maxBlockBytes: 5 }, forms: ["fink", "boom"], surveys: ["lsst"] });
  expect(unpackReading(sent)).toEqual(read);
  expect(unpackReading(packReading({ forms: BROKER_FORMS })!).forms).toEqual(BROKER_FORMS);
  expect(unpackReading(packReading({})!)).toEqual({});
});

it.each([
  ["a form of one's own, of whatever name", { forms: [{ ...BOOM }] }],
  ["a survey of one's own", { surveys: [{ ...LSST }] }],
  ["a function for schemas", { schemas: () => undefined }],
])("does not send %s", (_, read) => {
  expect(packReading(read)).toBeUndefined();
});
