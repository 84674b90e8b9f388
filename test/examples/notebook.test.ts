import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { scoreAlerts } from "@btsbot/core";
import type { ModelResult } from "@btsbot/core";
import { openCache } from "@btsbot/weights";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePackets } from "../../examples/makePackets.js";
import { setup } from "../setup.js";
import { root } from "../support/packages.js";
import { makeCache } from "./makeCache.js";

const NOTEBOOK = `${root}examples/notebook/score.ipynb`;
const TSLAB = `${root}examples/notebook/node_modules/tslab/bin/tslab`;

const onPath = (program: string): boolean =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));

/** Whether there is what runs a notebook; CI must have it, so that there the tests run and fail. */
const hasJupyter = (existsSync(TSLAB) && onPath("jupyter-nbconvert")) || process.env.CI !== undefined;

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: readonly string[];
  readonly data?: Readonly<Record<string, readonly string[]>>;
}

interface Notebook {
  readonly cells: readonly { readonly outputs?: readonly Output[] }[];
}

const packets = makePackets();

describe.skipIf(!hasJupyter)(
  "examples/notebook/score.ipynb (needs jupyter-nbconvert, and tslab in examples/notebook)",
  () => {
    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "btsbot-notebook-"));
      setup(() => undefined);
      const kernel = join(folder, "jupyter", "kernels", "tslab");
      mkdirSync(kernel, { recursive: true });
      // What `tslab install` writes, for this run alone.
      const argv = [process.execPath, TSLAB, "kernel", "--config-path={connection_file}"];
      writeFileSync(
        join(kernel, "kernel.json"),
        JSON.stringify({ argv, display_name: "TypeScript", language: "typescript" }),
      );
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("scores as a program does, and plots each light curve with its scores", async () => {
      const cache = join(folder, "cache");
      const models = await makeCache(cache);
      const { printed, pictures } = await run(cache);
      expect(printed).toContain(`Scoring with ${models.join(", ")}.`);
      expect(pictures.length).toBe(packets.length);
      for await (const outcome of scoreAlerts(
        packets.map(({ bytes }) => bytes),
        { models, store: openCache({ cache }) },
      )) {
        if (!outcome.success) throw outcome.error;
        const { objectId, candid, scores } = outcome.data;
        const lines = Object.entries(scores).map(([model, result]) => `${model}: ${describeResult(result)}`);
        expect(printed).toContain([`${objectId} ${candid}`, ...lines].join("\n  "));
        expect(printed).toContain([objectId, ...lines].join("\n  "));
        const picture = pictures[outcome.input];
        expect(picture).toContain(`aria-label="Light curve of ${objectId}"`);
        expect(picture).toMatch(/days from \d{4}-\d\d-\d\d \d\d:\d\d UT<\/text>/);
      }
    });

    it("scores with the model that ships where none was pulled", async () => {
      const { printed, pictures } = await run(join(folder, "nothing"));
      expect(printed).toContain("Scoring with btsbot-mini.");
      expect(printed).toMatch(/btsbot-mini: 0\.\d{4}/);
      expect(pictures.length).toBe(packets.length);
    });

    /** Executes the notebook as it stands; gives what it prints, and its pictures. */
    async function run(cache: string): Promise<{ printed: string; pictures: string[] }> {
      const { XDG_CACHE_HOME: _, ...env } = process.env;
      const of = (name: string): string => join(folder, name);
      await promisify(execFile)(
        "jupyter-nbconvert",
        ["--to", "notebook", "--execute", "--output-dir", of("out"), NOTEBOOK],
        {
          // Jupyter leaves nothing in anybody's home.
          env: {
            ...env,
            BTSBOT_CACHE: cache,
            NODE_OPTIONS: "",
            JUPYTER_PATH: of("jupyter"),
            JUPYTER_RUNTIME_DIR: of("runtime"),
            JUPYTER_DATA_DIR: of("data"),
            JUPYTER_CONFIG_DIR: of("config"),
            IPYTHONDIR: of("ipython"),
          },
        },
      );
      const { cells } = JSON.parse(readFileSync(join(of("out"), "score.ipynb"), "utf8")) as Notebook;
      const outputs = cells.flatMap((cell) => cell.outputs ?? []);
      // The kernel prints what its compiler refuses to standard error, and goes on.
      expect(outputs.filter(({ output_type, name }) => output_type === "error" || name === "stderr")).toEqual([]);
      const printed = outputs.flatMap(({ text, data }) => text ?? data?.["text/plain"] ?? []).join("");
      return {
        printed,
        pictures: outputs.flatMap(({ data }) => (data?.["text/html"] ? [data["text/html"].join("")] : [])),
      };
    }
  },
);

function describeResult(result: ModelResult): string {
  if (result.status === "unscored") return `not scored, ${result.reasons.map(({ code }) => code).join(", ")}`;
  return result.score!.toFixed(4);
}
