/** Julian date of 1970-01-01 0 h UTC, where JavaScript's and Unix's clocks begin. */
export const UNIX_EPOCH_JD = 2440587.5;

/** Milliseconds in a day of 24 hours: UTC as computers keep it, without leap seconds. */
export const MILLISECONDS_A_DAY = 86_400_000;
