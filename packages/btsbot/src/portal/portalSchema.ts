import * as z from "zod";

const names = z.array(z.string().min(1)).min(1);

/**
 * A SkyPortal as a configuration has it: by names, which are found there once.
 *
 * @internal
 */
export const portalSchema = z.strictObject({
  url: z.url(),
  /** The variable of the environment that holds the token. */
  tokenFrom: z
    .string()
    .regex(/^[A-Za-z_]\w*$/)
    .default("SKYPORTAL_TOKEN"),
  /** A file of mode 600 that holds it, in place of the variable. */
  tokenFile: z.string().min(1).optional(),
  rate: z.number().positive().optional(),
  filters: names.optional(),
  instrument: z.string().min(1).optional(),
  streams: names.optional(),
  classification: z.strictObject({ taxonomy: z.string().min(1), name: z.string().min(1) }).optional(),
});

/**
 * A SkyPortal, and what it is told.
 *
 * @internal
 */
export type PortalConfig = z.infer<typeof portalSchema>;
