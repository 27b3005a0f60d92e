import * as z from "zod";
import type { PasskeyView } from "../passkey.ts";
import { same } from "./parts.ts";

/** {@link PasskeyView} */
export const passkeyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  rpId: z.string(),
  isSynced: z.boolean(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
});
same<PasskeyView, typeof passkeyViewSchema>();

/** A passkey that there is already. */
const descriptorSchema = z.object({
  id: z.string(),
  type: z.string(),
  transports: z.array(z.string()).optional(),
});

const verificationSchema = z.enum(["discouraged", "preferred", "required"]);

/**
 * What a browser is asked that makes a passkey: the part of WebAuthn's
 * PublicKeyCredentialCreationOptionsJSON that is used (level 3, section 5.1).
 */
export const registrationOptionsSchema = z.object({
  rp: z.object({ name: z.string(), id: z.string().optional() }),
  user: z.object({
    id: z.string(),
    name: z.string(),
    displayName: z.string(),
  }),
  /** Base64url; good once, for five minutes. */
  challenge: z.string(),
  pubKeyCredParams: z.array(
    z.object({ alg: z.number(), type: z.literal("public-key") }),
  ),
  timeout: z.number().optional(),
  attestation: z.string().optional(),
  excludeCredentials: z.array(descriptorSchema).optional(),
  authenticatorSelection: z.object({
    residentKey: verificationSchema.optional(),
    requireResidentKey: z.boolean().optional(),
    userVerification: verificationSchema.optional(),
  }).optional(),
  extensions: z.object({ credProps: z.boolean().optional() }).optional(),
  hints: z.array(z.string()).optional(),
});

/**
 * What a browser is asked that signs with a passkey: the part of WebAuthn's
 * PublicKeyCredentialRequestOptionsJSON that is used.
 */
export const assertionOptionsSchema = z.object({
  /** Base64url; good once, for five minutes. */
  challenge: z.string(),
  rpId: z.string().optional(),
  timeout: z.number().optional(),
  allowCredentials: z.array(descriptorSchema).optional(),
  userVerification: verificationSchema.optional(),
});
