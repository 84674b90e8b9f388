/**
 * The part of a program that dies at a point of its choice: `reach(point)`, which kills it there, and `at(name, of)`, a
 * function as `of` that comes to the points `before name` and `after name`.
 *
 * @param point - where it dies, as an expression
 * @param times - the how manieth time that it comes there, as an expression
 * @returns lines of JavaScript
 */
export function crashPoints(point: string, times: string): string {
  return `
    let left = ${times};
    const reach = (point) => {
      if (point !== ${point}) return;
      left -= 1;
      if (left === 0) process.kill(process.pid, "SIGKILL");
    };
    const at = (name, of) => async (...values) => {
      reach("before " + name);
      const result = await of(...values);
      reach("after " + name);
      return result;
    };`;
}
