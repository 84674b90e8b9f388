import { fail, ok } from "./portal.js";
import type { Fields, Portal, PortalAnswer, PortalCall, PortalRoute } from "./portal.js";
import {
  showAllocation,
  showFilter,
  showGroup,
  showInstrument,
  showInstrumentAndTelescope,
  showStream,
  showUser,
} from "./portalShapes.js";

/** What is there before the night: groups, filters, streams, taxonomies, instruments, allocations. */
export const PLACE_ROUTES: readonly PortalRoute[] = [
  ["GET", /^\/api\/sysinfo$/, "none", getSystem],
  ["GET", /^\/api\/config$/, undefined, getSystem],
  ["GET", /^\/api\/internal\/profile$/, undefined, getProfile],
  ["GET", /^\/api\/internal\/instrument_forms$/, undefined, getForms],
  ["GET", /^\/api\/groups$/, undefined, getGroups],
  ["GET", /^\/api\/groups\/(\d+)$/, undefined, getGroup],
  ["PATCH", /^\/api\/groups\/(\d+)\/users$/, undefined, patchGroupUser],
  ["GET", /^\/api\/filters$/, undefined, getFilters],
  ["GET", /^\/api\/filters\/(\d+)$/, undefined, getFilter],
  ["GET", /^\/api\/streams$/, undefined, getStreams],
  ["GET", /^\/api\/taxonomy$/, undefined, getTaxonomies],
  ["GET", /^\/api\/taxonomy\/(\d+)$/, undefined, getTaxonomy],
  ["GET", /^\/api\/instrument$/, undefined, getInstruments],
  ["GET", /^\/api\/instrument\/(\d+)$/, undefined, getInstrument],
  ["GET", /^\/api\/allocation$/, undefined, getAllocations],
  ["GET", /^\/api\/allocation\/(\d+)$/, undefined, getAllocation],
];

function getSystem(): PortalAnswer {
  return ok({ gitlog: [] });
}

function getFilters({ filters }: Portal, { user }: PortalCall): PortalAnswer {
  return ok(filters.filter(({ groupId }) => user.groups.includes(groupId)).map(showFilter));
}

function getStreams({ streams }: Portal, { user }: PortalCall): PortalAnswer {
  return ok(streams.filter(({ id }) => user.streams.includes(id)).map(showStream));
}

function getTaxonomies({ taxonomies, groups }: Portal): PortalAnswer {
  return ok(taxonomies.map((each) => ({ ...showTaxonomy(each), groups: groups.slice(4, 6).map(showGroup) })));
}

function getInstruments(portal: Portal): PortalAnswer {
  return ok(portal.instruments.map(({ id }) => showInstrumentAndTelescope(portal, id)));
}

function getProfile({ tokens }: Portal, { user, acls }: PortalCall): PortalAnswer {
  const mine = [...tokens].filter(([, token]) => token.user === user);
  return ok({
    ...showUser(user),
    permissions: acls,
    acls: [],
    tokens: mine.map(([id, token]) => ({ id, acls: token.acls })),
  });
}

function getForms(portal: Portal): PortalAnswer {
  const methodsImplemented = { update: true, delete: true, get: false, submit: true };
  const forms = portal.instruments
    .filter(({ api }) => api)
    .map(({ id }) => [id, { methodsImplemented, formSchema: {} }]);
  return ok(Object.fromEntries(forms));
}

function getGroups({ groups, streams }: Portal, { user }: PortalCall): PortalAnswer {
  const mine = groups.filter(({ id }) => user.groups.includes(id));
  const show = mine.map((each) => ({
    ...showGroup(each),
    ...(each.single !== true && each.id !== 2 && { streams: streams.slice(0, 1).map(showStream) }),
  }));
  const accessible = show.filter((each: Fields) => each.single_user_group === false);
  return ok({ user_groups: show, user_accessible_groups: accessible, all_groups: accessible });
}

function getGroup({ groups, filters, streams }: Portal, { params: [id] }: PortalCall): PortalAnswer {
  const group = groups.find((each) => each.id === Number(id));
  if (group === undefined) return fail(`Group with ID ${id} does not exist.`);
  const its = filters.filter(({ groupId }) => groupId === group.id).map(showFilter);
  return ok({
    ...showGroup(group),
    streams: streams.slice(0, 1).map(showStream),
    filters: its,
    group_users: [],
    users: [],
  });
}

function patchGroupUser({ tokens }: Portal, { params: [group], body }: PortalCall): PortalAnswer {
  const user = [...tokens.values()].map((token) => token.user).find(({ id }) => id === body.userID);
  if (user === undefined) return fail("Could not find user.");
  if (body.canSave === false) user.cannotSave.add(Number(group));
  else user.cannotSave.delete(Number(group));
  return ok();
}

function getFilter({ filters, streams }: Portal, { params: [id] }: PortalCall): PortalAnswer {
  const filter = filters.find((each) => each.id === Number(id));
  if (filter === undefined) return fail(`Cannot find filter with ID ${id}`);
  return ok({ ...showFilter(filter), stream: showStream(streams.find((each) => each.id === filter.streamId)!) });
}

function showTaxonomy({ id, name, hierarchy }: Portal["taxonomies"][number]): Fields {
  const made = "2026-11-30T19:07:11.408518";
  return { id, name, hierarchy, isLatest: true, provenance: "made", version: "1.0", modified: made, created_at: made };
}

function getTaxonomy({ taxonomies }: Portal, { params: [id] }: PortalCall): PortalAnswer {
  const taxonomy = taxonomies.find((each) => each.id === Number(id));
  return taxonomy === undefined ? fail("Taxonomy does not exist.") : ok(showTaxonomy(taxonomy));
}

function getInstrument(portal: Portal, { params: [id] }: PortalCall): PortalAnswer {
  if (!portal.instruments.some((each) => each.id === Number(id)))
    return fail(`Could not load instrument with ID ${id}`);
  return ok({ ...showInstrument(portal, Number(id)), region: null, status: null, log_exists: false });
}

function getAllocations(portal: Portal, { user, query }: PortalCall): PortalAnswer {
  const instrument = query.get("instrument_id");
  const mine = portal.allocations.filter(
    ({ groupId, instrumentId }) =>
      user.groups.includes(groupId) && (instrument === null || Number(instrument) === instrumentId),
  );
  return ok(
    mine.map((each) => ({
      ...showAllocation(each),
      instrument: showInstrumentAndTelescope(portal, each.instrumentId),
      allocation_users: [],
    })),
  );
}

function getAllocation(portal: Portal, { user, params: [id] }: PortalCall): PortalAnswer {
  const allocation = portal.allocations.find((each) => each.id === Number(id) && user.groups.includes(each.groupId));
  if (allocation === undefined) return fail("Could not retrieve allocation.");
  const instrument = showInstrumentAndTelescope(portal, allocation.instrumentId);
  return ok({ allocation: { ...showAllocation(allocation), instrument }, totalMatches: 0 });
}
