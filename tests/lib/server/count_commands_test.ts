import assert from "node:assert/strict";
import { countCommands } from "../../../lib/server/count_commands.ts";

Deno.test("countCommands() counts commands until they are answered or fail, and no reads", async () => {
  const answer = Promise.withResolvers<Response>();
  const { api, underWay } = countCommands(() => answer.promise);
  const info = { remoteAddress: "127.0.0.1" };
  const url = "http://localhost/api/agents/spawn";
  const answers = [
    api(new Request(url), info),
    api(new Request(url, { method: "POST" }), info),
    api(new Request(url, { method: "DELETE" }), info),
  ];
  assert.equal(underWay(), 2);
  answer.reject(new Error("broken"));
  await Promise.allSettled(answers);
  assert.equal(underWay(), 0);
});
