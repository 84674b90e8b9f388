/**
 * What stands below the options of `btsbot send`.
 *
 * @internal
 */
export const SEND_HELP = `
Examples:
  $ btsbot send --store run/ --url https://fritz.science --dry-run
  $ SKYPORTAL_TOKEN=... btsbot send --store run/ --url https://fritz.science
  $ btsbot send --store postgresql://bts@db/bts --portal fritz.yaml
  $ btsbot send --store run/ --format skyportal > calls.jsonl

Carries out in SkyPortal what btsbot decide --rules and btsbot stream have put
into the store's outbox: saves, comments, requests, higher priorities; each
once, the most urgent sources first. A run that was killed is followed by
another: what was under way is looked for in SkyPortal before it is sent again.

The configuration of --portal, JSON or YAML, by names that are looked up first:
  url: https://fritz.science
  tokenFile: /etc/btsbot/token      # or tokenFrom: NAME_OF_A_VARIABLE
  filters: [BTS all]                # the source becomes a candidate of these
  instrument: ZTF                   # its light curve is told
  streams: [ZTF Public]             # whose members see it
  classification: { taxonomy: Sitewide Taxonomy, name: Supernova }
The score becomes an annotation, and the probability of that class.

The token stands in SKYPORTAL_TOKEN, or in a file of mode 600; no option holds
one, as others could read it in the list of processes. Sources with points that
are not public (ZTF's programid 2 and 3) wait, unless --non-public is given.

--dry-run says what would be sent, and asks SkyPortal only for the names.
--format skyportal prints the calls, for whoever sends them. Nothing is sent,
and the outbox stays as it is.

Exit status: 0 all is sent or refused; 1 something waits or is held for a
person; 2 wrong configuration. docs/skyportal.md has the rest.`;
