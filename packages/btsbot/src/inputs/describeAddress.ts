/** Where threads find what a line has of an alert. They run what is built, whoever asks: this is imported by its address. */
export const DESCRIBE = new URL("./describeAlert.js", import.meta.url);
