import { fail } from "./portal.js";
import type { PortalAnswer } from "./portal.js";

/** Which part of a list is asked for. */
export interface PortalPage {
  readonly pageNumber: number;
  readonly numPerPage: number;
  readonly from: number;
  readonly to: number;
}

/** Reads a page's number and length: over the maximum it is cut. */
export function pageOf(
  query: URLSearchParams,
  usual: number,
  most: number,
): PortalPage | (PortalAnswer & { message: string }) {
  const refuse = (message: string) => ({ ...fail(message), message });
  const asked = Number(query.get("numPerPage") ?? usual);
  const pageNumber = Number(query.get("pageNumber") ?? 1);
  if (!Number.isInteger(asked)) return refuse("Invalid numPerPage value.");
  if (!(pageNumber >= 1)) return refuse("Page number must be greater than 0.");
  const numPerPage = Math.min(asked, most);
  return { pageNumber, numPerPage, from: (pageNumber - 1) * numPerPage, to: pageNumber * numPerPage };
}
