/**
 * Writes the Fourier transforms of 20 values as straight-line code in AssemblyScript: an address that stands
 * in an instruction costs nothing, and AssemblyScript puts none there that came as an argument.
 *
 * 20 is 4 x 5 without a common factor, so that a transform is five of 4 values and then four of 5, with nothing
 * between them (Good 1958, Thomas 1963): value a of the four numbered b is value 5a + 4b (modulo 20), and
 * frequency k is number k mod 4 of the fours and k mod 5 of the fives. Of real values half of the frequencies
 * say all: 0 and 10, which are real, then 1 to 9.
 */
const POINTS = 20;
/** Outputs of a tile at most, in a row or column: what a window of 5 leaves. */
const OUTPUTS = 16;
/** Bytes of four channels, of a line of them for four tiles, and of a column of 20. */
const VECTOR = 16;
const LINE = 64;
const COLUMN = POINTS * VECTOR;

/** Factors, as they lie in memory, then their opposites. The cosines of a fifth and two fifths of a turn are -1/4 +- ROOT. */
const [QUARTER, ROOT, SINE1, SINE2] = [0, 1, 2, 3];
const FACTORS = [0.25, Math.sqrt(5) / 4, Math.sin((2 * Math.PI) / 5), Math.sin((4 * Math.PI) / 5)];

/** Values that lie between fours and fives at once, at most. */
const LAID = 2 * POINTS;

/**
 * Each transform is a function of `count` times the same, `step` bytes apart there and `toStep` here: a call for each
 * takes as long as a tenth of it.
 *
 * @returns {string} the source of a module in AssemblyScript
 */
export function writeCodelets() {
  const factors = [...FACTORS, ...FACTORS.map((factor) => -factor)].map(
    (factor, i) => `  v128.store(f, f32x4.splat(<f32>${factor}), ${i * VECTOR});\n`,
  );
  // Where the parts of the frequencies of real values lie: 0, 10, then those of 1 to 9.
  const place = (k, parts) => (k === 0 ? 0 : k === 10 ? 1 : 2 + parts * (k - 1));
  const columns = { re: (k) => place(k, 2) * COLUMN, im: (k) => (place(k, 2) + 1) * COLUMN };
  const lines = { re: (k) => place(k, 2) * LINE, im: (k) => (place(k, 2) + 1) * LINE };
  const linesOfThree = {
    re: (k) => place(k, 3) * LINE,
    im: (k) => (place(k, 3) + 1) * LINE,
    sum: (k) => (place(k, 3) + 2) * LINE,
  };
  const inColumn = (n) => n * VECTOR;
  return `import { madd } from "./gemm";
/** Bytes of the factors, and of what lies between fours and fives. */
export const FACTORS: usize = ${(factors.length + LAID) * VECTOR};
/** Writes the factors, four times each: loaded they cost one instruction, in the code several. */
export function writeFactors(f: usize): void {
${factors.join("")}}
/** Rows of 20 pixels to 20 parts of frequencies, a column apart. */
${writeForward("forwardRows", columns)}
/** Columns of 20 values to lines of frequencies: 0, 10, then (real, imaginary, sum) of 1 to 9. */
${writeForward("forwardRealColumns", linesOfThree)}
/** Pairs of columns, of real and imaginary parts, to lines of frequencies: (real, imaginary, sum) of 0 to 19. */
${writeComplex("forwardColumns", { re: inColumn, im: (n) => COLUMN + inColumn(n) }, { re: (k) => 3 * k * LINE, im: (k) => (3 * k + 1) * LINE, sum: (k) => (3 * k + 2) * LINE })}
/** Lines of frequencies, (real, imaginary) of 0 to 19, to two columns of 16: with the parts exchanged on both sides a transform is its inverse. */
${writeComplex("inverseColumns", { re: (k) => (2 * k + 1) * LINE, im: (k) => 2 * k * LINE }, { re: (n) => COLUMN + inColumn(n), im: inColumn, count: OUTPUTS })}
/** Lines of frequencies, 0, 10, then twice (real, imaginary) of 1 to 9, to columns of 16 values. */
${writeInverse("inverseRealColumns", lines)}
/** A value of each of 20 columns, as of those lines, to rows of 16 pixels. */
${writeInverse("inverseRows", columns)}
/** The same, to pixels that are not less than \`least\`. */
${writeInverse("inverseBoundedRows", columns, true)}
`;
}

function writeForward(name, to) {
  const code = new Code();
  const fours = [0, 1, 2, 3, 4].map((b) => {
    const [p, q, r, s] = fourOf(b).map((n) => code.load(`source, ${n * VECTOR}`));
    const [even, odd] = [code.add(p, r), code.add(q, s)];
    const first = { re: code.lay(code.subtract(p, r)), im: code.lay(code.subtract(s, q)) };
    return [code.lay(code.add(even, odd)), first, code.lay(code.subtract(even, odd))];
  });
  for (const [four, frequencies] of [
    [0, [0, 16, 12]],
    [2, [10, 6, 2]],
  ]) {
    const results = fiveReal(
      code,
      fours.map((values) => code.take(values[four])),
    );
    code.store(results[0], to.re(frequencies[0]));
    for (const i of [1, 2]) code.put(results[i], frequencies[i], to);
  }
  fiveComplex(
    code,
    fours.map((values) => values[1]),
  ).forEach((value, i) => code.put(value, [5, 1, 17, 13, 9][i], to));
  return code.text(name);
}

function writeComplex(name, from, to) {
  const code = new Code();
  const fours = [0, 1, 2, 3, 4].map((b) => {
    const [p, q, r, s] = fourOf(b).map((n) => ({
      re: code.load(`source, ${from.re(n)}`),
      im: code.load(`source, ${from.im(n)}`),
    }));
    const [even, odd] = [code.addComplex(p, r), code.addComplex(q, s)];
    const [over, turned] = [code.addComplex(p, minus(r)), quarterTurn(code.addComplex(q, minus(s)))];
    const results = [
      code.addComplex(even, odd),
      code.addComplex(over, turned),
      code.addComplex(even, minus(odd)),
      code.addComplex(over, minus(turned)),
    ];
    return results.map(({ re, im }) => ({ re: code.lay(re), im: code.lay(im) }));
  });
  for (const four of [0, 1, 2, 3]) {
    const results = fiveComplex(
      code,
      fours.map((values) => values[four]),
    );
    results.forEach((value, five) => {
      const k = frequencyOf(four, five);
      if (k >= (to.count ?? POINTS)) return;
      code.store(value.re, to.re(k));
      code.store(value.im, to.im(k));
      if (to.sum !== undefined) code.store(code.add(value.re, value.im), to.sum(k));
    });
  }
  return code.text(name);
}

function writeInverse(name, from, bounded = false) {
  const code = new Code(bounded);
  const part = (k) => ({ re: code.load(`source, ${from.re(k)}`), im: code.load(`source, ${from.im(k)}`) });
  const real = (k) => code.load(`source, ${from.re(k)}`);
  const evens = inverseFiveReal(code, real(0), part(4), part(8));
  const twos = inverseFiveReal(code, real(10), conjugate(part(6)), conjugate(part(2)));
  const waiting = evens.map((even, five) =>
    [code.add(even, twos[five]), code.subtract(even, twos[five])].map((value) => code.lay(value)),
  );
  const [z0, z4, z3, z2, z1] = fiveComplex(code, [part(5), part(9), conjugate(part(7)), conjugate(part(3)), part(1)]);
  [z0, z1, z2, z3, z4].forEach(({ re, im }, five) => {
    const [even, odd] = waiting[five].map((value) => code.take(value));
    const values = [code.add(even, re), code.subtract(odd, im), code.subtract(even, re), code.add(odd, im)];
    values.forEach((value, four) => {
      const n = frequencyOf(four, five);
      if (n < OUTPUTS) code.store(value, n * VECTOR);
    });
  });
  return code.text(name);
}

/** The values of a four. */
const fourOf = (b) => [0, 1, 2, 3].map((a) => (5 * a + 4 * b) % POINTS);
/** The number that is `four` modulo 4 and `five` modulo 5. */
const frequencyOf = (four, five) => (5 * four + 16 * five) % POINTS;

/** Frequencies 0 to 2 of five real values. */
function fiveReal(code, [x0, x1, x2, x3, x4]) {
  code.forget();
  const [sums, differences] = [
    [code.add(x1, x4), code.add(x2, x3)],
    [code.subtract(x4, x1), code.subtract(x3, x2)],
  ];
  const [all, re1, re2] = cosines(code, x0, sums);
  const [im1, im2] = sines(code, differences);
  return [all, { re: re1, im: im1 }, { re: re2, im: im2 }];
}

/** The values whose frequencies are 0, one, two and their conjugates: the parts of the latter are given twice. */
function inverseFiveReal(code, zero, one, two) {
  code.forget();
  const [all, re1, re2] = cosines(code, zero, [one.re, two.re]);
  const [im1, im2] = sines(code, [one.im, two.im]);
  return [all, code.subtract(re1, im1), code.subtract(re2, im2), code.add(re2, im2), code.add(re1, im1)];
}

/** Frequencies 0 to 4 of five complex values. */
function fiveComplex(code, values) {
  code.forget();
  const [p0, p1, p2, p3, p4] = values.map(({ re }) => code.take(re));
  const [all, re1, re2] = cosines(code, p0, [code.add(p1, p4), code.add(p2, p3)]);
  const waiting = [re1, re2, ...sines(code, [code.subtract(p1, p4), code.subtract(p2, p3)])].map((value) =>
    code.lay(value),
  );
  const [q0, q1, q2, q3, q4] = values.map(({ im }) => code.take(im));
  const [rest, im1, im2] = cosines(code, q0, [code.add(q1, q4), code.add(q2, q3)]);
  const [over1, over2] = sines(code, [code.subtract(q1, q4), code.subtract(q2, q3)]);
  const [x1, x2, turn1, turn2] = waiting.map((value) => code.take(value));
  return [
    { re: all, im: rest },
    { re: code.add(x1, over1), im: code.subtract(im1, turn1) },
    { re: code.add(x2, over2), im: code.subtract(im2, turn2) },
    { re: code.subtract(x2, over2), im: code.add(im2, turn2) },
    { re: code.subtract(x1, over1), im: code.add(im1, turn1) },
  ];
}

/** x + s1 + s2, then x and both times their cosines for one fifth and for two. */
function cosines(code, x, [s1, s2]) {
  const sum = code.add(s1, s2);
  const mean = code.subtract(x, code.multiply(QUARTER, sum));
  // Made once: two multiply-adds would be two products where there is no fused one.
  const half = code.made(code.multiply(ROOT, code.subtract(s1, s2)));
  return [code.add(x, sum), code.add(mean, half), code.subtract(mean, half)];
}

/** Both times their sines, for one fifth and for two. */
function sines(code, [d1, d2]) {
  return [
    code.add(code.multiply(SINE1, d1), code.multiply(SINE2, d2)),
    code.subtract(code.multiply(SINE2, d1), code.multiply(SINE1, d2)),
  ];
}

const negate = (value) => ({ ...value, negative: !value.negative });
const minus = ({ re, im }) => ({ re: negate(re), im: negate(im) });
const conjugate = ({ re, im }) => ({ re, im: negate(im) });
/** Times -i. */
const quarterTurn = ({ re, im }) => ({ re: im, im: negate(re) });

/** Statements, each of one operation. A value is a name with a sign, and a product not yet made. */
class Code {
  #bounded;
  #lines = [];
  #count = 0;
  #factors = new Map();
  #places = Array.from({ length: LAID }, (_, i) => (2 * FACTORS.length + i) * VECTOR);

  /** @param {boolean} bounded - whether what is stored is not to be less than an argument `least` */
  constructor(bounded = false) {
    this.#bounded = bounded;
  }

  #keep(expression) {
    const name = `x${this.#count++}`;
    this.#lines.push(`  const ${name} = ${expression};`);
    return { name, negative: false };
  }

  load(where) {
    return this.#keep(`v128.load(${where})`);
  }

  /**
   * Lays a value down between fours and fives, to be taken up again: more values than there are registers wait
   * there, and a compiler left to itself moves each of them several times.
   */
  lay({ name, negative }) {
    const place = this.#places.shift();
    this.#lines.push(`  v128.store(f, ${name}, ${place});`);
    return { place, negative };
  }

  /** A value that was laid down, once, and any other as it is. */
  take(value) {
    if (value.place === undefined) return value;
    this.#places.push(value.place);
    return { ...this.load(`f, ${value.place}`), negative: value.negative };
  }

  /** A factor, loaded once until `forget`. */
  #factor(index) {
    let name = this.#factors.get(index);
    if (name === undefined) {
      ({ name } = this.load(`f, ${index * VECTOR}`));
      this.#factors.set(index, name);
    }
    return name;
  }

  /** Has factors loaded anew. */
  forget() {
    this.#factors.clear();
  }

  /** A product waits for the sum that it goes into. */
  multiply(factor, { name, negative }) {
    return { factor, name, negative };
  }

  add(a, b) {
    // Into one instruction, where there is one: product + value.
    if (a.factor !== undefined && b.factor !== undefined) return this.add(this.made(a), b);
    if (a.factor !== undefined) return this.add(b, a);
    if (b.factor !== undefined) {
      if (a.negative) return negate(this.add(negate(a), negate(b)));
      return this.#keep(
        `madd(${this.#factor(b.negative ? FACTORS.length + b.factor : b.factor)}, ${b.name}, ${a.name})`,
      );
    }
    if (a.negative && b.negative) return negate(this.add(negate(a), negate(b)));
    if (a.negative) return this.#keep(`f32x4.sub(${b.name}, ${a.name})`);
    return this.#keep(`f32x4.${b.negative ? "sub" : "add"}(${a.name}, ${b.name})`);
  }

  subtract(a, b) {
    return this.add(a, negate(b));
  }

  addComplex(a, b) {
    return { re: this.add(a.re, b.re), im: this.add(a.im, b.im) };
  }

  /** The product itself. */
  made({ factor, name, negative }) {
    return { ...this.#keep(`f32x4.mul(${this.#factor(factor)}, ${name})`), negative };
  }

  store(value, place) {
    const { name, negative } = value.factor === undefined ? value : this.made(value);
    const signed = negative ? `f32x4.neg(${name})` : name;
    this.#lines.push(`  v128.store(target, ${this.#bounded ? `f32x4.pmax(${signed}, least)` : signed}, ${place});`);
  }

  /** A frequency over 10 as the conjugate of its opposite. */
  put(value, k, to) {
    const { re, im } = k > 10 ? conjugate(value) : value;
    const at = k > 10 ? POINTS - k : k;
    this.store(re, to.re(at));
    this.store(im, to.im(at));
    if (to.sum !== undefined) this.store(this.add(re, im), to.sum(at));
  }

  text(name) {
    const parameters = `source: usize, step: usize, target: usize, toStep: usize, count: i32, f: usize${this.#bounded ? ", least: v128" : ""}`;
    return `export function ${name}(${parameters}): void {\nfor (; count > 0; count--) {\n${this.#lines.join("\n")}\n  source += step;\n  target += toStep;\n}\n}`;
  }
}
