import type { AvroSchema } from "@btsbot/alert";

const optional = (type: string) => ["null", type];

/**
 * The Avro schema of an enriched alert: which alert, what a filter and a model say of it, and by what that was made.
 * Fields are added with defaults, so that who reads by an earlier one goes on.
 */
export const ENRICHED_SCHEMA: AvroSchema = {
  type: "record",
  name: "EnrichedAlert",
  namespace: "btsbot",
  doc: "An alert with its score; its packet can be found by objectId and candid.",
  fields: [
    { name: "objectId", type: "string", doc: "The source's name." },
    { name: "candid", type: "long", doc: "The alert's id." },
    { name: "jd", type: "double", doc: "Julian date of the alert, days UTC." },
    { name: "fid", type: "int", doc: "Filter: ZTF's 1 g, 2 r, 3 i." },
    { name: "programid", type: optional("int"), default: null, doc: "Whose data they are: ZTF's 1 is public." },
    { name: "ra", type: optional("double"), default: null, doc: "Right ascension J2000, degrees." },
    { name: "dec", type: optional("double"), default: null, doc: "Declination J2000, degrees." },
    { name: "magpsf", type: optional("double"), default: null, doc: "PSF-fit magnitude, mag." },
    { name: "sigmapsf", type: optional("double"), default: null, doc: "Its 1-sigma error, mag." },
    { name: "filter", type: optional("string"), default: null, doc: "Name of the filter that it passed." },
    { name: "model", type: optional("string"), default: null, doc: "Name of the model that was asked." },
    { name: "score", type: optional("double"), default: null, doc: "Its score, 0 to 1; null where it gives none." },
    {
      name: "reasons",
      type: {
        type: "array",
        items: {
          type: "record",
          name: "Reason",
          fields: [
            { name: "code", type: "string" },
            { name: "message", type: "string" },
          ],
        },
      },
      default: [],
      doc: "Why there is no score.",
    },
    {
      name: "flags",
      type: { type: "array", items: "string" },
      default: [],
      doc: "Where an input was not the training's: what stood in its place.",
    },
    { name: "provenance", type: optional("string"), default: null, doc: "What the score was made with, JSON." },
  ],
};
