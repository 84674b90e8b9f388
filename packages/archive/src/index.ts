export { ByteReader } from "./ByteReader.js";
export { gunzipStream } from "./gunzipStream.js";
export { isHidden } from "./isHidden.js";
export { mayHoldAlerts } from "./mayHoldAlerts.js";
export { readArchive } from "./readArchive.js";
export { readMembers } from "./readMembers.js";
export type * from "./types.js";
