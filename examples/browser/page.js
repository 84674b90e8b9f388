/* global atob -- the page's own */
// The page: takes files, scores them with the models that were built in, and shows each alert as it is scored.
import { readArchive } from "@btsbot/archive";
import { createScorer } from "@btsbot/core";
import { DEFAULT_MODEL, readLayersModel } from "@btsbot/model";
import { element, showAlert, showError } from "./show.js";

const [status, drop, files, list] = ["status", "drop", "files", "alerts"].map((id) => document.getElementById(id));
const scorer = prepare().catch((error) => {
  list.before(showError("The models cannot be used", error));
  return undefined;
});
let turn = Promise.resolve();

files.addEventListener("change", () => {
  enqueueFiles(files.files);
  // The same file can be chosen again.
  files.value = "";
});
for (const type of ["dragenter", "dragover"]) document.addEventListener(type, (event) => over(event, true));
for (const type of ["dragleave", "drop"]) document.addEventListener(type, (event) => over(event, false));
document.addEventListener("drop", ({ dataTransfer }) => enqueueFiles(dataTransfer.files));
offerSamples(globalThis.btsbotSamples ?? []);

/** Reads the models that the build put beside the page; one that is damaged is named, and the others are used. */
async function prepare() {
  const models = [];
  for (const { name, files } of globalThis.btsbotModels ?? []) {
    try {
      models.push(await readLayersModel(async (file) => decode(files[file] ?? "")));
    } catch (error) {
      list.before(showError(`The model ${name} cannot be used`, error));
    }
  }
  const names = models.map(({ definition }) => definition.name).join(", ");
  document.getElementById("models").textContent = names
    ? `Models in this page: ${names}.`
    : `The model is ${DEFAULT_MODEL}, a small stand-in. For the published ones, run npx btsbot models pull and build the page again.`;
  // A small batch, so that the first alerts are seen early.
  return createScorer({ ...(models.length > 0 && { models }), batchSize: 8 });
}

function enqueueFiles(chosen) {
  enqueue([...chosen].map((file) => ({ name: file.name, source: file })));
}

/** One drop after the other, the latest on top. */
function enqueue(inputs) {
  if (inputs.length === 0) return;
  const place = list.insertBefore(element("div"), list.firstChild);
  turn = turn
    .then(() => showAll(inputs, place))
    .catch((error) => place.append(showError("This page has a fault", error)));
}

async function showAll(inputs, place) {
  const start = performance.now();
  let [alerts, bad, backend] = [0, 0, ""];
  for (const { name, source } of inputs) {
    status.textContent = `Reading ${name} …`;
    try {
      for await (const outcome of outcomes(name, source)) {
        place.append(
          outcome.success
            ? showAlert(outcome.alert, outcome.data)
            : showError(`${outcome.file} cannot be read`, outcome.error),
        );
        backend = Object.values(outcome.data?.scores ?? {})[0]?.provenance.backend ?? backend;
        if (outcome.success) alerts += 1;
        else bad += 1;
        // Lets the browser paint.
        await new Promise((resolve) => setTimeout(resolve));
      }
    } catch (error) {
      place.append(showError(`${name} cannot be read`, error));
      bad += 1;
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  status.textContent = `${alerts} alert${alerts === 1 ? "" : "s"} shown in ${seconds} s${backend && `, scored on ${backend}`}.${bad > 0 ? ` ${bad} could not be read: see below.` : ""}`;
}

/** What the models say of the alerts in a file, or the alerts alone. Archives are unpacked as they are read. */
async function* outcomes(name, source) {
  const ready = await scorer;
  const reading = [];
  async function* alerts() {
    for await (const each of readArchive(source, { name })) {
      reading.push(each);
      // What cannot be read keeps its place.
      yield each.result.success ? each.result.data : new Uint8Array(0);
    }
  }
  for await (const outcome of ready ? ready.scoreAlerts(alerts()) : alerts()) {
    const { file, result } = reading.shift();
    if (!result.success) yield { success: false, file, error: result.error };
    else if (!ready) yield { success: true, alert: result.data };
    else yield { file, ...outcome };
  }
}

function offerSamples(samples) {
  const line = document.getElementById("samples");
  line.hidden = samples.length === 0;
  for (const { name, story, bytes } of samples) {
    const button = element("button", { type: "button", title: name }, story.replace(/[:,].*/, ""));
    button.addEventListener("click", () => enqueue([{ name, source: decode(bytes) }]));
    line.append(" ", button);
  }
}

function over(event, is) {
  event.preventDefault();
  drop.classList.toggle("over", is);
}

function decode(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
