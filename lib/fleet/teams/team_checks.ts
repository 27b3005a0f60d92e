/**
 * Checks of a team that is to be: every member as if the others existed
 * already, and what holds for the team as a whole.
 *
 * @module
 */
import type {
  ConfigWarning,
  ResourceEstimate,
  ValidationResponse,
} from "../../contracts/agent.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../contracts/agent_config.ts";
import {
  type CheckedMember,
  placesOrders,
  type TeamPlace,
  type TeamValidationResponse,
} from "../../contracts/team.ts";
import {
  decimal,
  type DecimalText,
  toDecimalText,
} from "../../core/decimal.ts";
import { checksOf, type CommandOptions } from "../commands/checks.ts";
import { draftEntry } from "../commands/under_way.ts";
import type { FleetContext } from "../context.ts";
import type { AgentEntry } from "../registry.ts";
import { validateConfig } from "../validation.ts";
import type { PlannedMember, TeamPlan } from "./team_plan.ts";
import { findTeamErrors, type SoundMember } from "./team_rules.ts";

/** Said once for the whole team instead of by each member. */
const TEAM_CODES = ["QUOTA_EXCEEDED"];

/** Checks all members of a planned team together. Never throws; lists everything that is wrong at once. */
export function checkTeam(
  context: FleetContext,
  plan: TeamPlan,
  options: CommandOptions & { team: TeamPlace },
): TeamValidationResponse {
  const drafts = plan.members.map((member) =>
    draftOf(context, member, options)
  );
  const checks = plan.members.map((member, place) =>
    validateConfig(
      member.input,
      checksOf(context, {
        ...options,
        selfId: member.id,
        mates: drafts.filter((draft, other): draft is AgentEntry =>
          draft !== null && other !== place
        ),
      }),
    )
  );
  const sound = checks.flatMap(({ config }, place): SoundMember[] =>
    config === null ? [] : [{ place, config }]
  );
  const { siblings, agentsAllowed } = checksOf(context, options);
  const errors = [
    ...findTeamErrors(plan, { sound, siblings, agentsAllowed }),
    ...fromMembers(checks.map((check) => check.errors)).filter(isOfMember),
  ];
  const trading = checks.filter(({ config }) =>
    config !== null && placesOrders(config)
  );
  return {
    valid: errors.length === 0,
    errors,
    warnings: fromMembers(checks.map((check) => check.warnings)),
    members: checks.map((check, place) =>
      checkedMember(plan.members[place]!, check)
    ),
    estimate: sumOf(checks.map(({ estimate }) => estimate), siblings.length),
    worstDayLoss: totalOf(trading.map((check) => check.worstDayLoss)),
    worstTotalLoss: totalOf(trading.map((check) => check.worstTotalLoss)),
  };
}

/** The member as it would be in the fleet; null where its settings are not sound. */
function draftOf(
  context: FleetContext,
  { id, role, input }: PlannedMember,
  { caller, team }: CommandOptions & { team: TeamPlace },
): AgentEntry | null {
  const parsed = agentConfigSchema.safeParse(input);
  if (!parsed.success) return null;
  const agent = {
    id,
    config: parsed.data,
    templateName: null,
    estimate: null,
    team: { ...team, role },
  };
  return draftEntry(context, agent, caller);
}

function checkedMember(
  { role, title, name }: PlannedMember,
  { config, estimate }:
    & { config: AgentConfig | null }
    & Pick<
      ValidationResponse,
      "estimate"
    >,
): CheckedMember {
  return { role, title, name, config, estimate };
}

function fromMembers(
  lists: readonly (readonly ConfigWarning[])[],
): ConfigWarning[] {
  return lists.flatMap((remarks, place) =>
    remarks.map((remark) => ({
      ...remark,
      pointer: `/members/${place}${remark.pointer}`,
    }))
  );
}

/** The names of members follow from the team's, which is checked by itself. */
function isOfMember({ code, pointer }: ConfigWarning): boolean {
  const isName = code === "FIELD_INVALID" && pointer.endsWith("/name");
  return !TEAM_CODES.includes(code) && !isName;
}

/** What all members use together; null where one of them is not known. */
function sumOf(
  estimates: readonly (ResourceEstimate | null)[],
  agentsUsed: number,
): ResourceEstimate | null {
  const known = estimates.filter((estimate) => estimate !== null);
  if (known.length < estimates.length) return null;
  const sum = (key: "cores" | "memoryMiB" | "messagesPerMinute") =>
    // Figures of a few digits: what a sum of binary fractions adds to them is no estimate.
    Number(known.reduce((total, one) => total + one[key], 0).toFixed(3));
  return {
    cores: sum("cores"),
    memoryMiB: sum("memoryMiB"),
    messagesPerMinute: sum("messagesPerMinute"),
    apiCallsPerMinute: callsOf(known),
    agentsUsed,
    agentsAllowed: known[0]?.agentsAllowed ?? 0,
  };
}

/** Requests at exchanges; null where those of one member are not known. */
function callsOf(estimates: readonly ResourceEstimate[]): number | null {
  return estimates.reduce<number | null>(
    (total, { apiCallsPerMinute }) =>
      total === null || apiCallsPerMinute === null
        ? null
        : total + apiCallsPerMinute,
    0,
  );
}

/** Only who places orders can lose; null where one of them is not known. */
function totalOf(losses: readonly (string | null)[]): DecimalText | null {
  const known = losses.filter((loss) => loss !== null);
  if (known.length < losses.length || known.length === 0) return null;
  return toDecimalText(
    known.map((loss) => decimal(loss as DecimalText)).reduce((a, b) =>
      a.plus(b)
    ),
  );
}
