import { ALERCE_STAMP_23, ALERCE_STAMP_26 } from "@btsbot/features";
import { alerceStampClassifier, fromKerasConfig, inferShapes, toKerasConfig, weightSpecs } from "@btsbot/model";
import { describe, expect, it } from "vitest";

const VARIANTS = [
  { features: 26, kernelSize: 3, profile: ALERCE_STAMP_26 },
  { features: 23, kernelSize: 5, profile: ALERCE_STAMP_23 },
] as const;

describe.each(VARIANTS)(
  "alerceStampClassifier, $features features, kernel $kernelSize",
  ({ features, kernelSize, profile }) => {
    const definition = alerceStampClassifier({ features, kernelSize });

    it("has the shapes of the paper's Table 2", () => {
      const shapes = inferShapes(definition);
      const expected = {
        zero_padding: [27, 27, 3],
        conv_1_1: [24, 24, 32],
        pool_1: [12, 12, 32],
        pool_2: [6, 6, 64],
        flatten: [2304],
        cyclic_pooling: [64],
        concatenate: [64 + features],
        output_logits: [5],
      };
      for (const [layer, shape] of Object.entries(expected)) expect(shapes.get(layer), layer).toEqual(shape);
      const kernels = weightSpecs(definition)
        .filter(({ name }) => /^conv.*kernel$/.test(name))
        .map(({ shape }) => shape[0]);
      expect(kernels).toEqual([4, kernelSize, kernelSize, kernelSize, kernelSize]);
    });

    it("clips the features of its profile as Table A1 says", () => {
      const names = profile.features.map(({ name }) => name);
      expect(definition.inputs[1]).toMatchObject({ profile: profile.name, length: names.length });
      const clip = definition.layers.find((layer) => layer.type === "clip")!;
      const bounds = Object.fromEntries(names.map((name, place) => [name, clip.bounds[place]]));
      const bounded = Object.entries(bounds).filter(([, [least, greatest]]) => least !== null || greatest !== null);
      const lowest = ["sgscore1", "distpsnr1", "sgscore2", "distpsnr2", "sgscore3", "distpsnr3"].map((name) => [
        name,
        [-1, null],
      ]);
      expect(Object.fromEntries(bounded)).toEqual({
        ...Object.fromEntries(lowest),
        fwhm: [null, 10],
        ndethist: [null, 20],
        ncovhist: [null, 3000],
        chinr: [-1, 15],
        sharpnr: [-1, 1.5],
        non_detections: [null, 2000],
      });
    });

    it("survives Keras's JSON", () => {
      const { name, version, inputs, output } = definition;
      const details = {
        name,
        version,
        profile: profile.name,
        ...(inputs[0].kind === "image" && { preprocessing: inputs[0].preprocessing }),
        classes: output.kind === "classes" ? output.classes : [],
      };
      expect(fromKerasConfig(JSON.parse(JSON.stringify(toKerasConfig(definition))), details)).toEqual(definition);
    });
  },
);
