/** Now, as a Julian date, days UTC. */
export type Clock = () => number;
