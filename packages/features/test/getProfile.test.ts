import { BtsbotError } from "@btsbot/errors";
import { expect, it } from "vitest";
import { BTSBOT_V1, getProfile, PROFILES } from "../src/index.js";

it("finds each profile by its name", () => {
  for (const profile of PROFILES) expect(getProfile(profile.name)).toBe(profile);
  expect(getProfile("btsbot-v1")).toBe(BTSBOT_V1);
});

it("lists what there is where a name is unknown", () => {
  let error: unknown;
  try {
    getProfile("btsbot-v9");
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(BtsbotError);
  expect(error).toMatchObject({
    code: "profile-unknown",
    got: "btsbot-v9",
    expected: PROFILES.map(({ name }) => name).join(", "),
  });
});

it("has no feature twice", () => {
  for (const { features } of PROFILES) expect(new Set(features.map(({ name }) => name)).size).toBe(features.length);
});
