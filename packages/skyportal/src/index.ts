/**
 * What SkyPortal knows of sources, and sending it what was decided, each action once.
 *
 * @packageDocumentation
 */
export { createSkyPortalClient } from "./createSkyPortalClient.js";
export { createSkyPortalKnowledge } from "./createSkyPortalKnowledge.js";
export type { PortalKnowledge, PortalKnowledgeOptions } from "./createSkyPortalKnowledge.js";
export { createSkyPortalSink } from "./createSkyPortalSink.js";
export { introduceFromStore } from "./introduceFromStore.js";
export type { StoreIntroductionOptions } from "./introduceFromStore.js";
export { redactToken } from "./redactToken.js";
export { resolvePortalNames } from "./resolvePortalNames.js";
export type { PortalIds, PortalNames } from "./resolvePortalNames.js";
export { orderByUrgency, sendOutbox } from "./sendOutbox.js";
export type { SendCounts, SendOptions } from "./sendOutbox.js";
export type { PortalIntroduction, PortalSinkOptions } from "./sinkTypes.js";
export type {
  PortalNotice,
  PortalReply,
  PortalRequest,
  PortalTime,
  SkyPortalClient,
  SkyPortalOptions,
} from "./types.js";
export { addTnsNames } from "./tns/addTnsNames.js";
export { createTnsClient } from "./tns/createTnsClient.js";
export type { TnsAnswer, TnsClient, TnsClientOptions } from "./tns/createTnsClient.js";
