import { AppError } from "../../core/errors.ts";
import type {
  TeamControlRequest,
  TeamControlResponse,
} from "../../contracts/team.ts";
import { controlTogether, retireTogether } from "../commands/control.ts";
import { overtakenOrDone } from "../commands/meanwhile.ts";
import { refusal } from "../commands/refusal.ts";
import type { FleetContext } from "../context.ts";
import type { Caller } from "../port.ts";
import type { AgentEntry } from "../registry.ts";
import { requireMembers, toTeamView } from "./team_view.ts";

/**
 * Carries out a command on all agents of a team that it makes sense for: `start`
 * starts those that rest and leaves those that are up.
 *
 * @throws {AppError} TEAM_NOT_FOUND; TEAM_STATE_CONFLICT where it makes sense for none of them.
 */
export function controlTeam(
  context: FleetContext,
  id: string,
  command: { request: TeamControlRequest; caller: Caller },
): Promise<TeamControlResponse> {
  return overtakenOrDone(() => controlNow(context, id, command));
}

async function controlNow(
  context: FleetContext,
  id: string,
  { request, caller }: { request: TeamControlRequest; caller: Caller },
): Promise<TeamControlResponse> {
  const members = requireMembers(context.agents, id);
  const { name } = members[0]!.record.team!;
  const judged = members.map((entry) => ({
    entry,
    detail: refusal(request.action, entry),
  }));
  const willing = judged.flatMap(({ entry, detail }) =>
    detail === null ? [entry] : []
  );
  if (willing.length === 0) {
    throw new AppError(
      "TEAM_STATE_CONFLICT",
      `Cannot ${request.action} team "${name}": ${
        judged.map(({ entry, detail }) => `${roleOf(entry)}: ${detail}`)
          .join("; ")
      }`,
      { status: 409 },
    );
  }
  await controlTogether(context, willing, {
    request,
    caller,
    subject: { kind: "team", id, name },
    detail: {
      members: willing.map(({ record, observed }) => ({
        id: record.id,
        observed: observed.state,
      })),
    },
  });
  return {
    team: toTeamView(members),
    results: judged.map(({ entry, detail }) => ({
      id: entry.record.id,
      name: entry.record.config.name,
      role: roleOf(entry),
      outcome: detail === null ? "accepted" : "left",
      detail,
    })),
  };
}

/**
 * Marks all agents of a team for removal, in one commit.
 *
 * @throws {AppError} TEAM_NOT_FOUND
 */
export async function removeTeam(
  context: FleetContext,
  id: string,
  caller: Caller,
): Promise<void> {
  const members = requireMembers(context.agents, id);
  const { name } = members[0]!.record.team!;
  await retireTogether(context, members, {
    caller,
    subject: { kind: "team", id, name },
    detail: {
      name,
      members: members.map(({ record }) => ({
        id: record.id,
        name: record.config.name,
      })),
    },
  });
}

function roleOf(entry: AgentEntry): string {
  return entry.record.team!.role;
}
