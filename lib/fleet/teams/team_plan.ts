/**
 * From a request to the configurations of all members: what differs from the
 * template is put in, and `@role` becomes the id that the team-mate will have.
 *
 * @module
 */
import { TEAM_TEMPLATES } from "../../../agents/mod.ts";
import type { ConfigWarning } from "../../contracts/agent.ts";
import {
  memberName,
  ROLE_MARK,
  type TeamMember,
  type TeamRequest,
} from "../../contracts/team.ts";
import { AppError } from "../../core/errors.ts";
import { isSettings, mergeSettings, type Settings } from "./merge_settings.ts";

/** A member with the id and the name that it will have. */
export interface PlannedMember {
  id: string;
  role: string;
  title: string;
  name: string;
  /** A configuration that nobody has checked yet. */
  input: Settings;
}

/** A team that nobody has checked yet, with what is wrong with the request itself. */
export interface TeamPlan {
  name: string;
  templateName: string | null;
  members: readonly PlannedMember[];
  errors: readonly ConfigWarning[];
}

/** Settings that may name team-mates. */
const NAMING = ["sources", "guard"] as const;

/**
 * Plans a team.
 *
 * @throws {AppError} TEMPLATE_NOT_FOUND, or CONFIG_INVALID where neither or both of template and members are given.
 */
export function planTeam(
  request: TeamRequest,
  newId: () => string,
): TeamPlan {
  const members = membersOf(request);
  const ids = new Map(members.map(({ role }) => [role, newId()]));
  const errors = findRoleErrors(request, members);
  const planned = members.map((member, place) => {
    const { role, title } = member;
    const merged = configOf(member, request);
    const input: Record<string, unknown> = { ...merged };
    for (const key of NAMING) {
      if (!Object.hasOwn(merged, key)) continue;
      input[key] = withIds(merged[key], {
        ids,
        pointer: `/members/${place}/${key}`,
        errors,
      });
    }
    const name = memberName(request.name, role);
    return { id: ids.get(role)!, role, title, name, input: { ...input, name } };
  });
  const templateName = request.template ?? null;
  return { name: request.name, templateName, members: planned, errors };
}

function membersOf(
  { template: wanted, members }: TeamRequest,
): readonly TeamMember[] {
  if ((wanted === undefined) === (members === undefined)) {
    const detail = "Give either the template of the team or its members";
    throw new AppError("CONFIG_INVALID", detail, {
      status: 422,
      errors: [{ pointer: "/template", code: "MEMBERS_UNCLEAR", detail }],
    });
  }
  if (members !== undefined) return members;
  const template = TEAM_TEMPLATES.find(({ name }) => name === wanted);
  if (template !== undefined) return template.members;
  throw new AppError(
    "TEMPLATE_NOT_FOUND",
    `There is no team template "${wanted}"; GET /api/teams/templates lists the names`,
    { status: 404 },
  );
}

function findRoleErrors(
  { roles }: TeamRequest,
  members: readonly TeamMember[],
): ConfigWarning[] {
  const known = members.map(({ role }) => role);
  const twice = known.flatMap((role, place) =>
    known.indexOf(role) === place ? [] : [{
      pointer: `/members/${place}/role`,
      code: "ROLE_TAKEN",
      detail: `Two members have the role "${role}"; give each its own`,
    }]
  );
  const unknown = Object.keys(roles).filter((role) => !known.includes(role));
  return [
    ...twice,
    ...unknown.map((role) => ({
      pointer: `/roles/${role}`,
      code: "ROLE_UNKNOWN",
      detail: `The team has no role "${role}"; its roles are ${
        known.join(", ")
      }`,
    })),
  ];
}

/** The template's settings, then the market, then the limits, then what is asked for this role. */
function configOf(
  { role, config }: TeamMember,
  { market, risk, roles }: TeamRequest,
): Settings {
  const { mode, exchangeKeyId, ...place } = market;
  // Money is for who places orders; the others only report.
  const money = {
    ...(mode === undefined ? {} : { mode }),
    ...(exchangeKeyId === undefined ? {} : { exchangeKeyId }),
  };
  const limits = Object.keys(risk).length === 0 ? {} : { risk };
  const own = roles[role] ?? {};
  const configWith = (given: Settings) =>
    mergeSettings(mergeSettings(config, given), own);
  const merged = configWith({ ...place, ...limits });
  const isSilent = merged["type"] === "risk_manager" ||
    merged["signalsOnly"] === true;
  return isSilent ? merged : configWith({ ...place, ...limits, ...money });
}

/** Puts ids where team-mates are named by role. */
function withIds(
  value: unknown,
  known: {
    ids: ReadonlyMap<string, string>;
    pointer: string;
    errors: ConfigWarning[];
  },
): unknown {
  const inner = (key: string | number, item: unknown) =>
    withIds(item, { ...known, pointer: `${known.pointer}/${key}` });
  if (Array.isArray(value)) {
    return value.map((item, place) => inner(place, item));
  }
  if (isSettings(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, inner(key, item)]),
    );
  }
  if (typeof value !== "string" || !value.startsWith(ROLE_MARK)) return value;
  const role = value.slice(ROLE_MARK.length);
  const id = known.ids.get(role);
  if (id !== undefined) return id;
  known.errors.push({
    pointer: known.pointer,
    code: "ROLE_UNKNOWN",
    detail: `The team has no role "${role}"; its roles are ${
      [...known.ids.keys()].join(", ")
    }`,
  });
  return value;
}
