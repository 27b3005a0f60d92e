/**
 * Teams: agents that were spawned together and are commanded as one. A team has
 * no record of its own: each of its agents says which team it belongs to.
 *
 * @module
 */
import * as z from "zod";
import type {
  AgentView,
  ConfigWarning,
  ResourceEstimate,
  ValidationResponse,
} from "./agent.ts";
import { type AgentConfig, type AgentType } from "./agent_config.ts";
import { hasAccount } from "./agent_types.ts";
import type { DesiredState, ObservedState } from "./lifecycle.ts";
import type { Owner } from "./owner.ts";
import { templateNameSchema } from "./template.ts";
import type { TeamState } from "./team_state.ts";

/** Most agents of a team: so many records fit into one commit of the store with their audit entry. */
export const TEAM_MEMBERS_MAX = 8;

/** Fewest agents of a team. */
export const TEAM_MEMBERS_MIN = 2;

/** What stands before a role where a member's configuration names a team-mate. */
export const ROLE_MARK = "@";

/** Roles within a team: the second half of the agent's name. */
export const teamRoleSchema = z.string().regex(
  /^[a-z][a-z0-9-]{1,15}$/,
  "Name the role with 2 to 16 lower-case letters, digits or dashes, starting with a letter",
);

/** Names of teams: the first half of the names of its agents. */
export const teamNameSchema = z.string().trim().regex(
  /^[A-Za-z0-9][A-Za-z0-9 ._-]{1,36}$/,
  "Enter 2 to 37 letters, digits, spaces, dots, dashes or underscores, starting with a letter or digit",
);

/** Where an agent belongs. */
export interface TeamPlace {
  /** `team_` and a ULID. */
  id: string;
  name: string;
  role: string;
  /** How many agents the team was spawned with. */
  size: number;
}

/** A member before its team has a name: its configuration may name team-mates as `@role`. */
export const teamMemberSchema = z.strictObject({
  role: teamRoleSchema,
  title: z.string().trim().min(1, "Write at least a word").max(60),
  /** An agent's configuration without its name; checked when the team-mates are known. */
  config: z.record(z.string(), z.unknown()),
});
export type TeamMember = z.infer<typeof teamMemberSchema>;

/** A ready-made team with what there is to know of it before it is used. */
export interface TeamTemplate {
  /** Short name for scripts, unique among team templates. */
  name: string;
  title: string;
  /** What it does. */
  purpose: string;
  /** In which market it may work. */
  whenItWorks: string;
  /** What can go wrong with it. */
  risk: string;
  members: readonly TeamMember[];
}

/** Market of the whole team; mode and key are those of the one member that places orders. */
const marketOverridesSchema = z.strictObject({
  symbol: z.unknown(),
  timeframe: z.unknown(),
  feed: z.unknown(),
  mode: z.unknown(),
  exchangeKeyId: z.unknown(),
  seed: z.unknown(),
}).partial();
export type MarketOverrides = z.infer<typeof marketOverridesSchema>;

const settingsSchema = z.record(z.string(), z.unknown());

/**
 * What is asked for, before the team has names: a template or members of one's
 * own, with what differs from it. Values of settings are checked within the
 * members they end up in, so that each error names its member.
 */
const teamRequestFields = {
  name: teamNameSchema,
  template: templateNameSchema.optional(),
  members: z.array(teamMemberSchema)
    .min(TEAM_MEMBERS_MIN, `A team has at least ${TEAM_MEMBERS_MIN} agents`)
    .max(TEAM_MEMBERS_MAX, `A team has at most ${TEAM_MEMBERS_MAX} agents`)
    .optional(),
  market: marketOverridesSchema.default({}),
  /** Of every member. */
  risk: settingsSchema.default({}),
  /** Settings by role; they go before all others. */
  roles: z.record(teamRoleSchema, settingsSchema).default({}),
};

/** `POST /api/teams/validate`. */
export const teamValidateSchema = z.strictObject(teamRequestFields);
export type TeamRequest = z.infer<typeof teamValidateSchema>;

/** `POST /api/teams/spawn`. */
export const teamSpawnSchema = z.strictObject({
  ...teamRequestFields,
  /** The warnings were read. */
  acknowledgeWarnings: z.boolean().default(false),
  /** For live trading: the team's name, typed once more. */
  confirmName: z.string().trim().max(60).optional(),
});
export type TeamSpawnRequest = z.infer<typeof teamSpawnSchema>;

/** What is done to a team as one. */
export const TEAM_ACTIONS = ["start", "pause", "resume", "stop"] as const;
export type TeamAction = (typeof TEAM_ACTIONS)[number];

/** `POST /api/teams/{id}/control`. */
export const teamControlSchema = z.strictObject({
  action: z.enum(TEAM_ACTIONS, {
    error: `Choose an action: ${TEAM_ACTIONS.join(", ")}`,
  }),
  reason: z.string().trim().max(200).default(""),
  /** For stop: what happens to open positions. */
  positions: z.enum(["close", "keep"]).default("close"),
});
export type TeamControlRequest = z.infer<typeof teamControlSchema>;

/** One agent as its team shows it. */
export interface TeamMemberView {
  id: string;
  name: string;
  role: string;
  type: AgentType;
  mode: AgentView["mode"];
  desired: DesiredState;
  observed: ObservedState;
}

/** `GET /api/teams/{id}`: the agents that say they belong together. */
export interface TeamView {
  id: string;
  /** Whose its agents are. */
  owner?: Owner;
  name: string;
  state: TeamState;
  /** How many agents it was spawned with; some may have been deleted since. */
  size: number;
  /** Live as soon as one of them is. */
  mode: AgentView["mode"];
  templateName: string | null;
  createdAt: number;
  members: readonly TeamMemberView[];
}

/** Answer to a control request: what became of it, agent by agent. */
export interface TeamControlResponse {
  team: TeamView;
  results: readonly {
    id: string;
    name: string;
    role: string;
    /** Left as it is where the command makes no sense for it. */
    outcome: "accepted" | "left";
    /** Why it was left; null where it was not. */
    detail: string | null;
  }[];
}

/** A member as the whole team was checked. */
export interface CheckedMember {
  role: string;
  title: string;
  name: string;
  config: AgentConfig | null;
  estimate: ResourceEstimate | null;
}

/** `POST /api/teams/validate`: like that of one agent, with sums over all of them. */
export interface TeamValidationResponse extends
  Pick<
    ValidationResponse,
    "valid" | "estimate" | "worstDayLoss" | "worstTotalLoss"
  > {
  /** Pointers begin with `/members/<n>` where a member is meant. */
  errors: readonly ConfigWarning[];
  warnings: readonly ConfigWarning[];
  members: readonly CheckedMember[];
}

/** Whether an agent of this configuration places orders. */
export function placesOrders(
  { type, signalsOnly }: Pick<AgentConfig, "type" | "signalsOnly">,
): boolean {
  return hasAccount(type) && !signalsOnly;
}

/** Name of a member. */
export function memberName(team: string, role: string): string {
  return `${team} ${role}`;
}
