import { expect, it } from "vitest";
import { createProgress } from "../src/terminal/progress.js";

it("writes over its line, not more often than the eye follows, and leaves nothing", () => {
  let [text, time] = ["", 0];
  const progress = createProgress({ write: (part) => (text += part), isTTY: true }, () => time);
  progress.show("too early");
  time = 250;
  progress.show("one");
  progress.show("too early");
  time = 500;
  progress.show("two");
  progress.clear();
  progress.clear();
  expect(text.split("\r\u001B[K")).toEqual(["", "one", "two", ""]);
});

it("is silent where nobody looks", () => {
  let text = "";
  const progress = createProgress({ write: (part) => (text += part) }, () => 1e6);
  progress.show("one");
  progress.clear();
  expect(text).toBe("");
});
