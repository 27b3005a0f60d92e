/** Reads every control process all the time: one that nothing was done to must answer. */
import type { AgentView } from "../../lib/contracts/agent.ts";
import { type ChaosClient, pause } from "../chaos/client.ts";
import type { Findings } from "../chaos/findings.ts";
import { READ_EVERY_MS, READ_WITHIN_MS } from "./limits.ts";
import type { Member } from "./member.ts";

/** Reads until it is told to end. */
export class Reader {
  /** How long the answers took. */
  readonly tookMs: number[] = [];
  readonly #options: {
    members: readonly Member[];
    client: ChaosClient;
    findings: Findings;
  };
  /** Members that something is being done to; how often that began. */
  readonly #disturbed = new Map<Member, number>();
  readonly #times = new Map<Member, number>();
  #isEnding = false;

  constructor(options: {
    members: readonly Member[];
    client: ChaosClient;
    findings: Findings;
  }) {
    this.#options = options;
  }

  /** From now on this member need not answer. */
  disturb(member: Member): void {
    this.#disturbed.set(member, (this.#disturbed.get(member) ?? 0) + 1);
    this.#times.set(member, (this.#times.get(member) ?? 0) + 1);
  }

  /** It must again. */
  calm(member: Member): void {
    this.#disturbed.delete(member);
  }

  end(): void {
    this.#isEnding = true;
  }

  /** Resolves when it was told to end and every answer is there. */
  async run(): Promise<void> {
    const controls = this.#options.members.filter(({ role }) =>
      role === "control"
    );
    await Promise.all(controls.map((member) => this.#readOn(member)));
  }

  async #readOn(member: Member): Promise<void> {
    while (!this.#isEnding) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      if (!this.#disturbed.has(member)) await this.#read(member);
      // deno-lint-ignore no-await-in-loop -- as above
      await pause(READ_EVERY_MS);
    }
  }

  async #read(member: Member): Promise<void> {
    const times = this.#times.get(member);
    const startedAt = performance.now();
    const failure = await this.#try(member).catch((error) => String(error));
    if (this.#times.get(member) !== times) return;
    if (failure === null) this.tookMs.push(performance.now() - startedAt);
    else this.#options.findings.addLost(member.id, `a read failed: ${failure}`);
  }

  /** What was wrong, or null. */
  async #try({ url }: Member): Promise<string | null> {
    const token = await this.#options.client.token();
    const response = await fetch(
      `${url}/api/agents?limit=200&fields=observed,host`,
      {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(READ_WITHIN_MS),
      },
    );
    const text = await response.text();
    if (response.status !== 200) {
      return `${response.status} ${text.slice(0, 200)}`;
    }
    const { items }: { items: AgentView[] } = JSON.parse(text);
    return items.length > 0 ? null : "no agents";
  }
}
