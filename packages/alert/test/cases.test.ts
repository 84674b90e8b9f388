import { parseAlert, parseAlerts, readAlerts, readAlertStream } from "@btsbot/alert";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";

describeWithData("inputs that went wrong", (folder) => {
  const read = (file: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/cases/${file}`));

  it("a container behind a container is read on, in memory and as a stream", async () => {
    const bytes = read("archives/two-containers.avro");
    const alerts = parseAlerts(bytes);
    expect(alerts).toHaveLength(2);
    expect(new Set(alerts.map(({ candid }) => candid)).size).toBe(2);
    const streamed = [];
    for await (const outcome of readAlertStream(new Blob([new Uint8Array(bytes)]))) streamed.push(outcome);
    expect(streamed).toMatchObject(alerts.map(({ candid }) => ({ success: true, data: { candid } })));
  });

  it.each([
    ["archives/html.avro", "an HTML page"],
    ["archives/pointer.avro", "a Git LFS pointer"],
    ["archives/folder/._a.avro", "an AppleDouble file"],
    ["archives/single.avro.gz", "gzip-compressed"],
  ])("%s is called %s", (file, what) => {
    const [outcome] = readAlerts(read(file));
    expect(outcome).toMatchObject({
      success: false,
      error: { code: "input-unrecognized", message: expect.stringContaining(`this is ${what}`) as string },
    });
  });

  it("stamps as lists of rows are read", () => {
    const alert = parseAlert(read("archives/stamps-as-lists.json"));
    for (const cutout of [alert.cutoutScience, alert.cutoutTemplate, alert.cutoutDifference]) {
      // A FITS image of 63 x 63 pixels: a block of header, and six of pixels.
      expect(cutout?.stampData).toHaveLength(2880 * 7);
      expect(new TextDecoder().decode(cutout?.stampData.subarray(0, 6))).toBe("SIMPLE");
    }
  });

  it("one alert with its id exact and rounded: each id is kept as it came", () => {
    const exact = parseAlert(read("same-exposure/a-exact.avro"));
    const rounded = parseAlert(read("same-exposure/b-rounded.json"));
    expect(rounded.candid).not.toBe(exact.candid);
    expect(Number(rounded.candid)).toBe(Number(exact.candid));
    expect(rounded.candidate.jd).toBe(exact.candidate.jd);
    expect(rounded.objectId).toBe(exact.objectId);
  });
});
