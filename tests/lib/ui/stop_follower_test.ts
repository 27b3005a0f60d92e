import assert from "node:assert/strict";
import type { StopView } from "../../../lib/contracts/emergency.ts";
import type { Problem } from "../../../lib/contracts/problem.ts";
import {
  ApiProblem,
  ApiUnreachable,
} from "../../../lib/ui/client/api_client.ts";
import { StopFollower } from "../../../lib/ui/emergency/stop_follower.ts";
import { Due } from "./due.ts";
import { view } from "./stop_support.ts";

/** What one listener is told, in order. */
type Told = (boolean | "released" | string)[];

/** A follower whose server answers as told, one answer after the other. */
function createFollower() {
  const due = new Due();
  const answers: (Error | readonly StopView[])[] = [];
  let asked = 0;
  const follower = new StopFollower({
    schedule: due.schedule,
    api: {
      emergency() {
        asked++;
        const answer = answers.shift()!;
        return answer instanceof Error ? Promise.reject(answer) : Promise
          .resolve({
            latches: [...answer],
            released: [],
            fileProblem: null,
            isDeskUp: true,
          });
      },
    },
  });
  /** Follows one; the promise settles with the next thing that it is told. */
  const follow = (id: string) => {
    const told: Told = [];
    let next = Promise.withResolvers<void>();
    const tell = (what: Told[number]) => {
      told.push(what);
      next.resolve();
      next = Promise.withResolvers<void>();
    };
    const end = follower.follow(id, {
      onStand: (stop) => tell(stop?.isWorking ?? "released"),
      onFailure: (error) => tell((error as Error).message),
    });
    return { told, end, next: () => next.promise };
  };
  return { due, answers, follow, asked: () => asked };
}

const working = (id: string) => view({ id });
const done = (id: string) => view({ id, isWorking: false });

Deno.test("StopFollower asks once a second for all stops together, and no more of one that is over", async () => {
  const { due, answers, follow, asked } = createFollower();
  answers.push([working("a"), working("b"), working("c")]);
  answers.push([working("a"), done("b")], [done("a")]);
  const [a, b, c] = [follow("a"), follow("b"), follow("c")];
  for (let look = 0; look < 3; look++) {
    assert.deepEqual(due.pauses, [1_000]);
    const told = a.next();
    due.next();
    // deno-lint-ignore no-await-in-loop -- one look after the other
    await told;
    // deno-lint-ignore no-await-in-loop -- what follows the answer
    await Promise.resolve();
  }
  assert.deepEqual(a.told, [true, true, false]);
  assert.deepEqual(b.told, [true, false]);
  assert.deepEqual(c.told, [true, "released"]);
  assert.deepEqual(due.pauses, []);
  assert.equal(asked(), 3);
});

Deno.test("StopFollower goes on after a failure, and ends where the login has", async () => {
  const { due, answers, follow } = createFollower();
  const problem = { code: "AUTH_REQUIRED", title: "Log in" } as Problem;
  answers.push(new ApiUnreachable("no answer"), new ApiProblem(problem, null));
  const { told, next } = follow("a");
  const failed = next();
  due.next();
  await failed;
  await Promise.resolve();
  assert.deepEqual(due.pauses, [1_000]);
  const ended = next();
  due.next();
  await ended;
  await Promise.resolve();
  assert.equal(told.length, 2);
  assert.deepEqual(due.pauses, []);
});

Deno.test("StopFollower tells nothing to who has left, and looks anew for who comes during a look", async () => {
  const { due, answers, follow, asked } = createFollower();
  const left = follow("a");
  left.end();
  assert.deepEqual(due.pauses, []);
  answers.push([done("b")], [done("c")]);
  const b = follow("b");
  const gone = follow("b");
  const told = b.next();
  due.next();
  gone.end();
  const c = follow("c");
  assert.deepEqual(due.pauses, []);
  await told;
  await Promise.resolve();
  assert.deepEqual([left.told, gone.told, b.told], [[], [], [false]]);
  assert.deepEqual([c.told, due.pauses], [[], [1_000]]);
  const heard = c.next();
  due.next();
  await heard;
  assert.deepEqual(c.told, [false]);
  assert.equal(asked(), 2);
});
