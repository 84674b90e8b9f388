import { createMemoryStore } from "@btsbot/decide";
import { describeStore } from "../../../test/support/storeConformance.js";

describeStore("in memory", () => Promise.resolve({ store: createMemoryStore() }));
