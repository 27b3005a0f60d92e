import assert from "node:assert/strict";
import type {
  SharedControls,
  VenueControlContext,
  WorkingLeg,
} from "../../../agents/risk/venue_controls.ts";
import { CONTROL_FACTS } from "../../../agents/risk/control_facts.ts";
import { DENIAL_CODES } from "../../../lib/contracts/order.ts";
import type {
  EntryBlock,
  SharedExposure,
  WorkingOrder,
} from "../../../lib/desk/venue/port.ts";

/** True where `From` can be handed over as `To`; anything else does not compile. */
type Fits<From extends To, To> = From extends To ? true : never;

Deno.test("VenueControlContext takes what the border between account and driver gives", () => {
  const fits: [
    Fits<WorkingOrder, WorkingLeg>,
    Fits<SharedExposure, SharedControls>,
    Fits<EntryBlock, NonNullable<VenueControlContext["block"]>>,
  ] = [true, true, true];
  assert.equal(fits.length, 3);
});

Deno.test("CONTROL_FACTS says of every code where its limit is from", () => {
  assert.deepEqual(
    Object.keys(CONTROL_FACTS).toSorted(),
    Object.keys(DENIAL_CODES).toSorted(),
  );
  for (
    const [code, { limit, setBy, appliesTo }] of Object.entries(CONTROL_FACTS)
  ) {
    assert.ok(limit !== "" && setBy !== "" && appliesTo.length > 0, code);
  }
});
