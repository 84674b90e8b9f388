export { BtsbotError } from "./BtsbotError.js";
export type { Problem, ProblemDetails } from "./BtsbotError.js";
export { CODES } from "./codes.js";
export type { Code, CodeEntry, ErrorCode, FlagCode, ReasonCode } from "./codes.js";
export { toReason } from "./toReason.js";
export type { Reason } from "./toReason.js";
export { toSafe } from "./toSafe.js";
export type { SafeFailure, SafeResult, SafeSuccess } from "./toSafe.js";
