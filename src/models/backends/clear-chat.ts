import type { ClearedRequest } from "../../privacy/cleared-request.ts";
import { Failure } from "../failure.ts";
import type { BackendCall } from "./backend.ts";

/** The one way of a chat's body to a cloud: through the gate of its call. Throws `blocked` for a call without one. */
export function clearChat<B>({ clear }: BackendCall, textsOf: (body: B) => { texts: string[]; pictures: number }): (body: B) => Promise<ClearedRequest> {
  if (!clear) throw new Failure("blocked", "a cloud call without a gate", { sent: false });
  return (body) => {
    const { texts, pictures } = textsOf(body);
    return clear(JSON.stringify(body), texts, pictures);
  };
}
