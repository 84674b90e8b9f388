import type {
  Fields,
  Portal,
  PortalAllocation,
  PortalGroup,
  PortalObj,
  PortalRequest,
  PortalRow,
  PortalUser,
} from "./portal.js";

/** When what is there from the start was made. */
const MADE = "2026-11-30T19:07:11.000000";

/** A group as it is shown. */
export function showGroup({ id, name, single = false, private: isPrivate = false }: PortalGroup): Fields {
  return {
    id,
    name,
    nickname: null,
    description: null,
    private: isPrivate,
    auto_accept_requests: false,
    single_user_group: single,
    modified: MADE,
    created_at: MADE,
  };
}

/** Groups by their ids. */
export function showGroups({ groups }: Portal, ids: readonly number[]): Fields[] {
  return groups.filter(({ id }) => ids.includes(id)).map(showGroup);
}

/** A stream as it is shown. */
export function showStream({ id, name }: Portal["streams"][number]): Fields {
  const altdata = { selector: [id], collection: "ZTF_alerts" };
  return { id, name, altdata, auto_join: false, modified: MADE, created_at: MADE };
}

/** A filter as it is shown. */
export function showFilter({ id, name, groupId, streamId }: Portal["filters"][number]): Fields {
  const rest = { altdata: null, broker_id: null, autosave: false, modified: MADE, created_at: MADE };
  return { id, name, group_id: groupId, stream_id: streamId, ...rest };
}

/** A user as it is shown. */
export function showUser({ id, username }: PortalUser): Fields {
  return {
    id,
    username,
    first_name: null,
    last_name: null,
    bio: null,
    affiliations: [],
    contact_email: null,
    contact_phone: null,
    oauth_uid: null,
    is_bot: false,
    expiration_date: null,
    modified: MADE,
    created_at: MADE,
  };
}

/** An instrument as it is shown within others. */
export function showInstrument(portal: Portal, id: number): Fields {
  const { name, filters, api } = portal.instruments.find((each) => each.id === id)!;
  return {
    id,
    name,
    filters,
    treasuremap_id: null,
    created_at: MADE,
    sensitivity_data: null,
    tns_id: null,
    configuration_data: null,
    across_id: null,
    type: "imaging spectrograph",
    last_status_update: null,
    has_fields: false,
    api_classname: api ? "SEDMAPI" : null,
    has_region: false,
    band: "optical",
    api_classname_obsplan: null,
    telescope_id: 1,
    listener_classname: api ? "SEDMListener" : null,
    modified: MADE,
  };
}

const TELESCOPE: Fields = {
  id: 1,
  name: "Palomar 60",
  nickname: "P60",
  lat: 33.3563,
  lon: -116.865,
  elevation: 1712,
  diameter: 1.52,
  robotic: true,
  fixed_location: true,
  weather_link: null,
  mpc_obscode: null,
  skycam_link: null,
  modified: MADE,
  created_at: MADE,
};

/** An instrument with its telescope. */
export function showInstrumentAndTelescope(portal: Portal, id: number): Fields {
  return { ...showInstrument(portal, id), telescope: TELESCOPE };
}

/** An allocation as it is shown. */
export function showAllocation({ id, groupId, instrumentId }: PortalAllocation): Fields {
  return {
    id,
    group_id: groupId,
    instrument_id: instrumentId,
    created_at: MADE,
    types: ["triggered"],
    proposal_id: null,
    validity_ranges: null,
    pi: "A. Person",
    hours_allocated: 100,
    default_share_group_ids: null,
    modified: MADE,
  };
}

/** An object as it is shown everywhere. */
export function showObj({ id, ra, dec, score, origin, at, tnsName, tnsInfo }: PortalObj): Fields {
  return {
    id,
    ra,
    dec,
    score,
    origin,
    tns_name: tnsName,
    tns_info: tnsInfo,
    ...Object.fromEntries(NULL_FIELDS.map((field) => [field, null])),
    varstar: false,
    is_roid: false,
    transient: false,
    offset: 0,
    healpix: 1918130644976774000,
    created_at: at,
    modified: at,
  };
}

const NULL_FIELDS = [
  "redshift_error",
  "summary",
  "mag_nearest_source",
  "ra_dis",
  "redshift_origin",
  "e_mag_nearest_source",
  "alias",
  "dec_dis",
  "redshift_history",
  "ra_err",
  "host_id",
  "dec_err",
  "mpc_name",
  "summary_history",
  "detect_photometry_count",
  "t0",
  "altdata",
  "redshift",
  "dist_nearest_source",
];

/** What is worked out of an object's position. */
export const PLACE: Fields = {
  gal_lat: 42.1,
  gal_lon: 236.8,
  luminosity_distance: null,
  dm: null,
  angular_diameter_distance: null,
};

/** A row of annotations, comments or classifications. */
export function showRow(row: PortalRow): Fields {
  const { id, objId, userId, at, modified } = row;
  return { id, obj_id: objId, author_id: userId, created_at: at, modified };
}

/** A request as lists show it. */
export function showRequest(portal: Portal, request: PortalRequest): Fields {
  const allocation = portal.allocations.find(({ id }) => id === request.allocationId)!;
  return {
    ...showRequestAlone(portal, request),
    allocation: {
      ...showAllocation(allocation),
      group: showGroups(portal, [allocation.groupId])[0],
      instrument: showInstrument(portal, allocation.instrumentId),
    },
  };
}

/** A request without its allocation. */
export function showRequestAlone(portal: Portal, request: PortalRequest): Fields {
  const bot = [...portal.tokens.values()].map(({ user }) => user).find(({ isAdmin }) => isAdmin !== true)!;
  const { id, objId, allocationId, at, modified, payload, status, targetGroupIds } = request;
  return {
    id,
    obj_id: objId,
    allocation_id: allocationId,
    payload,
    status,
    created_at: at,
    modified,
    comment: null,
    requester_id: bot.id,
    last_modified_by_id: bot.id,
    target_groups: showGroups(portal, targetGroupIds),
    requester: showUser(bot),
    watchers: [],
    obj: showObj(portal.objs.get(objId)!),
  };
}
