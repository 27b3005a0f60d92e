/**
 * The form of a team: that of an agent, of which only name, market and limits
 * are asked; the rest is the template's. Pure.
 *
 * @module
 */
import type {
  TeamTemplate,
  TeamValidationResponse,
} from "../../../contracts/team.ts";
import {
  blankValues,
  flatten,
  type FormValue,
  toConfigInput,
} from "../config_values.ts";
import { CONFIRM_POINTER, isLiveForm } from "../live_rules.ts";
import {
  createForm,
  type FieldErrors,
  type SpawnForm,
  type Step,
} from "../../spawn_form.ts";

/** Steps of a team; the first one is the agents' dialog. */
export const TEAM_STEPS: readonly Step[] = ["basics", "risk", "review"];

/** Settings that all agents of a team share and the form asks for. */
const SHARED = ["/symbol", "/timeframe", "/feed", "/mode", "/exchangeKeyId"];

/** A fresh form: market and limits of the agent that places orders. */
export function createTeamForm(template: TeamTemplate): SpawnForm {
  const { config } = traderOf(template);
  const shared = ["symbol", "timeframe", "feed", "risk"].flatMap((key) =>
    config[key] === undefined ? [] : [[key, config[key]] as const]
  );
  const base = { ...blankValues(), ...flatten(Object.fromEntries(shared)) };
  return {
    ...createForm(null),
    template: template.name,
    values: base,
    base,
    step: "basics",
  };
}

function traderOf({ members }: TeamTemplate) {
  return members.find(({ config }) =>
    config["type"] !== "risk_manager" && config["signalsOnly"] !== true
  ) ?? members[0]!;
}

/** The request that a form stands for; limits that nobody changed stay each agent's own. */
export function toTeamRequest(form: SpawnForm): Record<string, unknown> {
  const { symbol, timeframe, feed, mode, exchangeKeyId, risk } = toConfigInput(
    form.values,
  );
  const changed = Object.entries(risk as Record<string, unknown>).filter((
    [key],
  ) => form.values[`/risk/${key}`] !== form.base[`/risk/${key}`]);
  return {
    name: String(form.values["/name"] ?? "").trim(),
    template: form.template,
    market: {
      symbol,
      timeframe,
      feed,
      mode,
      ...(exchangeKeyId === undefined ? {} : { exchangeKeyId }),
    },
    risk: Object.fromEntries(changed),
  };
}

/** The same to be sent: with what a person has read and confirmed. */
export function toTeamSpawn(form: SpawnForm): Record<string, unknown> {
  return {
    ...toTeamRequest(form),
    acknowledgeWarnings: form.acknowledged,
    ...(isLiveForm(form.values)
      ? { confirmName: String(form.values[CONFIRM_POINTER]).trim() }
      : {}),
  };
}

/** Where the form shows what the server says of a member: at the field that all share, else at the member. */
export function teamPointer(pointer: string): string {
  const inMember = pointer.replace(/^\/members\/\d+/, "");
  const isShared = inMember.startsWith("/risk/") ||
    SHARED.some((shared) =>
      inMember === shared || inMember.startsWith(`${shared}/`)
    );
  return isShared ? inMember : pointer;
}

/** Errors of the server by the form's pointers, the first one of each. */
export function teamErrors(
  remarks: TeamValidationResponse["errors"],
  members: readonly { role: string }[],
): FieldErrors {
  const errors: Record<string, string> = {};
  for (const { pointer, detail } of remarks) {
    errors[teamPointer(pointer)] ??= `${roleNote(pointer, members)}${detail}`;
  }
  return errors;
}

/** `executor: ` where a remark is about one member, at a field of its own. */
export function roleNote(
  pointer: string,
  members: readonly { role: string }[],
): string {
  const [, place] = /^\/members\/(\d+)/.exec(pointer) ?? [];
  const role = members[Number(place)]?.role;
  return role === undefined || teamPointer(pointer) !== pointer
    ? ""
    : `${role}: `;
}

/** The estimate must not wait for a name. */
export function withTeamName(
  request: Record<string, unknown>,
): Record<string, unknown> {
  return String(request["name"]).length < 2
    ? { ...request, name: "not named" }
    : request;
}

/** A form value as text. */
export function textOf(
  values: Readonly<Record<string, FormValue>>,
  pointer: string,
): string {
  return String(values[pointer] ?? "");
}
