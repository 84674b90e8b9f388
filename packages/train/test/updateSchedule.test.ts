import { updateSchedule } from "@btsbot/train";
import type { Schedule } from "@btsbot/train";
import { expect, it } from "vitest";

const start: Schedule = { learningRate: 1e-4, bestLoss: null, bestEpoch: 0, plateau: 0, stopped: false };
const paper = { factor: 0.4, patience: 20, minLearningRate: 5e-10, stopPatience: 75 };

function follow(losses: readonly number[], options = paper): Schedule[] {
  const schedules: Schedule[] = [];
  losses.forEach((loss, place) => schedules.push(updateSchedule(schedules.at(-1) ?? start, place + 1, loss, options)));
  return schedules;
}

it("falls as in the paper's Figure 11: three times from 1e-4 to 6e-6, and ends 75 epochs after the best", () => {
  // The best epoch is the 30th, and nothing after it is better.
  const schedules = follow(Array.from({ length: 120 }, (_, place) => (place < 30 ? 1 - place / 100 : 0.9)));
  const falls = schedules.flatMap(({ learningRate }, place) =>
    place > 0 && learningRate < schedules[place - 1].learningRate ? [place + 1] : [],
  );
  expect(falls.slice(0, 3)).toEqual([50, 70, 90]);
  expect(schedules[89].learningRate).toBeCloseTo(6.4e-6, 12);
  expect(schedules.findIndex(({ stopped }) => stopped) + 1).toBe(105);
  expect(schedules[104].bestEpoch).toBe(30);
});

it("counts from each better epoch, however little better", () => {
  const schedules = follow([1, 1, 1 - 1e-12, 1, 1], { ...paper, patience: 2 });
  expect(schedules.map(({ plateau }) => plateau)).toEqual([0, 1, 0, 1, 0]);
  expect(schedules.at(-1)!.learningRate).toBeCloseTo(4e-5, 12);
});

it("does not fall below the least learning rate, nor rise to it", () => {
  const options = { ...paper, patience: 1, minLearningRate: 3e-5 };
  expect(follow([1, 1, 1], options).map(({ learningRate }) => learningRate)).toEqual([
    1e-4,
    expect.closeTo(4e-5, 12),
    3e-5,
  ]);
  expect(follow([1, 1], { ...options, minLearningRate: 1 }).at(-1)!.learningRate).toBe(1e-4);
});
