/**
 * What stands below the options of `btsbot search`.
 *
 * @internal
 */
export const SEARCH_HELP = `
Examples:
  $ btsbot search search.json --out search/
  $ btsbot train search/best.json --out run/

search.json is a training configuration with one more key:
  "search": {"space": "btsbot", "method": "halving", "trials": 27}

--profile FILE: as for btsbot train. If the profile is a module, give it again
to train with best.json; a JSON profile stands in it.

Writes search.json (every trial), best.json (a configuration to train with) and
a checkpoint of each trial. Run again, it continues where it stopped.`;
