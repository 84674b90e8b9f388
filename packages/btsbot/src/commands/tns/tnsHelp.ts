/**
 * What stands below the options of `btsbot tns`.
 *
 * @internal
 */
export const TNS_HELP = `
Examples:
  $ btsbot tns ZTF23abhvlji --store run/ --reporter "A. Person" --group 74
  $ TNS_API_KEY=... btsbot tns ZTF23abhvlji --store run/ --sandbox \\
      --bot 7:btsbot --reporter "A. Person" --group 74

Makes the report of a discovery out of the store's light curve, of what is
public alone, and checks it. Without --sandbox or --url it is printed, and
nothing is sent. With one of them it is sent, and the answer waited for.

A source that was reported before is not reported again: its answer is asked
for. The name is kept in the store; btsbot decide and btsbot stream know it.

What --url names may be the real server, https://www.wis-tns.org: reports there
are public, and cannot be taken back. The key stands in TNS_API_KEY, or in a
file of mode 600.

Exit status: 0 each source has a name, or the report is printed; 1 TNS refused
one, or did not answer; 2 wrong usage, or a report that is not valid.`;
