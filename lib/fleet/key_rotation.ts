/**
 * Replacing the secrets of a key. A desk keeps the account of an agent open, and
 * with it the connection that the key opened, also when the agent has stopped:
 * so nothing is replaced before every agent of the key has stopped and is flat,
 * and the desks have let go of its accounts. What opens next has the new secrets.
 *
 * @module
 */
import { isFlat } from "../contracts/account.ts";
import type { KeyRelease } from "../contracts/desk.ts";
import type { StoredExchangeKey } from "../contracts/exchange_key.ts";
import { AppError } from "../core/errors.ts";
import type { FleetContext } from "./context.ts";
import { tellDesks } from "./exchange_keys.ts";
import type { AgentEntry } from "./registry.ts";
import { isSettledFor } from "./settling.ts";
import { disconnectAgent } from "./wiring.ts";

/**
 * Refuses while an agent trades with a key, or may have something at its venue.
 *
 * @throws {AppError} `KEY_STATE_CONFLICT` with the names of those agents.
 */
export function refuseWhileTraded(
  context: Pick<FleetContext, "agents">,
  key: StoredExchangeKey,
): void {
  const { label } = key.view;
  const users = usersOf(context, key);
  const active = users.filter((entry) => !isAtRest(entry));
  const running = active.filter(({ record }) =>
    record.desired === "running" || record.desired === "paused"
  );
  if (running.length > 0) {
    const state = { is: "not stopped", first: "stop" };
    throw conflict(label, running.map(nameOf), state);
  }
  if (active.length > 0) throw stillStopping(label, active.map(nameOf));
  const holding = users.filter(({ account }) =>
    account !== null && !isFlat(account)
  ).map(nameOf);
  if (holding.length > 0) throw notFlat(label, holding);
}

/**
 * Has the desks let go of everything that trades with a key, runs `replace`, and
 * lets accounts open with it again.
 *
 * @throws {AppError} As `refuseWhileTraded`, or where a desk does not answer; then nothing is replaced.
 */
export async function withKeyReleased<Result>(
  context: FleetContext,
  key: StoredExchangeKey,
  replace: () => Promise<Result>,
): Promise<Result> {
  const goOn = await holdReleased(context, key);
  try {
    return await replace();
  } finally {
    goOn();
  }
}

/**
 * Has the desks let go of everything that trades with a key; nothing opens with
 * it until what is answered is called.
 *
 * @throws {AppError} As `withKeyReleased`; then it may be opened.
 */
export async function holdReleased(
  context: FleetContext,
  key: StoredExchangeKey,
): Promise<() => void> {
  const { id } = key.view;
  const { keysInRotation } = context;
  refuseWhileTraded(context, key);
  keysInRotation.add(id);
  const goOn = () => {
    keysInRotation.delete(id);
    context.reconcileSoon();
  };
  try {
    await release(context, key);
    return goOn;
  } catch (error) {
    goOn();
    throw error;
  }
}

async function release(
  context: FleetContext,
  key: StoredExchangeKey,
): Promise<void> {
  const { id, label } = key.view;
  const { agents, keyUses } = context;
  const answers = await tellDesks(context, key, {
    type: "releaseKey",
    keyId: id,
  }) as readonly KeyRelease[];
  const busy = answers.flatMap(({ busy }) => busy);
  if (busy.length > 0) {
    const names = busy.map((agentId) => {
      const entry = agents.find(agentId);
      return entry === undefined ? agentId : nameOf(entry);
    });
    throw notFlat(label, names);
  }
  keyUses.rotated(id);
  // One that was killed is looked after until it starts again; its account is not there any more.
  const open = usersOf(context, key).filter(({ isOpen }) => isOpen);
  await Promise.all(open.map((entry) => disconnectAgent(context, entry)));
}

/** Nothing runs, nothing is about to, and what was to be withdrawn and closed is. */
function isAtRest(entry: AgentEntry): boolean {
  const { record, observed, needsSettling, account } = entry;
  const wasNeverOpen = account === null && observed.epoch === 0;
  return record.desired === "stopped" && !needsSettling &&
    (isSettledFor(entry) || wasNeverOpen);
}

function usersOf(
  { agents }: Pick<FleetContext, "agents">,
  { view }: StoredExchangeKey,
): AgentEntry[] {
  return agents.all().filter(({ record: { config } }) =>
    config.exchangeKeyId === view.id
  );
}

function notFlat(label: string, names: readonly string[]): AppError {
  return conflict(label, names, {
    is: "not flat at the exchange",
    first: "close the positions and orders of",
  });
}

/** A stop ends when the books are settled, a moment after the agent's worker has ended. */
function stillStopping(label: string, names: readonly string[]): AppError {
  const are = names.length === 1 ? "is" : "are";
  return refusal(
    label,
    names,
    `${are} still being stopped; try again in a few seconds`,
  );
}

function conflict(
  label: string,
  names: readonly string[],
  { is, first }: { is: string; first: string },
): AppError {
  const [are, them] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  return refusal(label, names, `${are} ${is}; ${first} ${them} first`);
}

function refusal(
  label: string,
  names: readonly string[],
  rest: string,
): AppError {
  const quoted = names.map((name) => `"${name}"`).join(", ");
  return new AppError(
    "KEY_STATE_CONFLICT",
    `The secrets of the key "${label}" cannot be replaced while ${quoted} ${rest}`,
    { status: 409 },
  );
}

function nameOf({ record }: AgentEntry): string {
  return record.config.name;
}
