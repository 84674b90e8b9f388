/** From this score on an alert is taken for the model's class: Rehemtulla et al. 2024, ApJ 972, 7, section 5. */
export const DECISION = 0.5;
