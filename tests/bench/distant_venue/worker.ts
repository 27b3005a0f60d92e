/** The desk worker at a venue that is far away; its address is in the endpoint. */
import { runWorkerProgram } from "../../../actors/worker_main.ts";
import type { DeskConfig } from "../../../lib/contracts/desk.ts";
import { DISK } from "../../../lib/desk/journal/storage.ts";
import { createDeskProgram } from "../../../lib/desk/program.ts";
import { distantVenue } from "./gateway.ts";

runWorkerProgram({
  start: (runtime) => {
    const { venue } = runtime.config as DeskConfig;
    return createDeskProgram(DISK, {
      openGateway: distantVenue(venue!.endpoint!),
      random: Math.random,
    }).start(runtime);
  },
});
