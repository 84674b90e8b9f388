/** Bytes that are asked for at once: a hundred packets of ZTF. A packet has 60 to 80 kB, and clients' own 1 MB is a dozen. */
export const MAX_BYTES = 8 << 20;

/** After how long without a sign of life a member of a group counts as dead, ms. */
export const SESSION_MS = 10_000;

/** Topics that are the broker's own. */
export const OWN_TOPICS = /^__/;
