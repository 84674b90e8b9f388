import { createRandom } from "@btsbot/chance";
import { getProfile } from "@btsbot/features";
import { makeFeatures } from "./views.js";

const LENGTH = 63 * 63 * 3;
const NAMES = getProfile("btsbot-v1").features.map(({ name }) => name);

/**
 * What the trainer of @btsbot/train reads: views with features and the teacher's logit of both.
 *
 * @param shards - of `makeAlerts`
 * @param teacher - of `splitTeacher`
 * @param options - `blends`: rows of each view, with features of chance, or 0 for one row with the alert's own;
 * `temperature`: both networks' logits are divided by it (Hinton et al. 2015, arXiv:1503.02531, section 2)
 */
export function makeDataset(shards, teacher, { seed, blends, features: mixing, temperature }) {
  const random = createRandom(seed, 2);
  const alerts = shards.flatMap((shard) => shard.alerts);
  const rows = [];
  let first = 0;
  for (const shard of shards) {
    shard.alerts.forEach((alert, index) => {
      for (let view = 0; view < shard.views; view++) {
        const at = index * shard.views + view;
        for (let blend = 0; blend < Math.max(1, blends); blend++) {
          const features =
            blends === 0
              ? Float32Array.from(alert.features)
              : makeFeatures(alerts, first + index, NAMES, random, mixing);
          const logit = teacher.combine(shard.opinions.subarray(at * 8, at * 8 + 8), features)[0];
          rows.push({ shard, at, features, logit, alert });
        }
      }
    });
    first += shard.alerts.length;
  }
  return { length: rows.length, rows, read: async (indices) => readRows(rows, indices, temperature) };
}

function readRows(rows, indices, temperature) {
  const count = indices.length;
  const inputs = { triplet: new Float32Array(count * LENGTH), metadata: new Float32Array(count * NAMES.length) };
  const logits = new Float64Array(count);
  for (let place = 0; place < count; place++) {
    const { shard, at, features, logit } = rows[indices[place]];
    inputs.triplet.set(shard.pixels.subarray(at * LENGTH, (at + 1) * LENGTH), place * LENGTH);
    inputs.metadata.set(features, place * NAMES.length);
    logits[place] = logit;
  }
  return {
    inputs,
    targets: Float32Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit / temperature))),
    labels: Int32Array.from(logits, (logit) => Number(logit > 0)),
    weights: new Float32Array(count).fill(1),
  };
}
