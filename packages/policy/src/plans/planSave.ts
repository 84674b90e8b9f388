import type { Decision } from "../types.js";
import { objectionsToSave } from "./objections.js";
import type { FollowUpAction, FollowUpRule, NoAction, SaveAction, SourceKnowledge } from "./types.js";

/**
 * Plans the saves of one decision, and a comment with each.
 *
 * @param decision - the decision
 * @param rule - the rule that answers it
 * @param knowledge - what is known of the source
 * @param planned - the actions so far
 * @returns a save for each group that lacks the source, or why not
 */
export function planSave(
  decision: Decision,
  rule: FollowUpRule,
  knowledge: SourceKnowledge,
  planned: readonly FollowUpAction[],
): FollowUpAction[] {
  const { objectId, policy, reasons } = decision;
  const { groupIds, comment, ignoreGroupIds = [] } = rule.save;
  const none = (code: NoAction["code"], lines: readonly string[]): NoAction[] => [
    { kind: "none", instead: "save", objectId, policy, code, reasons: lines },
  ];
  const [objection] = objectionsToSave(rule, knowledge);
  if (objection !== undefined) return none(objection.code, [objection.line]);
  return [...new Set(groupIds)].flatMap((groupId): FollowUpAction[] => {
    if (knowledge.savedTo.includes(groupId)) return none("already-saved", [`saved to group ${groupId}`]);
    const key = `${objectId}/save/${groupId}`;
    if (planned.some((action) => action.kind === "save" && action.key === key)) {
      return none("already-planned", [`this plan saves it to group ${groupId}`]);
    }
    const { position } = knowledge;
    const save: SaveAction = {
      kind: "save",
      objectId,
      policy,
      key,
      reasons,
      groupId,
      ...(position && { position }),
      ignoreGroupIds,
      ...(ignoreGroupIds.length > 0 && isKnown(knowledge) && { exists: true }),
    };
    if (comment === undefined) return [save];
    return [
      save,
      {
        kind: "comment",
        objectId,
        policy,
        key: `${key}/comment`,
        reasons,
        text: comment,
        groupIds: [groupId],
        after: key,
      },
    ];
  });
}

/** Whether SkyPortal has the source: what is saved to a group is there. */
function isKnown({ exists, savedTo }: SourceKnowledge): boolean {
  return exists === true || savedTo.length > 0;
}
