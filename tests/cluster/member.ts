/** One process of several over one store, behind a way to it that can be cut. */
import {
  startSupervised,
  type SupervisedServer,
} from "../chaos/supervised_server.ts";
import { CuttableProxy } from "../support/cuttable_proxy.ts";
import { freePort } from "../support/free_port.ts";
import { openWireTap, type WireTap } from "./wire_tap.ts";
import type { OwnershipRecord } from "./ownership.ts";

/** What a member is made of. */
export interface MemberOptions {
  id: string;
  role: "control" | "host";
  /** A folder of its own is made in it. */
  folder: string;
  kvUrl: string;
  /** Told of all that it writes. */
  record: OwnershipRecord;
  /** What all members have in common. */
  env: Readonly<Record<string, string>>;
}

/** A process that shares the store; it may be killed, stopped, cut off and started again. */
export class Member {
  readonly id: string;
  readonly role: "control" | "host";
  readonly dataDir: string;
  readonly url: string;
  readonly #port: number;
  readonly #options: MemberOptions;
  readonly #tap: WireTap;
  readonly #cable: CuttableProxy;
  #server: SupervisedServer | null = null;
  #isStopped = false;
  /** Printed by lives that are over. */
  #printed = "";

  constructor(options: MemberOptions) {
    this.id = options.id;
    this.role = options.role;
    this.dataDir = `${options.folder}/${options.id}`;
    this.#options = options;
    this.#port = freePort();
    this.url = `http://127.0.0.1:${this.#port}`;
    this.#tap = openWireTap(
      options.kvUrl,
      (write) => options.record.take(write, options.id),
    );
    this.#cable = new CuttableProxy(this.#tap.port);
  }

  /** Everything that it has printed. */
  get output(): string {
    return this.#printed + (this.#server?.output() ?? "");
  }

  /** Starts it and waits until it listens. */
  async start(): Promise<void> {
    const { env, id, role } = this.#options;
    const server = await startSupervised({
      dataDir: this.dataDir,
      port: this.#port,
      env: {
        ...env,
        FLEET_ROLE: role,
        HOST_ID: id,
        KV_URL: this.#cable.url,
      },
    });
    this.#server = server;
    await server.printed((text) => text.includes("Listening on http"));
  }

  /** Kills parent and server process at once. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    // A parent that is stopped starts no other process.
    server.signalParent("SIGSTOP");
    server.killHost();
    server.signalParent("SIGKILL");
    await server.ended;
    this.#forget(server);
  }

  /** Stops both as they are. */
  suspend(): void {
    this.#server!.signalParent("SIGSTOP");
    this.#server!.signalHost("SIGSTOP");
    this.#isStopped = true;
  }

  /** Lets both go on. */
  resume(): void {
    this.#isStopped = false;
    this.#server!.signalHost("SIGCONT");
    this.#server!.signalParent("SIGCONT");
  }

  /** Cuts it off from the store. */
  cut(): void {
    this.#cable.down();
  }

  mend(): void {
    this.#cable.up();
  }

  /** Ends it as an operator would; answers with the exit code, null where it did not run. */
  async drain(): Promise<number | null> {
    const server = this.#server;
    if (server === null) return null;
    if (this.#isStopped) this.resume();
    this.mend();
    server.signalParent("SIGTERM");
    const { code } = await server.ended;
    this.#forget(server);
    return code;
  }

  /** Closes its way to the store and keeps what was printed beside its data; the process has ended. */
  async close(): Promise<void> {
    await Deno.writeTextFile(`${this.dataDir}.log`, this.output);
    this.#cable.close();
    await this.#tap.close();
  }

  #forget(server: SupervisedServer): void {
    this.#printed += server.output();
    this.#server = null;
  }
}
