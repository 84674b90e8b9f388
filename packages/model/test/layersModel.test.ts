import { createModel, initializeWeights, mmCnn, readLayersModel, readUrl, writeLayersModel } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import type { ImagePreprocessing } from "@btsbot/cutout";
import type { BtsbotError } from "@btsbot/errors";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { noisyWeights, SMALL_NETWORKS } from "../../../test/support/networks.js";

let files: Map<string, Uint8Array>;
const read = async (file: string) => files.get(file)!;

/** Rewrites model.json. */
function edit(change: (json: Record<string, never>) => void): void {
  const json = JSON.parse(new TextDecoder().decode(files.get("model.json"))) as Record<string, never>;
  change(json);
  files.set("model.json", new TextEncoder().encode(JSON.stringify(json)));
}

const definition = mmCnn("mine", "1.2");

// Each test damages its own copy.
beforeEach(async () => {
  files = writeLayersModel(await createModel(definition, initializeWeights(definition, 3), { license: "MIT" }));
});

async function rejection(promise: Promise<unknown>): Promise<BtsbotError> {
  return promise.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: unknown) => error as BtsbotError,
  );
}

describe("the tfjs layers format", () => {
  it("holds all of a model", async () => {
    const model = await readLayersModel(read);
    expect(model.weights).toEqual(initializeWeights(definition, 3));
    expect(model.definition).toMatchObject({
      name: "mine",
      version: "1.2",
      inputs: definition.inputs,
      output: definition.output,
    });
    expect(model.source).toEqual({ license: "MIT" });
  });

  it("keeps the names of classes, and layers that Keras does not have", async () => {
    for (const network of Object.values(SMALL_NETWORKS)) {
      files = writeLayersModel(await createModel(network, noisyWeights(network, 4)));
      const model = await readLayersModel(read);
      expect(model.definition).toEqual(network);
      expect(model.weights).toEqual(noisyWeights(network, 4));
    }
  });

  it("keeps what each of several inputs is given", async () => {
    const image = (name: string, planes: ImagePreprocessing["planes"], normalization: "l2" | "minmax" = "l2") =>
      ({ kind: "image", name, preprocessing: { normalization, size: 9, ...(planes && { planes }) } }) as const;
    const vector = (name: string, profile: string, length: number) =>
      ({ kind: "features", name, profile, length }) as const;
    const inputs = [
      image("now", ["science"]),
      image("change", ["difference"], "minmax"),
      image("both", ["difference", "template"]),
      vector("paper", "btsbot-v1", 25),
      vector("first", "btsbot-v0.3", 14),
    ];
    const flat = inputs
      .filter(({ kind }) => kind === "image")
      .map(({ name }) => ({ type: "flatten", name: `flat_${name}`, inputs: [name] }) as const);
    const network: ModelDefinition = {
      name: "several",
      version: "1",
      inputs,
      layers: [
        ...flat,
        { type: "concatenate", name: "all", inputs: [...flat.map(({ name }) => name), "paper", "first"] },
        { type: "dense", name: "out", inputs: ["all"], units: 1, activation: "sigmoid", useBias: true },
      ],
      output: { kind: "score", layer: "out" },
    };
    files = writeLayersModel(await createModel(network, initializeWeights(network, 1)));
    expect((await readLayersModel(read)).definition).toEqual(network);
    edit((json) => {
      const { btsbot } = json.userDefinedMetadata as { btsbot: { inputs: { name: string }[] } };
      btsbot.inputs[1].name = "chance";
    });
    const error = await rejection(readLayersModel(read));
    expect(error.problems).toMatchObject([
      { code: "model-invalid", path: "inputs.chance", expected: "one of now, change, both, paper, first" },
    ]);
  });

  it("is split over several files if it must be", async () => {
    const bytes = files.get("weights.bin")!;
    files.set("a.bin", bytes.subarray(0, 1001)).set("b.bin", bytes.subarray(1001));
    edit((json) => {
      (json.weightsManifest as { paths: string[] }[])[0].paths = ["a.bin", "b.bin"];
    });
    expect((await readLayersModel(read)).weights).toEqual(initializeWeights(definition, 3));
  });

  it.each([
    [
      "one bit of the weights changed",
      () => {
        files.get("weights.bin")![5] ^= 1;
      },
      "weights-checksum",
      "weights.bin",
    ],
    [
      "weights that end early",
      () => {
        files.set("weights.bin", files.get("weights.bin")!.subarray(0, 100));
      },
      "weights-missing",
      "weights.bin: conv1/kernel",
    ],
    [
      "a weight in half precision",
      () => {
        edit((json) => {
          (json.weightsManifest as { weights: { dtype: string }[] }[])[0].weights[1].dtype = "float16";
        });
      },
      "weights-missing",
      "weights.bin: conv1/bias",
    ],
    [
      "a weight not listed",
      () => {
        edit((json) => {
          (json.weightsManifest as { weights: object[] }[])[0].weights.pop();
        });
      },
      "weights-missing",
      "fc_out/bias",
    ],
    [
      "text that is not JSON",
      () => {
        files.set("model.json", new TextEncoder().encode("{"));
      },
      "model-invalid",
      "model.json",
    ],
    [
      "no topology",
      () => {
        edit((json) => {
          delete json.modelTopology;
        });
      },
      "model-invalid",
      "model.json",
    ],
    [
      "nothing that states the profile",
      () => {
        edit((json) => {
          delete json.userDefinedMetadata;
        });
      },
      "model-undescribed",
      "model.json: userDefinedMetadata.btsbot",
    ],
    [
      "a list of one where a word is meant",
      () => {
        edit((json) => {
          const { inputs } = (json.userDefinedMetadata as { btsbot: { inputs: { preprocessing?: object }[] } }).btsbot;
          const image = inputs.find(({ preprocessing }) => preprocessing !== undefined)!;
          image.preprocessing = { ...image.preprocessing, padding: ["corner"] };
        });
      },
      "model-invalid",
      "model.json: userDefinedMetadata.btsbot.inputs",
    ],
  ])("refuses %s", async (_, damage, code, path) => {
    damage();
    const error = await rejection(readLayersModel(read));
    expect(error).toMatchObject({ code, path });
  });

  it("takes the caller's word for a model that was written elsewhere", async () => {
    edit((json) => {
      delete json.userDefinedMetadata;
    });
    const model = await readLayersModel(read, { name: "theirs", version: "2", profile: "btsbot-v1" });
    expect(model.definition.name).toBe("theirs");
  });
});

describe("readUrl", () => {
  it("takes an address relative to the page, and only there", async () => {
    expect(() => readUrl("/models/m")).toThrow(
      expect.objectContaining({ code: "download-failed", path: "/models/m/" }),
    );
    vi.stubGlobal("location", { href: "https://example.org/page/index.html" });
    const asked: string[] = [];
    const read = readUrl("models/m", async (url) => (asked.push(String(url)), new Response("{}")));
    await read("model.json");
    vi.unstubAllGlobals();
    expect(asked).toEqual(["https://example.org/page/models/m/model.json"]);
  });

  it("names the address that cannot be read", async () => {
    const missing = readUrl("https://example.org/m", async () => new Response("", { status: 404 }));
    expect(await rejection(missing("model.json"))).toMatchObject({
      code: "download-failed",
      path: "https://example.org/m/model.json",
      got: "status 404",
    });
    const offline = readUrl("https://example.org/m/", () => Promise.reject(new TypeError("fetch failed")));
    expect(await rejection(offline("weights.bin"))).toMatchObject({
      code: "download-failed",
      path: "https://example.org/m/weights.bin",
    });
  });
});
