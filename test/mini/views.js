const SIDE = 63;
const LENGTH = SIDE * SIDE * 3;
/** Features that belong together are exchanged together: a neighbour's distance and its score, the three times, and so on. */
const GROUPS = [
  ["sgscore1", "distpsnr1"],
  ["sgscore2", "distpsnr2"],
  ["fwhm"],
  ["magpsf", "sigmapsf", "diffmaglim"],
  ["chipsf", "chinr", "sharpnr", "scorr", "sky"],
  ["ra", "dec"],
  ["age", "days_since_peak", "days_to_peak"],
  ["peakmag_so_far", "maxmag_so_far"],
  ["ndethist", "ncovhist", "nmtchps", "nnotdet"],
  ["drb"],
  ["classtar"],
];

/**
 * One of the eight orientations of a triplet, and for a part of the views something that the simulation does not
 * make: another alert's light in it, noise, a shift, a blank edge. Each plane has norm 1 again. What comes out is
 * no sky that was ever seen; that is meant: the teacher says what it thinks of it.
 */
export function makeView(alerts, place, random, { disturbed }) {
  let view = orient(alerts[place].pixels, Math.floor(random() * 8));
  if (random() >= disturbed) return view;
  const other = alerts[Math.floor(random() * alerts.length)].pixels;
  if (random() < 0.4) view = mix(view, orient(other, Math.floor(random() * 8)), random);
  if (random() < 0.4) view = shift(view, Math.floor(random() * 7) - 3, Math.floor(random() * 7) - 3);
  if (random() < 0.4) addNoise(view, 10 ** (-3.5 + 1.7 * random()), random);
  if (random() < 0.15) blankEdge(view, Math.floor(random() * 25), Math.floor(random() * 4));
  return normalize(view);
}

/** Features as they are, of another alert, or put together from several alerts; and now and then without PS1's neighbours. */
export function makeFeatures(alerts, place, names, random, { own, other, missing }) {
  const draw = random();
  const pick = () => alerts[Math.floor(random() * alerts.length)].features;
  const features = Float32Array.from(draw < own ? alerts[place].features : pick());
  if (draw >= own + other) {
    for (const group of GROUPS) {
      if (random() < 0.6) continue;
      const donor = pick();
      for (const name of group) if (names.includes(name)) features[names.indexOf(name)] = donor[names.indexOf(name)];
    }
    if (random() < missing)
      for (const name of random() < 0.5 ? GROUPS[1] : [...GROUPS[0], ...GROUPS[1]])
        features[names.indexOf(name)] = -999;
  }
  return features;
}

function orient(pixels, turn) {
  const view = new Float32Array(LENGTH);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      let [y, x] = turn & 4 ? [row, SIDE - 1 - column] : [row, column];
      for (let step = 0; step < (turn & 3); step++) [y, x] = [x, SIDE - 1 - y];
      const [from, to] = [(y * SIDE + x) * 3, (row * SIDE + column) * 3];
      for (let plane = 0; plane < 3; plane++) view[to + plane] = pixels[from + plane];
    }
  }
  return view;
}

function mix(view, other, random) {
  const weights = [0, 1, 2].map(() => (random() < 0.4 ? 0 : random()));
  return view.map((value, place) => value * (1 - weights[place % 3]) + other[place] * weights[place % 3]);
}

function shift(view, down, right) {
  const clamp = (value) => Math.min(SIDE - 1, Math.max(0, value));
  return view.map((_, place) => {
    const [plane, column, row] = [place % 3, Math.floor(place / 3) % SIDE, Math.floor(place / 3 / SIDE)];
    return view[(clamp(row - down) * SIDE + clamp(column - right)) * 3 + plane];
  });
}

function addNoise(view, deviation, random) {
  // Twelve uniform numbers would be nearer to a Gaussian; three are near enough here.
  for (let place = 0; place < view.length; place++)
    view[place] += deviation * 2 * (random() + random() + random() - 1.5);
}

function blankEdge(view, width, side) {
  for (let place = 0; place < view.length; place++) {
    const [column, row] = [Math.floor(place / 3) % SIDE, Math.floor(place / 3 / SIDE)];
    const depth = [row, SIDE - 1 - row, column, SIDE - 1 - column][side];
    if (depth < width) view[place] = 0;
  }
}

function normalize(view) {
  const norms = [0, 0, 0];
  for (let place = 0; place < view.length; place++) norms[place % 3] += view[place] ** 2;
  return view.map((value, place) => (norms[place % 3] > 0 ? value / Math.sqrt(norms[place % 3]) : value));
}
