/** The program of a web worker as text: one file, written by build.js beside what is compiled. */
export const webWorkerText: string;
