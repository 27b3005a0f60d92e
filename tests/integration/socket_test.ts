import { withBearer } from "../support/with_bearer.ts";
import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { setUp, type StreamedEvent } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** Everything a socket has received, from its first frame on. */
class Frames {
  readonly all: StreamedEvent[] = [];
  #wake: () => void = () => {};

  constructor(socket: WebSocket) {
    socket.addEventListener("message", ({ data }) => {
      this.all.push(JSON.parse(data));
      this.#wake();
    });
  }

  /** Waits until a frame satisfies a condition. */
  async until(
    isMatch: (frame: StreamedEvent) => boolean,
  ): Promise<StreamedEvent> {
    while (!this.all.some(isMatch)) {
      // deno-lint-ignore no-await-in-loop -- frames come one by one
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.all.find(isMatch);
  }

  /** The received events of one type. */
  of(type: string): StreamedEvent[] {
    return this.all.filter((frame) => frame.type === type);
  }
}

async function close(socket: WebSocket): Promise<void> {
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
}

Deno.test("socket sends the chosen topics, and resumes by number without a gap or a double", async () => {
  await withTempDir(async (dataDir) => {
    const server = await startServer({
      dataDir,
      env: { SIMULATION_SPEED: "600" },
    });
    try {
      const api = await setUp(server, dataDir);
      const open = async (after: number) => {
        const socket = new WebSocket(
          `${server.url.replace("http", "ws")}/api/socket`,
          withBearer(await api.token()),
        );
        const frames = new Frames(socket);
        await new Promise((resolve, reject) => {
          socket.onopen = resolve;
          socket.onerror = () => reject(new Error("The socket was refused"));
        });
        assert.equal(socket.protocol, "smc-fleet");
        socket.send(JSON.stringify({
          type: "subscribe",
          topics: ["system:event", "market:update"],
          after,
        }));
        return { socket, frames };
      };
      const first = await open(0);
      const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: agentConfig({ name: "streamed" }),
        acknowledgeWarnings: true,
      });
      await first.frames.until((frame) =>
        frame.data?.agentId === id && frame.data.change?.to === "running"
      );
      const market = await first.frames.until(({ type }) =>
        type === "market.updated"
      );
      assert.equal(market.data.simulated, true);
      assert.equal(market.seq, null);
      await close(first.socket);
      await api.send("POST", `/api/agents/${id}/control`, { action: "pause" });
      const before = first.frames.of("system.event").map(({ seq }) => seq);
      const second = await open(before.at(-1));
      const last = await second.frames.until((frame) =>
        frame.data?.change?.to === "paused"
      );
      await close(second.socket);
      const after = second.frames.of("system.event").map(({ seq }) => seq);
      const stored = await api.follow({
        after: 0,
        until: (events) => events.some(({ seq }) => seq === last.seq),
      });
      assert.deepEqual(
        [...before, ...after],
        stored.filter(({ type, seq }) =>
          type === "system.event" && seq <= after.at(-1)
        )
          .map(({ seq }) => seq),
      );
      // Whoever logs out listens no longer, at once.
      const third = await open(0);
      const ended = new Promise<CloseEvent>((resolve) =>
        third.socket.onclose = resolve
      );
      await api.send("POST", "/api/auth/logout");
      assert.equal((await ended).code, 4401);
    } finally {
      await server.stop();
    }
  });
});
