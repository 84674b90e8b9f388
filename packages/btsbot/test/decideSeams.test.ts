import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { DecisionLine, PendingEntry } from "@btsbot/decide";
import type { JsonValue } from "@btsbot/policy";
import { describe, expect, it } from "vitest";
import { describeSink } from "../../../test/support/sinkConformance.js";
import { describeSource } from "../../../test/support/sourceConformance.js";
import { createLinesSink } from "../src/commands/decide/decisionSinks.js";
import { createFileSource } from "../src/commands/decide/fileSource.js";
import { listInputs } from "../src/inputs/listInputs.js";
import { createSkipTally } from "../src/inputs/skipTally.js";
import { guardOutput } from "../src/terminal/guardOutput.js";
import { alertOf } from "./support/decideAlerts.js";
import { writePacket } from "./support/packets.js";
import { temporaryFolder } from "./support/runInProcess.js";

function entryOf(number: number): PendingEntry {
  const objectId = `ZTF23aaaaaa${String.fromCharCode(96 + number)}`;
  const line: DecisionLine = {
    objectId,
    candid: String(number),
    jd: 2460000.75,
    policy: "gt1",
    action: "save",
    priority: null,
    reasons: ["β Ori; 1 alert with score >= 0.5"],
    alerts: [],
    key: `${objectId}/gt1`,
  };
  return { kind: "decision", key: line.key, objectId, number, attempts: 0, body: line as unknown as JsonValue };
}

const keysIn = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as DecisionLine).key);

/** Standard output as a file that is appended to. */
function openFile(path: string): { output: ReturnType<typeof guardOutput>; close: () => void } {
  const fd = openSync(path, "a");
  // What a process has for its own stream: the descriptor alone is looked at.
  const stream = Object.assign(new Writable({ write: (_, __, done) => done() }), { fd });
  return { output: guardOutput(stream, () => undefined), close: () => closeSync(fd) };
}

describeSink(
  "of lines, collected",
  () => {
    let text = "";
    const make = () => createLinesSink({ write: (more) => (text += more) });
    return { sink: make(), reopen: make, read: () => keysIn(text) };
  },
  entryOf,
);

describeSink(
  "of lines, in a file",
  () => {
    const path = join(temporaryFolder(), "out.jsonl");
    const make = () => createLinesSink(openFile(path).output);
    return { sink: make(), reopen: make, read: () => keysIn(readFileSync(path, "utf8")) };
  },
  entryOf,
);

describe("lines in a file", () => {
  it("that a run left half are not taken for written, and are written whole by the next", async () => {
    const path = join(temporaryFolder(), "out.jsonl");
    const [whole, half] = [1, 2].map((number) => JSON.stringify(entryOf(number).body));
    writeFileSync(path, `${whole}\n${half.slice(0, 40)}`);
    const { output, close } = openFile(path);
    // The file is an earlier run's of the same state.
    output.goOn!();
    const sink = createLinesSink(output);
    expect(await sink.recall!([entryOf(1), entryOf(2)])).toEqual(new Set([entryOf(1).key]));
    await sink.take([entryOf(2)]);
    close();
    expect(keysIn(readFileSync(path, "utf8"))).toEqual([1, 2].map((number) => entryOf(number).key));
  });

  it("are found behind many others", async () => {
    const path = join(temporaryFolder(), "out.jsonl");
    const line = (number: number): string => `${JSON.stringify(entryOf(number).body)}\n`;
    writeFileSync(path, line(3).repeat(20_000) + line(4) + '{"file":"a.avro","error":{}}\n');
    const { output, close } = openFile(path);
    expect(await createLinesSink(output).recall!([entryOf(4), entryOf(5)])).toEqual(new Set([entryOf(4).key]));
    close();
  });
});

describeSource(
  "of files",
  async () => {
    const folder = temporaryFolder();
    const night = Array.from({ length: 300 }, (_, index) => alertOf({ day: index / 10 }));
    const files = [writePacket(folder, "a.avro", night), join(folder, "b.avro")];
    writeFileSync(files[1], "no packet");
    const inputs = await listInputs(files, {
      stdin: (async function* () {})(),
      skipped: createSkipTally(),
      read: {},
      recursive: false,
    });
    return createFileSource(inputs, { onFile: () => undefined });
  },
  301,
);
