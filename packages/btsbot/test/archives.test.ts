import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { encodeAlerts, toJson, ZTF_SCHEMA } from "@btsbot/alert";
import { beforeEach, describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { fillCache, makeAlert, makeTar, writePacket } from "./support/packets.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";

let folder: string;
let cache: string;

beforeEach(async () => {
  folder = temporaryFolder();
  cache = await fillCache(temporaryFolder());
});

const packet = (place: number): Uint8Array => encodeAlerts([makeAlert(place)]);

/** A tarball of two packets, one of them packed, a damaged one, a Mac's file and a table. */
function makeNight(): Uint8Array {
  return gzipSync(
    makeTar({
      "a.avro": packet(0),
      "._a.avro": new Uint8Array([0, 5, 22, 7]),
      "b.avro": packet(1).subarray(0, 500),
      "truth.csv": new Uint8Array([65]),
      "2020/c.AVRO.gz": gzipSync(packet(2)),
    }),
  );
}

const SKIPPED =
  "btsbot: skipped 1 hidden file: NIGHT/._a.avro\nbtsbot: skipped 1 file that is not alerts: NIGHT/truth.csv\n";

async function score(...args: readonly string[]) {
  const { status, lines, stderr } = await run(["score", "--model", "small", ...args], { cache });
  const places = lines().map(({ file, index, error }) => [file, index ?? (error as { code: string }).code]);
  return { status, places, stderr };
}

describe("a tarball", () => {
  it("is scored member by member, and what is skipped is named", async () => {
    const night = join(folder, "night.tar.gz");
    writeFileSync(night, makeNight());
    const { status, places, stderr } = await score(night);
    expect(places).toEqual([
      [`${night}/a.avro`, 0],
      [`${night}/b.avro`, "avro-truncated"],
      [`${night}/2020/c.AVRO.gz`, 0],
    ]);
    expect(status).toBe(1);
    expect(stderr).toBe(
      `${SKIPPED.replaceAll("NIGHT", night)}btsbot: 1 input could not be read; the others are scored\n`,
    );
  });

  it("comes from standard input alike", async () => {
    const { lines } = await run(["score", "--model", "small", "-"], { cache, stdin: [makeNight()] });
    expect(lines().map(({ file }) => file)).toEqual(["-/a.avro", "-/b.avro", "-/2020/c.AVRO.gz"]);
  });

  it.each([
    ["decide", ["--filter", "none", "--model", "small"]],
    ["parity", ["--model", "small", "--format", "jsonl"]],
    ["golden", ["--model", "small"]],
  ])("is read by %s", async (command, options) => {
    const night = join(folder, "night.tar.gz");
    writeFileSync(night, makeNight());
    const { stderr, stdout } = await run([command, night, ...options], { cache });
    expect(stderr).toContain(SKIPPED.replaceAll("NIGHT", night));
    expect(stderr + stdout).toContain(`${night}/b.avro`);
    if (command === "decide") expect(stderr).toContain("2 alerts read");
  });

  it("is inspected as a whole, or one member of it", async () => {
    const night = join(folder, "night.tgz");
    writeFileSync(night, makeNight());
    const whole = await run(["inspect", night, "--index", "2"]);
    expect(whole.status).toBe(0);
    expect(plain(whole.stdout)).toContain(`${night}/2020/c.AVRO.gz: Avro, not compressed`);
    expect(plain(whole.stdout)).toContain("3 alerts; --index chooses one, here 2");
    const one = await run(["inspect", join(night, "2020/c.AVRO.gz"), "--format", "json"]);
    expect(JSON.parse(one.stdout)).toMatchObject({ file: join(night, "2020/c.AVRO.gz"), alerts: 1 });
    const none = await run(["inspect", join(night, "2021/c.avro")]);
    expect([none.status, none.stderr]).toEqual([
      1,
      `btsbot: ${join(night, "2021/c.avro")}: the archive has no such member\n`,
    ]);
  });

  it("gives one member to score by the name that score gives it", async () => {
    const night = join(folder, "night.tar.gz");
    writeFileSync(night, makeNight());
    expect(await score(join(night, "a.avro"))).toEqual({ status: 0, places: [[join(night, "a.avro"), 0]], stderr: "" });
    expect((await score(join(night, "2020"))).places).toEqual([[join(night, "2020/c.AVRO.gz"), 0]]);
    expect((await score(join(night, "x"))).places).toEqual([[join(night, "x"), "file-unreadable"]]);
  });

  it("that is cut short says so after what it holds", async () => {
    const night = join(folder, "night.tar.gz");
    writeFileSync(night, makeNight().subarray(0, -100));
    const { status, places } = await score(night);
    expect(places.at(0)).toEqual([`${night}/a.avro`, 0]);
    expect(places.slice(1)).toEqual([
      [`${night}/b.avro`, "avro-truncated"],
      [`${night}/2020/c.AVRO.gz`, "archive-invalid"],
    ]);
    expect(status).toBe(1);
  });

  it("or a packet behind which something else follows is read, and that is told", async () => {
    const path = join(folder, "a.avro.gz");
    writeFileSync(path, Buffer.concat([gzipSync(packet(1)), Buffer.from("<html>502 Bad Gateway</html>")]));
    const { status, places, stderr } = await score(path);
    expect([status, places]).toEqual([0, [[path, 0]]]);
    expect(stderr).toBe(`btsbot: skipped what follows 1 gzip stream, and is not part of it: ${path}\n`);
  });
});

describe("a folder", () => {
  beforeEach(() => {
    mkdirSync(join(folder, "2020", "02"), { recursive: true });
    mkdirSync(join(folder, ".cache"));
    writeFileSync(join(folder, "._a.avro"), "x");
    writeFileSync(join(folder, ".cache", "d.avro"), packet(3));
    writeFileSync(join(folder, "B.AVRO"), packet(1));
    writeFileSync(join(folder, "2020", "02", "c.avro.gz"), gzipSync(packet(2)));
    writeFileSync(join(folder, "noending"), packet(4));
    writeFileSync(join(folder, "notes.txt"), "x");
    writeFileSync(join(folder, "e.avro"), gzipSync(packet(5)));
  });

  it("gives its files by content where the ending says nothing, and names what is skipped", async () => {
    const { status, places, stderr } = await score(folder);
    expect(places).toEqual(["B.AVRO", "e.avro", "noending"].map((name) => [join(folder, name), 0]));
    expect(status).toBe(0);
    expect(stderr).toBe(
      [
        `skipped 2 hidden files: ${join(folder, "._a.avro")}, ${join(folder, ".cache")}`,
        `skipped 1 folder: ${join(folder, "2020")}; --recursive searches folders too`,
        `skipped 1 file that is not alerts: ${join(folder, "notes.txt")}`,
        "",
      ]
        .map((line) => line && `btsbot: ${line}`)
        .join("\n"),
    );
  });

  it.runIf(process.platform === "linux")(
    "gives files whose names are not UTF-8, and so do their own paths",
    async () => {
      const odd = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from(".avro")]);
      writeFileSync(odd, packet(6));
      const shown = join(folder, "caf\\xe9.avro");
      expect((await score(folder)).places).toContainEqual([shown, 0]);
      expect((await score(odd.toString())).places).toEqual([[shown, 0]]);
      expect((await run(["inspect", odd.toString()])).status).toBe(0);
    },
  );

  it("gives those of its folders with --recursive, each once where links go round", async () => {
    if (process.platform !== "win32") symlinkSync(folder, join(folder, "2020", "again"));
    const { places } = await score("--recursive", folder);
    expect(places).toEqual(
      ["2020/02/c.avro.gz", "B.AVRO", "e.avro", "noending"].map((name) => [join(folder, name), 0]),
    );
  });

  it("says that it holds folders where that is all", async () => {
    const { places, status } = await score(join(folder, "2020"));
    expect([places, status]).toEqual([[[join(folder, "2020"), "file-unreadable"]], 1]);
    const { lines } = await run(["score", join(folder, "2020")], { cache });
    expect((lines()[0].error as { message: string }).message).toContain(
      "With --recursive, folders within it are searched",
    );
  });
});

describe("how alerts are read", () => {
  const frame = (id: number): Uint8Array => {
    const container = encodeAlerts([makeAlert(0)], { codec: "null" });
    const sync = container.subarray(-16);
    const head = Buffer.from(container).indexOf(Buffer.from(sync)) + 16;
    // A block: its count in one byte, its length in bytes of which all but the last have the high bit, the datum, the marker.
    const datum = container.findIndex((byte, at) => at > head && byte < 128) + 1;
    return new Uint8Array(Buffer.concat([Buffer.from([0, 0, 0, 0, id]), container.subarray(datum, -16)]));
  };

  it("takes the schema of framed messages, for all ids or for one", async () => {
    const file = join(folder, "message.avro");
    writeFileSync(file, frame(7));
    const schema = join(folder, "alert.avsc");
    writeFileSync(schema, JSON.stringify(ZTF_SCHEMA));
    const { lines } = await run(["score", "--model", "small", file], { cache });
    expect((lines()[0].error as { message: string }).message).toContain("--schema FILE, or --schema ID=FILE");
    expect((await score("--schema", schema, file)).places).toEqual([[file, 0]]);
    expect((await score("--schema", `7=${schema}`, file)).places).toEqual([[file, 0]]);
    expect((await score("--schema", `8=${schema}`, file)).places).toEqual([[file, "confluent-schema-unknown"]]);
    const absent = await score("--schema", join(folder, "no.avsc"), file);
    expect([absent.status, absent.stderr]).toEqual([
      2,
      `btsbot: ${join(folder, "no.avsc")}: cannot be read (got no such file or folder)\n`,
    ]);
  });

  it("takes limits in the command's words", async () => {
    const file = writePacket(folder, "a.avro", [makeAlert(0)]);
    expect((await score("--max-bytes", "1K", file)).places).toEqual([[file, "avro-length-invalid"]]);
    expect((await score("--max-bytes", "1M", file)).places).toEqual([[file, 0]]);
    // More bytes than a record may have, and more values: the advice is the same, and helps.
    const text = JSON.stringify(toJson(makeAlert(0)));
    const odd = (name: string, more: unknown): string => {
      const path = join(folder, name);
      writeFileSync(path, text.replace("{", `{"more":${JSON.stringify(more)},`));
      return path;
    };
    for (const path of [odd("long.json", "x".repeat(3_000_000)), odd("many.json", new Array(150_000).fill(0))]) {
      const { lines } = await run(["score", "--model", "small", path], { cache });
      expect((lines()[0].error as { message: string }).message).toMatch(/\. Raise --max-bytes if the input is trusted/);
      expect((await score("--max-bytes", "16M", path)).places).toEqual([[path, 0]]);
    }
    const { status, stderr } = await score("--max-bytes", "much", file);
    expect([status, stderr]).toEqual([2, expect.stringContaining("A number of bytes up to 2G is needed")]);
  });
});

describeWithData("archives that people have", (data) => {
  const archives = `${data}/cases/archives`;

  it("are scored", async () => {
    const { places, status } = await score(`${archives}/single.avro.gz`, `${archives}/ztf_public_20200203.tar.gz`);
    expect(status).toBe(0);
    expect(places).toHaveLength(6);
    expect(places[0]).toEqual([`${archives}/single.avro.gz`, 0]);
    expect(places[1]).toEqual([`${archives}/ztf_public_20200203.tar.gz/1127561442515015001.avro`, 0]);
  });

  it("are found in folders", async () => {
    // A copy: what unpacks the data elsewhere may leave out hidden files.
    mkdirSync(join(folder, "2020"));
    copyFileSync(`${archives}/folder/B.AVRO`, join(folder, "B.AVRO"));
    copyFileSync(`${archives}/folder/2020/02/c.avro.gz`, join(folder, "2020", "c.avro.gz"));
    writeFileSync(join(folder, "._a.avro"), readFileSync(`${archives}/folder/._a.avro`));
    const { places, stderr } = await score("--recursive", folder);
    expect(places.map(([file]) => file)).toEqual([join(folder, "2020/c.avro.gz"), join(folder, "B.AVRO")]);
    expect(stderr).toBe(`btsbot: skipped 1 hidden file: ${join(folder, "._a.avro")}\n`);
  });
});

describe("a list of paths", () => {
  it("is taken from a file or from standard input, by lines or by NULs, beside other paths", async () => {
    const [a, b] = [0, 1].map((place) => {
      const file = join(folder, `${place}.avro`);
      writeFileSync(file, packet(place));
      return file;
    });
    const list = join(folder, "list.txt");
    writeFileSync(list, `${a}\r\n\n${b}\n`);
    expect((await score("--files-from", list)).places).toEqual([
      [a, 0],
      [b, 0],
    ]);
    expect((await score(b, "--files-from", list)).places.map(([file]) => file)).toEqual([b, a, b]);
    const piped = await run(["score", "--model", "small", "--files-from", "-"], {
      cache,
      stdin: [new TextEncoder().encode(`${a}\0${b}\0`)],
    });
    expect(piped.lines().map(({ file }) => file)).toEqual([a, b]);
  });

  it("that is not there, or empty, or takes the place of alerts, is refused", async () => {
    expect(await score("--files-from", join(folder, "none"))).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/none: cannot be read/) as string,
    });
    const list = join(folder, "list.txt");
    writeFileSync(list, "\n");
    expect(await score("--files-from", list)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("no alerts") as string,
    });
    expect(await score("-", "--files-from", "-")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("cannot be both") as string,
    });
  });
});
