/**
 * What SkyPortal knows of sources, asked at the rate and with the patience that it needs.
 *
 * @packageDocumentation
 */
export { createSkyPortalClient } from "./createSkyPortalClient.js";
export { createSkyPortalKnowledge } from "./createSkyPortalKnowledge.js";
export type { PortalKnowledge, PortalKnowledgeOptions } from "./createSkyPortalKnowledge.js";
export { redactToken } from "./redactToken.js";
export { resolvePortalNames } from "./resolvePortalNames.js";
export type { PortalIds, PortalNames } from "./resolvePortalNames.js";
export type {
  PortalNotice,
  PortalReply,
  PortalRequest,
  PortalTime,
  SkyPortalClient,
  SkyPortalOptions,
} from "./types.js";
