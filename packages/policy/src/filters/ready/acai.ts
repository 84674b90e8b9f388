import type { Filter, FilterRule } from "../types.js";
import { all, is, POSITIVE } from "./parts.js";

const score = (name: string): { readonly score: string } => ({ score: `acai_${name}` });
const below = (limit: number, names: readonly string[]): FilterRule[] =>
  names.map((name) => is(score(name), "<", limit));

/**
 * The demonstration filter of the ACAI paper.
 *
 * @internal
 */
export const ACAI_PAPER: Filter = {
  name: "acai-paper",
  description:
    "Transients near a galaxy by the ACAI classifiers alone, as published. The paper's number of detections is ndethist " +
    "here, and any match in the packet is a known solar-system object: the paper names neither field. Asks for the " +
    "scores acai_h, acai_b, acai_n, acai_v and acai_o; an alert without one of them fails.",
  source: "Duev and van der Walt 2021, arXiv:2111.12142, section 3.2.1",
  rule: all(is(score("h"), ">", 0.8), ...below(0.1, ["b", "n", "v", "o"]), is("ndethist", "<", 5), POSITIVE, {
    not: { name: "rock", ...is("ssdistnr", ">=", 0) },
  }),
};

/**
 * The ACAI filter of the guide of Fritz.
 *
 * @internal
 */
export const ACAI_FRITZ: Filter = {
  name: "acai-fritz",
  description:
    "Transients near a galaxy by the ACAI classifiers, as the guide of Fritz has it: acai_n and acai_o may reach 0.4, " +
    "acai_h may equal 0.8, and detections are not counted. Asks for the same five scores as acai-paper. Without ssdistnr an " +
    "alert fails, as in a $match.",
  source: "fritz-marshal/fritz, doc/fritz/user_guide.md, ACAI-hosted filter",
  rule: all(is(score("h"), ">=", 0.8), ...below(0.1, ["b", "v"]), ...below(0.4, ["o", "n"]), POSITIVE, {
    name: "norock",
    ...is("ssdistnr", "<", 0),
  }),
};
