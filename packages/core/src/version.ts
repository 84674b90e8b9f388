/** Version of this library, as in its package.json; it travels in every score's provenance. */
export const VERSION = "0.1.0";
