import {
  type Action,
  isAllowed,
  type Role,
  roleNeeded,
} from "../contracts/policy.ts";

/** What the panel offers to do; the server's policy, the same table, decides again. */
export type PanelAction = AgentAction<Action>;
type AgentAction<Name> = Name extends `agents.${infer Verb}` ? Verb : never;

/** Why a role may not do this, or null where it may. */
export function roleRefusal(role: Role, action: PanelAction): string | null {
  return actionRefusal(role, `agents.${action}`);
}

/** The same for any action of the policy table. */
export function actionRefusal(role: Role, action: Action): string | null {
  return isAllowed(role, action) ? null : `Needs role ${roleNeeded(action)}`;
}
