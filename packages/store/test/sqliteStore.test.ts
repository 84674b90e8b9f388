import { describeStore } from "../../../test/support/storeConformance.js";
import { openFolder } from "./openFolder.js";

describeStore("in SQLite", openFolder);
