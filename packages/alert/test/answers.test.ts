import { BROKER_FORMS, readAlerts, readAlertStream } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import type { SafeResult } from "@btsbot/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const FORMS: ReadOptions = { forms: BROKER_FORMS };
const alertText = (candid: number, more = ""): string =>
  `{"objectId":"ZTF20aajcdad","candid":${candid},"candidate":{"jd":2458881.0,"fid":1}${more}}`;
const describeResult = (result: SafeResult<Alert>): string =>
  result.success ? String(result.data.candid) : result.error.code;
const read = (text: string, options: ReadOptions = FORMS): string[] =>
  [...readAlerts(new TextEncoder().encode(text), options)].map(describeResult);

async function readInPieces(text: string, size: number): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const results: string[] = [];
  for await (const result of readAlertStream(pieces(), FORMS)) results.push(describeResult(result));
  return results;
}

describe("the documents of an answer", () => {
  it("are each as long, and hold as much, as any document may", () => {
    const limits = { values: 80, bytes: 1000 };
    const long = alertText(1, `,"note":"${"x".repeat(800)}"`);
    const full = alertText(2, `,"prv_candidates":[${Array(5).fill('{"jd":1,"fid":1}').join()}]`);
    const documents = [long, full, long, full];
    const answer = `{"status": "success", "message": "", "data": [${documents.join()}], "version": "1"}`;
    for (const text of [answer, `${answer}\n${answer}`])
      expect(new Set(read(text, { ...FORMS, limits }))).toEqual(new Set(["1", "2"]));
    const longer = alertText(3, `,"note":"${"x".repeat(1000)}"`);
    expect(read(`{"status":"success","data":[${long},${longer}]}`, { ...FORMS, limits })).toEqual([
      "1",
      "input-too-large",
    ]);
  });

  it("are those of an array of the same, wherever the bytes are cut and whatever surrounds them", async () => {
    const document = fc.oneof(
      fc.integer({ min: 1, max: 99 }).map((candid) => alertText(candid)),
      fc.constantFrom("3", '"]}"', "{}", alertText(5, ',"x":"\\"]}\\\\"'), alertText(6, ',"x":[[{}],[]]')),
    );
    const blank = fc.constantFrom("", " ", "\n", "\r\n\t");
    const member = fc.constantFrom('"message":"a \\"quoted\\" [text]"', '"version":1.5', '"ok":null', '"más":true');
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 5 }),
        fc.array(member, { maxLength: 2 }),
        fc.array(member, { maxLength: 2 }),
        blank,
        fc.integer({ min: 1, max: 60 }),
        async (documents, before, after, space, size) => {
          const data = `"data"${space}:${space}[${space}${documents.join(`${space},${space}`)}${space}]`;
          const members = ['"status":"success"', ...before, data, ...after].join(`${space},${space}`);
          const answer = `${space}{${space}${members}${space}}`;
          const expected = read(`[${documents.join()}]`);
          expect(read(answer)).toEqual(expected);
          expect(await readInPieces(answer, size)).toEqual(expected);
          expect(read(`${answer}\n${alertText(100)}`)).toEqual([...expected, "100"]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("are followed by no more than a document may hold, and the limit is named", async () => {
    const limits = { values: 60, bytes: 300 };
    const rest = (size: number): string => `{"status":"success","data":[${alertText(1)}],"x":"${"a".repeat(size)}"}`;
    expect(read(rest(200), { ...FORMS, limits })).toEqual(["1"]);
    expect(read(rest(400), { ...FORMS, limits })).toEqual(["1", "input-too-large"]);
    expect(read(rest(3_000_000))).toEqual(["1", "input-too-large"]);
    expect(await readInPieces(rest(3_000_000), 65_536)).toEqual(["1", "input-too-large"]);
    const many = `{"status":"success","data":[${alertText(1)}],"x":[${Array(100).fill("1").join()}]}`;
    expect(read(many, { ...FORMS, limits: { values: 60, bytes: 1000 } })).toEqual(["1", "limit-exceeded"]);
  });

  it("before damage are read, and the damage is told", () => {
    const start = `{"status":"success","data":[${alertText(1)},${alertText(2)}`;
    for (const end of ["", "]", '],"version"', '],"x"}', "] x", "x"])
      expect(read(start + end), end).toEqual(["1", "2", "json-invalid"]);
  });

  it("are not there where what stands before them is no JSON, which is a typed error of the one document", () => {
    const heads = ['"a":"\u0001"', '"a":01', '"a":nul', '"\\x":1', '"a":"\\u12"', '"a":1 2', '"a":'];
    for (const head of heads) {
      const [first, ...others] = read(`{${head},"data":[${alertText(1)}]}`);
      expect([first, others], head).toEqual(["json-invalid", []]);
    }
    const head = fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), fc.constantFrom(...heads));
    const text = fc.tuple(head, head).map(([one, two]) => `{${one},"${two}":[],"data":[${alertText(1)}]}`);
    fc.assert(fc.property(text, (each) => void read(each)));
  });

  it("are those of a form of one's own that is asked first", () => {
    const own = { name: "own", open: ({ items }: Record<string, unknown>) => items as unknown[] | undefined };
    const limits = { values: 60, bytes: 200 };
    const text = `{"total":3,"items":[${[1, 2, 3].map((candid) => alertText(candid)).join()}]}`;
    expect(read(text, { forms: [own], limits })).toEqual(["1", "2", "3"]);
  });
});
