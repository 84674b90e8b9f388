import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCandidates, readTeacher, readSourceLabels } from "@btsbot/train";
import { beforeEach, describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { readSn2023tyk } from "../../../test/support/sn2023tyk.js";
import { candidateRows, temporaryFolder } from "./support/writeSet.js";

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function file(name: string, ...lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, lines.join("\n"));
  return path;
}

describe("readSourceLabels", () => {
  it("reads label and class, other columns beside, in any order, quoted, with a byte order mark", async () => {
    const path = await file(
      "truth.csv",
      "\uFEFFpeakmag,class,label,objectId",
      '17.5,"SN Ia",1,ZTF20aaelulu',
      "19,,0.0,ZTF18abdiasx",
      "",
    );
    expect(await readSourceLabels(path)).toEqual(
      new Map([
        ["ZTF20aaelulu", { label: 1, className: "SN Ia" }],
        ["ZTF18abdiasx", { label: 0, className: null }],
      ]),
    );
  });

  it.each(["2", "", "maybe", "0.5", "NaN"])("refuses the label %j, and says where", async (label) => {
    const path = await file("truth.csv", "objectId,label", "ZTF20aaelulu,1", `ZTF18abdiasx,${label}`);
    await expect(readSourceLabels(path)).rejects.toMatchObject({
      code: "label-invalid",
      path: `${path}:3: label`,
      expected: "0 or 1",
    });
  });

  it("refuses two truths about one source, and takes the same one twice", async () => {
    await expect(readSourceLabels(await file("a.csv", "objectId,label", "a,1", "a,0"))).rejects.toMatchObject({
      code: "label-invalid",
    });
    expect((await readSourceLabels(await file("b.csv", "objectId,label", "a,1", "a,1"))).size).toBe(1);
  });

  it("refuses tables without the columns, without rows of the same length, without anything", async () => {
    await expect(readSourceLabels(await file("a.csv", "id,label", "a,1"))).rejects.toMatchObject({
      code: "table-invalid",
      expected: "objectId",
      got: "id, label",
    });
    await expect(readSourceLabels(await file("b.csv", "objectId,label", "a,1,2"))).rejects.toMatchObject({
      code: "table-invalid",
    });
    await expect(readSourceLabels(await file("c.csv", "objectId,peakmag", "a,1"))).rejects.toMatchObject({
      code: "table-invalid",
      expected: "label, class or both",
    });
    await expect(readSourceLabels(await file("d.csv"))).rejects.toMatchObject({ code: "table-invalid" });
    await expect(readSourceLabels(folder)).rejects.toMatchObject({ code: "file-unreadable" });
  });
});

describe("readTeacher", () => {
  const line = (candid: string, scores: object): string => JSON.stringify({ file: "a.avro", candid, scores });

  it("reads what btsbot score writes, without what could not be scored or read", async () => {
    const lines = [
      line("1", { a: { status: "scored", score: 0.25 } }),
      line("2", { a: { status: "unscored", reasons: [] } }),
      '{"file":"b","error":{}}',
      "",
    ];
    expect(await readTeacher(await file("scores.jsonl", ...lines))).toEqual(new Map([["1", 0.25]]));
  });

  it("reads the scores of the model that is named, and asks where there are several", async () => {
    const path = await file("scores.jsonl", line("1", { a: { score: 0.25 }, b: { score: 0.75 } }));
    expect(await readTeacher(path, "b")).toEqual(new Map([["1", 0.75]]));
    await expect(readTeacher(path)).rejects.toMatchObject({ code: "table-invalid", got: "a, b" });
    await expect(readTeacher(path, "c")).rejects.toMatchObject({ code: "table-invalid", expected: "scores of c" });
  });

  it("reads a table", async () => {
    expect(await readTeacher(await file("scores.csv", "candid,score", "12345678901234567,0.5", "2,"))).toEqual(
      new Map([["12345678901234567", 0.5]]),
    );
  });

  it("refuses what is no score", async () => {
    await expect(readTeacher(await file("a.csv", "candid,score", "1,1.5"))).rejects.toMatchObject({
      code: "label-invalid",
      got: "1.5",
    });
    await expect(readTeacher(await file("b.csv", "candid,score", "1,high"))).rejects.toMatchObject({
      code: "table-invalid",
      got: '"high"',
    });
    await expect(readTeacher(await file("c.jsonl", "candid,score"))).rejects.toMatchObject({ code: "table-invalid" });
    await expect(readTeacher(join(folder, "none.jsonl"))).rejects.toMatchObject({
      code: "file-unreadable",
      got: "no such file or folder",
    });
  });
});

describe("readCandidates", () => {
  it("names every column that is missing", async () => {
    const { header, rows } = candidateRows(1);
    const path = await file("a.csv", header.replace("sky", "skies").replace("jd,", "jdx,"), ...rows);
    await expect(readCandidates(path, { profile: "btsbot-v1" })).rejects.toMatchObject({
      code: "table-invalid",
      expected: "jd, sky",
    });
  });

  it("tells alerts that lack a feature, PS1 or an image, and reads all others", async () => {
    const { header, rows } = candidateRows(2);
    const place = header.split(",").indexOf("sgscore2");
    const change = (row: string, value: string): string =>
      row
        .split(",")
        .map((cell, at) => (at === place ? value : cell))
        .join(",");
    const lines = [
      `${rows[0]},`,
      `${change(rows[1], "-999.0")},`,
      `${change(rows[2], "")},`,
      `${rows[3]},stamp-all-nan`,
    ];
    const { alerts, features } = await readCandidates(await file("a.csv", `${header},stamps`, ...lines), {
      profile: "btsbot-v1",
    });
    expect(alerts.map(({ hasPs1, hasFeatures, hasImage }) => [hasPs1, hasFeatures, hasImage])).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
      [true, true, false],
    ]);
    expect(features.length).toBe(100);
    expect([features[27], features[52]]).toEqual([-999, NaN]);
  });

  it.each(["2", "bright"])("refuses the label %j and a number that is none", async (label) => {
    const { header, rows } = candidateRows(1);
    const cells = rows[0].split(",");
    cells[3] = label;
    await expect(readCandidates(await file("a.csv", header, cells.join(",")))).rejects.toMatchObject({
      code: "label-invalid",
      got: JSON.stringify(label),
    });
    cells[3] = "1";
    cells[2] = "today";
    await expect(readCandidates(await file("b.csv", header, cells.join(",")))).rejects.toMatchObject({
      code: "table-invalid",
      got: '"today"',
    });
  });
});

describeWithData("readCandidates, on the authors' sample", (data) => {
  it("reads the 23 alerts of SN 2023tyk, and the published scores as a teacher's", async () => {
    const { alerts, features } = await readCandidates(`${data}/sn2023tyk/candidates.csv`, {
      profile: "btsbot-v1",
      teacherColumn: "expected_scores",
    });
    const sample = readSn2023tyk(data);
    expect(features).toEqual(sample.metadata);
    expect(alerts.map(({ teacher }) => teacher)).toEqual(sample.expected);
    expect(
      new Set(alerts.map(({ label, positive, objectId, fid }) => `${objectId} ${label} ${positive} ${fid! > 0}`)),
    ).toEqual(new Set(["ZTF23abhvlji 1 true true"]));
    expect(alerts.every(({ hasFeatures, hasImage }) => hasFeatures && hasImage)).toBe(true);
    // distpsnr1 and 2 and both scores are there; the first neighbour's g magnitude is -999 and no matter.
    expect(alerts.filter(({ hasPs1 }) => hasPs1).length).toBe(23);
  });
});

describeWithData("readCandidates, on a table of pandas", (data) => {
  it("understands isdiffpos in every spelling, 1.0 among them", async () => {
    const { alerts } = await readCandidates(`${data}/cases/tables/isdiffpos-pandas.csv`);
    const spelt = ["t", "1", "True", "-1", "1.0"];
    expect(alerts.map(({ positive }) => positive)).toEqual(alerts.map((_, row) => spelt[row] !== "-1"));
  });
});
